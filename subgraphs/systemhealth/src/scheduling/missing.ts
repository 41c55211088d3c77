// Checks whose results have stopped coming are UNKNOWN, and their subscribers are told.
import { isOutage } from '@supergraph/chassis/outage';
import { type CheckChanges, commitTogether } from '../checks/changes.ts';
import { type CheckRow, policyOf, stateOf, storedState } from '../checks/model.ts';
import { expire } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import { groupedBy } from '../metrics/grouping.ts';

const mostAtOnce = 500;

/** Works across tenants. Looked for by every copy; the filter lets one of them make each change. */
export async function expireMissing(service: SystemHealth, now: number): Promise<void> {
  const missing = await service.models.Check.find({
    isPaused: false,
    missingAt: { $lt: new Date(now) },
    // Not while somebody runs it: the result is on its way.
    $or: [{ lease: null }, { dueAt: { $lte: new Date(now) } }],
  })
    .sort({ missingAt: 1 })
    .limit(mostAtOnce)
    .lean<CheckRow[]>();
  for (const [tenantId, checks] of groupedBy(missing, (check) => check.tenantId)) {
    const expired = checks.flatMap((check) => expiredOf(check, now));
    // One tenant's trouble is no other's.
    await commitTogether(service, expired).catch((err: unknown) => {
      if (isOutage(err)) throw err;
      service.logger.warn({ err, tenantId }, 'missing data could not be told; trying again');
    });
  }
}

function expiredOf(check: CheckRow, now: number): CheckChanges[] {
  const policy = policyOf(check);
  const { state, change } = expire(stateOf(check), now, policy);
  if (change === null) return [];
  return [
    {
      check,
      filter: { _id: check._id, missingAt: check.missingAt },
      update: { $set: storedState(state, null, policy) },
      changes: [change],
    },
  ];
}
