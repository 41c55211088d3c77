// Checks whose results have stopped coming are UNKNOWN, and their subscribers are told.
import { commitChanges } from '../checks/changes.ts';
import { type CheckRow, policyOf, stateOf, storedState } from '../checks/model.ts';
import { expire } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';

const mostAtOnce = 100;

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
  for (const check of missing) {
    const policy = policyOf(check);
    const { state, change } = expire(stateOf(check), now, policy);
    if (change === null) continue;
    await commitChanges(service, {
      check,
      filter: { _id: check._id, missingAt: check.missingAt },
      update: { $set: storedState(state, null, policy) },
      changes: [change],
    });
  }
}
