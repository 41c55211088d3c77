import type { Arthemiz } from '../context.ts';
import type { GroupRow } from './model.ts';
import { maximumGroups } from './rules.ts';

/** All groups of the tenant in scope, by name. */
export function allGroups({ models }: Pick<Arthemiz, 'models'>): Promise<GroupRow[]> {
  return models.Group.find().sort({ name: 1 }).limit(maximumGroups).lean();
}

/** The groups that these members of the tenant in scope are in. */
export async function groupsOf(
  { models }: Pick<Arthemiz, 'models'>,
  members: readonly { groupIds?: readonly string[] | null }[],
): Promise<GroupRow[]> {
  const groupIds = [...new Set(members.flatMap((member) => member.groupIds ?? []))];
  // Most tenants have none, and tokens are issued often.
  return groupIds.length === 0 ? [] : models.Group.find({ _id: { $in: groupIds } }).lean();
}
