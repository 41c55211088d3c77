// Somebody whom an identity provider announced shows up: the membership that awaited their address becomes theirs.
import type { Arthemiz } from '../context.ts';
import type { MembershipRow } from './model.ts';
import { forgetRemoval } from './removals.ts';

/** The membership of the tenant in scope that awaits an address; null where none does. */
export function awaitedAt(
  { models }: Pick<Arthemiz, 'models'>,
  email: string,
): Promise<MembershipRow | null> {
  return models.Membership.findOne({ 'directory.userName': email, isAwaited: true }).lean();
}

/**
 * Gives a person the membership that awaits their address in the tenant in scope, for whoever has just shown that the
 * address is theirs and is no member yet. Its groups, and whether it is suspended, stay as announced.
 * @returns whether there was one
 */
export async function claimMembership(
  service: Arthemiz,
  { _id: personId, email }: { _id: string; email: string },
): Promise<boolean> {
  const { models } = service;
  if ((await models.Membership.exists({ personId, isAwaited: { $ne: true } })) !== null) return false;
  const { matchedCount } = await models.Membership.updateOne(
    { 'directory.userName': email, isAwaited: true },
    { $set: { personId }, $unset: { isAwaited: 1 } },
  );
  // Their directory announced them after they were removed.
  if (matchedCount === 1) await forgetRemoval(service, { _id: personId, email });
  return matchedCount === 1;
}
