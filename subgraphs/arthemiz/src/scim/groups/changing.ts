// What an identity provider does to groups: the same changes, by the same rules, as people make by GraphQL. Which roles
// a group gives is decided there.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../../context.ts';
import { changeGroups } from '../../groups/assigning.ts';
import { createGroup as create, deleteGroup as remove, updateGroup } from '../../groups/changing.ts';
import type { GroupRow } from '../../groups/model.ts';
import type { MembershipRow } from '../../memberships/model.ts';
import { inTenantsRegion } from '../../residency/transactions.ts';
import { grantsInTurn } from '../../roles/reading.ts';
import type { Caller } from '../authentication.ts';
import { invalidValue, refused, resourceNotFound, ScimError } from '../errors.ts';
import { demandVersion } from '../versions.ts';
import { type GroupDraft, type MembersChange, maximumChanged } from './attributes.ts';
import { memberIds, presentGroup } from './group.ts';
import type { FoundGroup } from './reading.ts';

/** More groups than that somebody is not in. */
const maximumOfOne = 50;

interface Doing {
  service: Arthemiz;
  unit: UnitOfWork;
  changer: Caller;
}

export function createGroup(
  service: Arthemiz,
  { caller: changer, draft }: { caller: Caller; draft: GroupDraft },
): Promise<FoundGroup> {
  return inTenantsRegion(service, async (unit) => {
    const { displayName: name, externalId, members } = draft;
    if (name === null) throw invalidValue('A group has a displayName.');
    const outcome = await create(service, { name, roleIds: [], changer });
    if ('refusal' in outcome) throw refused(outcome.refusal);
    const { _id: id } = outcome.group;
    if (externalId) await service.models.Group.updateOne({ _id: id }, { $set: { externalId } });
    await changeMembers({ service, unit, changer }, { id, members });
    return readGroup(service, id);
  });
}

export interface GroupChange {
  id: string;
  ifMatch: string | undefined;
  caller: Caller;
  baseUrl: string;
}

export function changeGroup(
  service: Arthemiz,
  { caller: changer, wanted, ...change }: GroupChange & { wanted(name: string): GroupDraft },
): Promise<FoundGroup> {
  const { id } = change;
  return inTenantsRegion(service, async (unit) => {
    const before = await demandGroup(service, change);
    const { displayName: name, externalId = before.externalId ?? null, members } = wanted(before.name);
    if (name === null) throw invalidValue('A group has a displayName.');
    await changeMembers({ service, unit, changer }, { id, members });
    if (name !== before.name) {
      const outcome = await updateGroup(service, { id, name, changer });
      if ('refusal' in outcome) throw refused(outcome.refusal);
    }
    if (externalId !== (before.externalId ?? null))
      await service.models.Group.updateOne(
        { _id: id },
        externalId === null ? { $unset: { externalId: 1 } } : { $set: { externalId } },
      );
    return readGroup(service, id);
  });
}

export function deleteGroup(service: Arthemiz, { caller: changer, ...change }: GroupChange): Promise<void> {
  return inTenantsRegion(service, async () => {
    await demandGroup(service, change);
    const outcome = await remove(service, { id: change.id, changer });
    if ('refusal' in outcome) throw refused(outcome.refusal);
  });
}

async function demandGroup(
  service: Arthemiz,
  { id, ifMatch, baseUrl }: Omit<GroupChange, 'caller'>,
): Promise<GroupRow> {
  const { groups } = await grantsInTurn(service);
  const group = groups.find(({ _id }) => _id === id);
  if (group === undefined) throw resourceNotFound();
  if (ifMatch !== undefined) {
    const { version } = presentGroup(group, await memberIds(service, id), baseUrl).meta;
    demandVersion(ifMatch, version ?? '');
  }
  return group;
}

export async function readGroup(service: Arthemiz, id: string): Promise<FoundGroup> {
  const group = await service.models.Group.findOne({ _id: id }).lean();
  if (group === null) throw resourceNotFound();
  return { group, members: await memberIds(service, id) };
}

async function changeMembers(
  { service, unit, changer }: Doing,
  { id, members: { from, added, removed } }: { id: string; members: MembersChange },
): Promise<void> {
  const { Membership } = service.models;
  const named: MembershipRow[] = await Membership.find({ _id: { $in: [...added, ...removed] } }).lean();
  const unknown = [...added].find((one) => !named.some(({ _id }) => _id === one));
  if (unknown !== undefined) throw invalidValue(`The tenant has no user ${unknown.slice(0, 100)}.`);
  const present =
    from === 'nobody' ? await Membership.find({ groupIds: id, _id: { $nin: [...added] } }).lean() : [];
  const leaving = [...present, ...named.filter(({ _id }) => removed.has(_id))].filter((member) =>
    isIn(member, id),
  );
  const entering = named.filter((member) => added.has(member._id) && !isIn(member, id));
  if (leaving.length + entering.length > maximumChanged)
    throw new ScimError(413, `A request may change ${maximumChanged} members at most. Send several.`);
  if (leaving.length + entering.length === 0) return;
  const grants = await grantsInTurn(service);
  const change = async (before: MembershipRow, groupIds: string[]) => {
    if (groupIds.length > maximumOfOne)
      throw invalidValue(`The user ${before._id} is in ${maximumOfOne} groups, which is the most.`);
    const outcome = await changeGroups(service, unit, { ...grants, before, groupIds, changer });
    if ('refusal' in outcome) throw refused(outcome.refusal);
  };
  for (const member of entering) await change(member, [...(member.groupIds ?? []), id]);
  for (const member of leaving)
    await change(
      member,
      (member.groupIds ?? []).filter((each) => each !== id),
    );
}

function isIn({ groupIds }: MembershipRow, id: string): boolean {
  return groupIds?.includes(id) ?? false;
}
