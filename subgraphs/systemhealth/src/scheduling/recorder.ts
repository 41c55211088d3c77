// What a run found becomes the check's state. Runs that change no status are recorded together, whosever they are, in one
// round trip; changes of status tenant by tenant, in one transaction for many.
import { Batches } from '@supergraph/chassis/batches';
import { isOutage } from '@supergraph/chassis/outage';
import { Places } from '@supergraph/chassis/places';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { TransactionDeadlineError } from '@supergraph/chassis/transaction';
import { commitTogether } from '../checks/changes.ts';
import { policyOf, stateOf, storedState } from '../checks/model.ts';
import { confirmationDueAt, evaluateAll, type Observation, type StatusChange } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import type { Claim } from './claims.ts';
import { createKeeper } from './keeping.ts';
import { dueAt, phaseOf } from './rules.ts';

export interface Recorder {
  /**
   * Records a run, and with it earlier observations that could not be recorded in their time, oldest first.
   * Gives the time of the next run, or null when the lease was lost and nothing was recorded.
   * @throws when MongoDB does not take it.
   */
  record(claim: Claim, observations: readonly Observation[]): Promise<number | null>;
  /** Gives a heartbeat's lease back until then, with nothing found. */
  postpone(claim: Claim, awaiting: { dueAt: Date; awaitedSince: Date | null }): Promise<void>;
}

interface Recording {
  readonly claim: Claim;
  readonly changes: readonly StatusChange[];
  readonly update: { readonly $set: object };
  readonly dueAt: number;
}

/** Runs that end within this time of each other are recorded together, whatever they found. */
const gatherMs = 20;
const mostQuiet = 1_000;
/** Of one tenant in one transaction: so few that it is over in a moment, and that a failure spoils little. */
const mostChanges = 250;
/** Tenants whose changes are committed at once; the others take turns with them. */
const tenantsAtOnce = 4;

export function createRecorder(service: SystemHealth): Recorder {
  const keep = createKeeper(service);
  const quiet = new Batches<Recording, boolean>({
    attempt: (recordings) =>
      acrossTenants('recording results of checks', () => recordQuiet(service, recordings)),
    isOutage: () => true,
    ...{ most: mostQuiet, places: new Places(1), gatherMs },
  });
  const changed = new Batches<Recording, boolean>({
    attempt: (recordings) => recordChanged(service, recordings),
    // What was too slow would be slower in parts.
    isOutage: (error) => isOutage(error) || error instanceof TransactionDeadlineError,
    ...{ most: mostChanges, places: new Places(tenantsAtOnce), gatherMs },
  });

  return {
    async record(claim, observations) {
      const { check } = claim;
      const recording = evaluated(claim, observations);
      const isOurs = await (recording.changes.length === 0
        ? quiet.take('all', recording)
        : changed.take(check.tenantId, recording));
      if (!isOurs) return null;
      await keep({ check, observations });
      return recording.dueAt;
    },
    async postpone(claim, { dueAt, awaitedSince }) {
      const awaited = awaitedSince === null ? {} : { 'heartbeat.awaitedSince': awaitedSince };
      await service.models.Check.updateOne(fence(claim), { $set: { ...awaited, dueAt, lease: null } });
    },
  };
}

function evaluated(claim: Claim, observations: readonly Observation[]): Recording {
  const { check, token, claimedAt } = claim;
  const policy = policyOf(check);
  const { state, changes } = evaluateAll(stateOf(check), observations, policy);
  const { intervalMs } = check;
  const rhythm = { intervalMs, phaseMs: phaseOf(check.platformSlug ?? check._id, intervalMs) };
  const next = dueAt(claimedAt, rhythm, confirmationDueAt(state, policy));
  const latest = observations.at(-1) ?? null;
  const update = {
    $set: { ...storedState(state, latest, policy), dueAt: new Date(next), lease: null, recordedBy: token },
  };
  return { claim, changes, update, dueAt: next };
}

async function recordQuiet(
  { models }: SystemHealth,
  recordings: readonly Recording[],
): Promise<readonly boolean[]> {
  const { matchedCount } = await models.Check.bulkWrite(
    recordings.map(({ claim, update }) => ({ updateOne: { filter: fence(claim), update } })),
    { ordered: false },
  );
  if (matchedCount === recordings.length) return recordings.map(() => true);
  const ids = recordings.map(({ claim }) => claim.check._id);
  const checks = await models.Check.find({ _id: { $in: ids } }, { recordedBy: 1 }).lean();
  const tokens = new Map(checks.map((check) => [check._id, check.recordedBy]));
  return recordings.map(({ claim }) => tokens.get(claim.check._id) === claim.token);
}

function recordChanged(service: SystemHealth, recordings: readonly Recording[]): Promise<readonly boolean[]> {
  return commitTogether(
    service,
    recordings.map(({ claim, update, changes }) => ({
      ...{ check: claim.check, filter: fence(claim) },
      ...{ update, changes },
    })),
  );
}

/** Whoever lost the lease finds another token or none; a pause takes it away. */
function fence({ check, token }: Claim) {
  return { tenantId: check.tenantId, _id: check._id, 'lease.token': token };
}
