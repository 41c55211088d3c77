// What a run found becomes the check's state. Most runs change no status: those are written together, in two
// round trips for a whole batch. A change of status is a transaction of its own.
import { Places } from '@supergraph/chassis/places';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { commitChanges } from '../checks/changes.ts';
import { policyOf, resultOf, stateOf, storedState } from '../checks/model.ts';
import { confirmationDueAt, evaluateAll, type Observation, type StatusChange } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import { measuredBy } from '../metrics/check-samples.ts';
import { sampleStoreOf } from '../metrics/storing.ts';
import { pushRuns } from '../results/live.ts';
import { createCounter } from '../slos/counting.ts';
import type { Claim } from './claims.ts';
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

interface Entry {
  readonly claim: Claim;
  readonly observations: readonly Observation[];
  readonly changes: readonly StatusChange[];
  readonly update: object;
  readonly dueAt: number;
  readonly settle: { resolve(dueAt: number | null): void; reject(error: unknown): void };
}

/** Runs that end within this time of each other are recorded together. */
const gatherMs = 20;
/** Changes of status that are committed at once: where much fails together, claiming must not wait behind it. */
const changesAtOnce = 16;

export function createRecorder(service: SystemHealth): Recorder {
  const recording = { service, count: createCounter(service) };
  let gathered: Entry[] = [];
  const places = new Places(changesAtOnce);

  async function flush(): Promise<void> {
    const entries = gathered;
    gathered = [];
    const quiet = entries.filter(({ changes }) => changes.length === 0);
    await Promise.all([
      recordQuiet(recording, quiet),
      ...entries
        .filter(({ changes }) => changes.length > 0)
        .map((entry) => places.take(() => recordChange(recording, entry))),
    ]);
  }

  return {
    record: (claim, observations) =>
      new Promise((resolve, reject) => {
        if (gathered.length === 0) {
          setTimeout(() => void acrossTenants('recording results of checks', flush), gatherMs);
        }
        gathered.push({ ...evaluated(claim, observations), settle: { resolve, reject } });
      }),
    async postpone(claim, { dueAt, awaitedSince }) {
      const awaited = awaitedSince === null ? {} : { 'heartbeat.awaitedSince': awaitedSince };
      await service.models.Check.updateOne(fence(claim), { $set: { ...awaited, dueAt, lease: null } });
    },
  };
}

function evaluated(claim: Claim, observations: readonly Observation[]): Omit<Entry, 'settle'> {
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
  return { claim, observations, changes, update, dueAt: next };
}

interface Recording {
  readonly service: SystemHealth;
  readonly count: ReturnType<typeof createCounter>;
}

async function recordQuiet(recording: Recording, entries: readonly Entry[]): Promise<void> {
  const { service } = recording;
  if (entries.length === 0) return;
  try {
    const { matchedCount } = await service.models.Check.bulkWrite(
      entries.map(({ claim, update }) => ({ updateOne: { filter: fence(claim), update } })),
      { ordered: false },
    );
    const kept = matchedCount === entries.length ? entries : await stillOurs(service, entries);
    await keepResults(recording, kept);
    for (const entry of entries) entry.settle.resolve(kept.includes(entry) ? entry.dueAt : null);
  } catch (error) {
    for (const { settle } of entries) settle.reject(error);
  }
}

async function recordChange(recording: Recording, entry: Entry): Promise<void> {
  const { service } = recording;
  const { claim, changes, update, settle } = entry;
  try {
    const isOurs = await commitChanges(service, {
      check: claim.check,
      filter: fence(claim),
      update,
      changes,
    });
    if (isOurs) await keepResults(recording, [entry]);
    settle.resolve(isOurs ? entry.dueAt : null);
  } catch (error) {
    settle.reject(error);
  }
}

/** Whoever lost the lease finds another token or none; of a check that was paused meanwhile nothing is recorded. */
function fence({ check, token }: Claim) {
  return { _id: check._id, 'lease.token': token, isPaused: false };
}

async function stillOurs({ models }: SystemHealth, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const recorded = await models.Check.find(
    { _id: { $in: entries.map(({ claim }) => claim.check._id) } },
    { recordedBy: 1 },
  ).lean();
  const tokens = new Map(recorded.map((check) => [check._id, check.recordedBy]));
  return entries.filter(({ claim }) => tokens.get(claim.check._id) === claim.token);
}

/** A sample that can't be kept is a gap in a chart and nothing more: the state is recorded already. */
async function keepResults({ service, count }: Recording, entries: readonly Entry[]): Promise<void> {
  const { models, logger } = service;
  const rows = entries.flatMap(({ claim: { check }, observations }) =>
    observations.map((observation) => ({
      ...resultOf(observation),
      meta: { tenantId: check.tenantId, checkId: check._id },
    })),
  );
  if (rows.length === 0) return;
  const runs = entries.flatMap(({ claim: { check }, observations }) =>
    observations.map(({ at, isSuccess, latencyMs, message, isDegraded = false }) => ({
      ...{ tenantId: check.tenantId, checkId: check._id, serviceId: check.serviceId },
      ...{ at, isSuccess, latencyMs, message, isDegraded },
    })),
  );
  void pushRuns(service, runs);
  void sampleStoreOf(service).storeAll(
    entries.flatMap(({ claim: { check }, observations }) =>
      observations.flatMap((each) => measuredBy(check, each)),
    ),
  );
  await count(entries.map(({ claim: { check }, observations }) => ({ check, observations })));
  await models.Result.insertMany(rows, { ordered: false }).catch((error: unknown) =>
    logger.warn({ err: error, samples: rows.length }, 'results of checks could not be kept'),
  );
}
