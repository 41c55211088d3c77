// A program's call becomes its check's state at once.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { commitChanges } from '../checks/changes.ts';
import { type CheckRow, policyOf, resultOf, stateOf, storedState } from '../checks/model.ts';
import { evaluateAll } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import { pushRuns } from '../results/live.ts';
import { awaitedOf, heartbeatSettings, never } from './awaiting.ts';
import { after, deadlineOf, observed, type Signal } from './rules.ts';
import { hashOf } from './token.ts';

/** Another call may come in between reading and writing; then the newer state decides. */
const attempts = 5;

/** False where no heartbeat has this token. Of a paused one nothing is kept. */
export async function takeCall(service: SystemHealth, token: string, signal: Signal): Promise<boolean> {
  const tokenHash = hashOf(token);
  for (const { name: region } of service.regions) {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const check = await acrossTenants(
        'a heartbeat',
        () => service.models.Check.findOne({ 'heartbeat.tokenHash': tokenHash }).lean<CheckRow>(),
        { region },
      );
      if (check === null) break;
      if (check.isPaused || (await inTenant(check.tenantId, () => keep(service, check, signal)))) return true;
    }
  }
  return false;
}

async function keep(service: SystemHealth, check: CheckRow, signal: Signal): Promise<boolean> {
  const now = Date.now();
  const awaited = awaitedOf(check);
  const observation = observed(signal, awaited, now);
  const next = after(signal, awaited, now);
  const deadline = deadlineOf(next, heartbeatSettings(check));
  const observations = observation === null ? [] : [observation];
  const policy = policyOf(check);
  const { state, changes } = evaluateAll(stateOf(check), observations, policy);
  const update = {
    $set: {
      ...(observation && storedState(state, observation, policy)),
      'heartbeat.awaitedSince': next.awaitedSince === null ? null : new Date(next.awaitedSince),
      'heartbeat.startedAt': next.startedAt === null ? null : new Date(next.startedAt),
      dueAt: deadline === null ? never : new Date(deadline),
      // Whoever finds it overdue at this very moment no longer may say so.
      lease: null,
    },
  };
  const filter = {
    ...{ _id: check._id, isPaused: false, status: check.status },
    'heartbeat.awaitedSince': check.heartbeat?.awaitedSince ?? null,
    'heartbeat.startedAt': check.heartbeat?.startedAt ?? null,
  };
  const isKept =
    changes.length === 0
      ? (await service.models.Check.updateOne(filter, update)).matchedCount === 1
      : await commitChanges(service, { check, filter, update, changes });
  if (isKept && observation !== null) await keepResult(service, check, observation);
  return isKept;
}

async function keepResult(
  service: SystemHealth,
  check: CheckRow,
  observation: NonNullable<ReturnType<typeof observed>>,
): Promise<void> {
  const { _id: checkId, tenantId, serviceId } = check;
  const found = resultOf(observation);
  void pushRuns(service, [{ tenantId, checkId, serviceId, ...found, at: observation.at }]);
  await service.models.Result.create([{ ...found, meta: { tenantId, checkId } }]).catch((error: unknown) =>
    service.logger.warn({ err: error }, 'a heartbeat could not be kept in the series'),
  );
}
