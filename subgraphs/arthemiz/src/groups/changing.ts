// Making groups, changing what they give, and removing them. They take turns with all changes of the tenant's grants.
import { newId } from '@supergraph/chassis/identifiers';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import type { Changer } from '../roles/changing.ts';
import { givingRefusal } from '../roles/giving.ts';
import { type Grants, losesAdministrator } from '../roles/holders.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import {
  groupNameTaken,
  groupNotFound,
  lastAdministrator,
  type RoleRefusal,
  roleNotFound,
  tooManyGroups,
} from '../roles/refusals.ts';
import { added, sameName } from '../roles/rules.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import { tellGroupCreated, tellGroupDeleted, tellGroupUpdated } from './events.ts';
import type { GroupRow } from './model.ts';
import { maximumGroups } from './rules.ts';

export type GroupOutcome = { group: GroupRow } | { refusal: RoleRefusal };

/** Makes a group of the tenant in scope, in which nobody is yet. */
export function createGroup(
  service: Arthemiz,
  { name, roleIds, changer }: { name: string; roleIds: string[]; changer: Changer },
): Promise<GroupOutcome> {
  return inTenantsRegion<GroupOutcome>(service, async (unit) => {
    const { roles, groups } = await grantsInTurn(service);
    if (groups.length >= maximumGroups) return { refusal: tooManyGroups(maximumGroups) };
    if (groups.some((other) => sameName(other.name, name))) return { refusal: groupNameTaken(name) };
    const refusal = refuseRoles(roles, { given: roleIds, changer });
    if (refusal) return { refusal };
    const [created] = await service.models.Group.create([
      { _id: newId('grp'), name, roleIds, createdAt: new Date() },
    ]);
    if (created === undefined) throw new Error('The group was not created.');
    const group = created.toObject();
    await tellGroupCreated(unit, { group, changedBy: changer.subject });
    return { group };
  });
}

export interface WantedGroup {
  id: string;
  /** Undefined leaves it as it is. */
  name?: string | undefined;
  roleIds?: string[] | undefined;
  changer: Changer;
}

/** Gives a group of the tenant in scope this name and lets it give exactly these roles. */
export function updateGroup(
  service: Arthemiz,
  { id, changer, ...wanted }: WantedGroup,
): Promise<GroupOutcome> {
  return changeGrants<GroupOutcome>(service, async (unit) => {
    const before = await grantsInTurn(service);
    const { roles, groups } = before;
    const current = groups.find(({ _id }) => _id === id);
    if (current === undefined) return { refusal: groupNotFound() };
    const { name = current.name, roleIds = current.roleIds } = wanted;
    if (groups.some((other) => other !== current && sameName(other.name, name)))
      return { refusal: groupNameTaken(name) };
    const refusal = refuseRoles(roles, { given: added(current.roleIds, roleIds), changer });
    if (refusal) return { refusal };
    const group = { ...current, name, roleIds };
    const after = { roles, groups: groups.map((each) => (each === current ? group : each)) };
    if (await losesAdministrator(service, { before, after })) return { refusal: lastAdministrator() };
    const change = personRolesChange(roles, { held: current.roleIds, wanted: roleIds });
    if (name === current.name && change.rolesAdded.length + change.rolesRemoved.length === 0)
      return { group: current };
    await service.models.Group.updateOne({ _id: id }, { $set: { name, roleIds } });
    await keepDutiesApart(service, 'everybody');
    await tellGroupUpdated(service, unit, { group, ...change, changedBy: changer.subject });
    return { group };
  });
}

export type GroupDeletionOutcome = { deletedGroupId: string } | { refusal: RoleRefusal };

/** Removes a group of the tenant in scope. Whoever is in it holds its roles no more. */
export function deleteGroup(
  service: Arthemiz,
  { id, changer }: { id: string; changer: Changer },
): Promise<GroupDeletionOutcome> {
  return inTenantsRegion<GroupDeletionOutcome>(service, async (unit) => {
    const before = await grantsInTurn(service);
    const group = before.groups.find(({ _id }) => _id === id);
    if (group === undefined) return { refusal: groupNotFound() };
    const after = { ...before, groups: before.groups.filter((each) => each !== group) };
    if (await losesAdministrator(service, { before, after })) return { refusal: lastAdministrator() };
    await service.models.Group.deleteOne({ _id: id });
    await service.models.Membership.updateMany({ groupIds: id }, { $pull: { groupIds: id } });
    const change = personRolesChange(before.roles, { held: group.roleIds, wanted: [] });
    await tellGroupDeleted(service, unit, { group, ...change, changedBy: changer.subject });
    return { deletedGroupId: id };
  });
}

/** Why somebody may not let a group give these roles. */
function refuseRoles(
  roles: Grants['roles'],
  { given, changer }: { given: readonly string[]; changer: Changer },
): RoleRefusal | undefined {
  if (given.some((id) => !roles.has(id))) return roleNotFound();
  return givingRefusal(roles, { given, held: changer.permissions });
}
