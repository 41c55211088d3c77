// Of a run that is under way when its check is paused nothing is recorded: its lease is taken from it, and yet stays until it
// ends, so that a check which is resumed soon is still not run twice at once.
import { requestEvaluation } from '../alerts/requesting.ts';
import { checkNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { commitChanges } from './changes.ts';
import { type CheckRow, policyOf, stateOf, storedState } from './model.ts';
import { reconsider } from './rules.ts';

export const pauseCheck: MutationResolvers['pauseCheck'] = (_, { input }, { models, service, viewer }) =>
  service.transaction(async ({ emit }) => {
    const check = await models.Check.findOne({ _id: input.id }).lean<CheckRow>();
    if (check === null) return { check, errors: [checkNotFound] };
    if (check.isPaused) return { check, errors: [] };
    const { lease } = leaseRevoked(check, new Date());
    await models.Check.updateOne({ _id: check._id }, { $set: { isPaused: true, lease } });
    const { _id: checkId, serviceId, status } = check;
    const data = { checkId, serviceId, status, pausedBy: viewer.subject };
    await requestEvaluation(service);
    await emit('systemhealth.check.paused.v1', { subject: checkId, data });
    return { check: { ...check, isPaused: true }, errors: [] };
  });

export const resumeCheck: MutationResolvers['resumeCheck'] = (_, { input }, { models, service, viewer }) =>
  service.transaction(async ({ emit }) => {
    const check = await models.Check.findOne({ _id: input.id }).lean<CheckRow>();
    if (check === null) return { check, errors: [checkNotFound] };
    if (!check.isPaused) return { check, errors: [] };
    const now = new Date();
    const message = 'resumed after a pause; no result yet';
    const { state, change } = reconsider(stateOf(check), { now: now.getTime(), message });
    const resumed = {
      ...storedState(state, null, policyOf(check)),
      ...leaseRevoked(check, now),
      ...awaitedAnew(check, now),
      isPaused: false,
    };
    await commitChanges(service, {
      check,
      filter: { _id: check._id },
      update: { $set: resumed },
      changes: change === null ? [] : [change],
    });
    const { _id: checkId, serviceId } = check;
    const data = { checkId, serviceId, resumedBy: viewer.subject };
    await emit('systemhealth.check.resumed.v1', { subject: checkId, data });
    return { check: { ...check, ...resumed }, errors: [] };
  });

/** Due at once. Of a run that is under way nothing is recorded, and it is not run twice at once: its lease must end. */
export function leaseRevoked(
  { lease, dueAt }: Pick<CheckRow, 'lease' | 'dueAt'>,
  now: Date,
): Pick<CheckRow, 'lease' | 'dueAt'> {
  if (!lease) return { lease: null, dueAt: now };
  return { lease: { owner: lease.owner, token: 'revoked' }, dueAt };
}

/** A heartbeat's calls were not listened to. */
export function awaitedAnew(
  { heartbeat }: Pick<CheckRow, 'heartbeat'>,
  now: Date,
): Pick<CheckRow, 'heartbeat'> {
  if (!heartbeat?.awaitedSince) return {};
  return { heartbeat: { tokenHash: heartbeat.tokenHash, awaitedSince: now, startedAt: null } };
}
