// Finding groups of the tenant in scope.
import type { Arthemiz } from '../../context.ts';
import type { GroupRow } from '../../groups/model.ts';
import { invalidFilter } from '../errors.ts';
import type { Filter } from '../filters/grammar.ts';
import { type Attributes, instant, queryOf, related, text } from '../filters/query.ts';
import { isLeftOut, type ListRequest } from '../lists.ts';
import { memberIds } from './group.ts';

export interface FoundGroup {
  group: GroupRow;
  /** Null where nobody asked for them. */
  members: string[] | null;
}

/** One page shows so many members at most; it ends with the group that reaches that. */
const maximumMembers = 10_000;

export async function findGroups(
  service: Arthemiz,
  request: ListRequest,
): Promise<{ found: FoundGroup[]; totalResults: number }> {
  const { Group } = service.models;
  const { filter, startIndex, count } = request;
  const query = filter === null ? {} : queryOf(filter, await attributesFor(service, filter));
  const totalResults = await Group.countDocuments(query);
  const groups =
    count === 0
      ? []
      : await Group.find(query)
          .sort({ _id: 1 })
          .skip(startIndex - 1)
          .limit(count)
          .lean();
  const found: FoundGroup[] = [];
  let shown = 0;
  for (const group of groups) {
    if (shown >= maximumMembers) break;
    const members = isLeftOut(request, 'members') ? null : await memberIds(service, group._id);
    shown += members?.length ?? 0;
    found.push({ group, members });
  }
  return { found, totalResults };
}

/** Who is in a group stands with the members, so that those whom the filter names are read first. */
async function attributesFor({ models }: Arthemiz, filter: Filter): Promise<Attributes> {
  const ids = memberIdsIn(filter);
  const rows =
    ids.length === 0 ? [] : await models.Membership.find({ _id: { $in: ids } }, { groupIds: 1 }).lean();
  const groupsOfMember = new Map(rows.map(({ _id, groupIds }) => [_id, groupIds ?? []]));
  const members = related(
    (id) => ({ _id: { $in: groupsOfMember.get(id) ?? [] } }),
    // Whether anybody is in it is told by reading it.
    {},
  );
  return {
    id: text('_id', { letters: 'exact' }),
    externalid: text('externalId', { letters: 'exact' }),
    displayname: text('name', { letters: 'any case' }),
    members: { ...members, present: refusePresence },
    'members.value': { ...members, present: refusePresence },
    'meta.created': instant('createdAt'),
    'meta.lastmodified': instant('changedAt'),
  };
}

function refusePresence(): never {
  throw invalidFilter('Groups can be filtered by one member, not by whether there are any.');
}

function memberIdsIn(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.flatMap(memberIdsIn);
    case 'not':
      return memberIdsIn(filter.filter);
    case 'compare':
      return filter.attribute.startsWith('members') && typeof filter.value === 'string' ? [filter.value] : [];
    case 'present':
      return [];
  }
}
