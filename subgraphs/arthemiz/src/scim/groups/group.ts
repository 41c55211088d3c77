// A group, seen as an identity provider sees it.
import type { Arthemiz } from '../../context.ts';
import type { GroupRow } from '../../groups/model.ts';
import { groupSchema } from '../schemas.ts';
import { versionOf } from '../versions.ts';

/** Ids of the memberships that are in a group of the tenant in scope, in the order in which they joined. */
export async function memberIds({ models }: Pick<Arthemiz, 'models'>, groupId: string): Promise<string[]> {
  const members = await models.Membership.find({ groupIds: groupId }, { _id: 1 }).sort({ _id: 1 }).lean();
  return members.map(({ _id }) => _id);
}

/** Without members there is no version: it counts them. */
export function presentGroup(group: GroupRow, members: readonly string[] | null, baseUrl: string) {
  const shown = {
    schemas: [groupSchema],
    id: group._id,
    externalId: group.externalId ?? undefined,
    displayName: group.name,
    members: members?.map((value) => ({ value, $ref: `${baseUrl}/Users/${value}`, type: 'User' })),
  };
  return {
    ...shown,
    meta: {
      resourceType: 'Group',
      created: group.createdAt,
      // Groups from before it was kept.
      lastModified: group.changedAt ?? group.createdAt,
      location: `${baseUrl}/Groups/${group._id}`,
      version: members === null ? undefined : versionOf(shown),
    },
  };
}
