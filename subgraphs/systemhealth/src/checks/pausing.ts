// Of a run that is under way when its check is paused nothing is recorded. Its lease stays until it ends, so
// that a check which is resumed soon is still not run twice at once.
import { checkNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import type { CheckRow } from './model.ts';
import { policyOf, storedState } from './model.ts';
import { unobserved } from './rules.ts';

export const pauseCheck: MutationResolvers['pauseCheck'] = async (_, { input }, { models }) => {
  const check = await models.Check.findOneAndUpdate(
    { _id: input.id },
    { $set: { isPaused: true } },
    { returnDocument: 'after' },
  ).lean<CheckRow>();
  return check === null ? { check, errors: [checkNotFound] } : { check, errors: [] };
};

export const resumeCheck: MutationResolvers['resumeCheck'] = async (_, { input }, { models }) => {
  const found = await models.Check.findOne({ _id: input.id }).lean<CheckRow>();
  if (found === null) return { check: null, errors: [checkNotFound] };
  const now = new Date();
  // What was known before the pause says nothing about now; the first result decides.
  const state = storedState(unobserved(now.getTime()), null, policyOf(found));
  const resumed = await models.Check.findOneAndUpdate(
    { _id: input.id, isPaused: true },
    { $set: { ...state, isPaused: false, ...leaseAfterPause(found, now) } },
    { returnDocument: 'after' },
  ).lean<CheckRow>();
  return { check: resumed ?? found, errors: [] };
};

/** While it is paused nobody claims or records it, so what was found about its lease still holds. */
function leaseAfterPause({ lease, dueAt }: CheckRow, now: Date): Pick<CheckRow, 'lease' | 'dueAt'> {
  if (!lease) return { lease: null, dueAt: now };
  return { lease: { owner: lease.owner, token: 'revoked by a pause' }, dueAt };
}
