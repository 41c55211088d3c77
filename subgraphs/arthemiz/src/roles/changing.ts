// Making roles, changing what they allow, and removing them. Changes of one tenant are made one after the other.
import { newId } from '@supergraph/chassis/identifiers';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import { definitionRefusal } from './definition-rules.ts';
import { tellInheritanceChanged, tellRoleCreated, tellRoleDeleted, tellRoleUpdated } from './events.ts';
import { holdersOf, losesAdministrator } from './holders.ts';
import { effectivePermissions, graphOf, maximumRoles, type RoleGraph } from './inheritance.ts';
import type { RoleRow } from './model.ts';
import { grantsInTurn } from './reading.ts';
import {
  lastAdministrator,
  type RoleRefusal,
  roleBuiltIn,
  roleInUse,
  roleNameTaken,
  roleNotFound,
  tooManyRoles,
} from './refusals.ts';
import { added, isBuiltIn, isReservedName, type Permission, sameName } from './rules.ts';

export type Changer = Pick<Viewer, 'subject' | 'permissions'>;
export type RoleOutcome = { role: RoleRow } | { refusal: RoleRefusal };

export interface NewRole {
  name: string;
  permissions: Permission[];
  inheritedRoleIds: string[];
  changer: Changer;
}

/** Makes a role of the tenant in scope, which nobody holds yet. */
export function createRole(service: Arthemiz, { changer, ...given }: NewRole): Promise<RoleOutcome> {
  return inTenantsRegion<RoleOutcome>(service, async (unit) => {
    const roles = [...(await grantsInTurn(service)).roles.values()];
    if (roles.length >= maximumRoles) return { refusal: tooManyRoles(maximumRoles) };
    const isTaken = isReservedName(given.name) || roles.some(({ name }) => sameName(name, given.name));
    if (isTaken) return { refusal: roleNameTaken(given.name) };
    const role = { ...given, _id: newId('rol'), isCustom: true, createdAt: new Date() };
    const refusal = definitionRefusal({
      role,
      before: undefined,
      graph: graphOf([...roles, role]),
      held: changer.permissions,
    });
    if (refusal) return { refusal };
    const [created] = await service.models.Role.create([role]);
    if (created === undefined) throw new Error('The role was not created.');
    await tellRoleCreated(unit, { role, changedBy: changer.subject });
    return { role: created.toObject() };
  });
}

export interface WantedRole {
  id: string;
  permissions: Permission[];
  /** Undefined leaves them as they are. */
  inheritedRoleIds?: string[] | undefined;
  changer: Changer;
}

/**
 * Lets a role of the tenant in scope allow exactly these permissions, and those of the roles that it inherits. What it
 * is already changes nothing.
 */
export function updateRole(service: Arthemiz, { id, changer, ...wanted }: WantedRole): Promise<RoleOutcome> {
  return changeGrants<RoleOutcome>(service, async (unit) => {
    const { roles: before, groups } = await grantsInTurn(service);
    const current = before.get(id);
    if (current === undefined) return { refusal: roleNotFound() };
    const { permissions, inheritedRoleIds = current.inheritedRoleIds ?? [] } = wanted;
    const role = { ...current, permissions, inheritedRoleIds };
    const after = new Map(before).set(id, role);
    const refusal = definitionRefusal({ role, before: current, graph: after, held: changer.permissions });
    if (refusal) return { refusal };
    const grants = { before: { roles: before, groups }, after: { roles: after, groups } };
    if (await losesAdministrator(service, grants)) return { refusal: lastAdministrator() };
    await service.models.Role.updateOne({ _id: id }, { $set: { permissions, inheritedRoleIds } });
    await keepDutiesApart(service, 'everybody');
    await tellChange(service, unit, { role, before, after, changedBy: changer.subject });
    return { role };
  });
}

interface Change {
  role: RoleRow;
  before: RoleGraph<RoleRow>;
  after: RoleGraph<RoleRow>;
  changedBy: string;
}

async function tellChange(service: Arthemiz, unit: UnitOfWork, change: Change): Promise<void> {
  const { role, before, after, changedBy } = change;
  // Whoever inherits from the role gains and loses a part of this at most, so one event stands for all of them.
  const allowedBefore = effectivePermissions(before, [role._id]);
  const allowedAfter = effectivePermissions(after, [role._id]);
  const permissionsAdded = added(allowedBefore, allowedAfter);
  const permissionsRemoved = added(allowedAfter, allowedBefore);
  if (permissionsAdded.length + permissionsRemoved.length > 0)
    await tellRoleUpdated(service, unit, { role, permissionsAdded, permissionsRemoved, changedBy });
  const inheritedBefore = before.get(role._id)?.inheritedRoleIds ?? [];
  const inheritedAfter = role.inheritedRoleIds ?? [];
  const rolesAdded = added(inheritedBefore, inheritedAfter);
  const rolesRemoved = added(inheritedAfter, inheritedBefore);
  if (rolesAdded.length + rolesRemoved.length > 0)
    await tellInheritanceChanged(unit, { role, rolesAdded, rolesRemoved, changedBy });
}

export type DeletionOutcome = { deletedRoleId: string } | { refusal: RoleRefusal };

/** Removes a role that nobody holds from the tenant in scope. */
export function deleteRole(
  service: Arthemiz,
  { id, changer }: { id: string; changer: Changer },
): Promise<DeletionOutcome> {
  return inTenantsRegion<DeletionOutcome>(service, async (unit) => {
    const grants = await grantsInTurn(service);
    const role = grants.roles.get(id);
    if (role === undefined) return { refusal: roleNotFound() };
    if (isBuiltIn(role)) return { refusal: roleBuiltIn(role.name) };
    const holders = await holdersOf(service, grants, id);
    if (holders.people + holders.serviceClients + holders.roles.length + holders.groups.length > 0)
      return { refusal: roleInUse(role.name, holders) };
    await service.models.Role.deleteOne({ _id: id });
    await tellRoleDeleted(unit, { role, changedBy: changer.subject });
    return { deletedRoleId: id };
  });
}
