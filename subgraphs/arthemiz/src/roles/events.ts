// Facts about grants that others hear of. Each is noted for gateways in the same transaction.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { noteGrantChange } from '../grants/changes.ts';
import type { RoleRow } from './model.ts';
import type { Scope } from './scopes.ts';

/** Who changed it: a person or a service client; null for the platform itself. */
type Changer = string | null;

export interface RoleChange {
  role: RoleRow;
  permissionsAdded: string[];
  permissionsRemoved: string[];
  changedBy: Changer;
}

export async function tellRoleUpdated(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { role, permissionsAdded, permissionsRemoved, changedBy }: RoleChange,
): Promise<void> {
  const { _id: roleId, name } = role;
  await noteGrantChange(service, { subject: null, rolesRemoved: [], permissionsRemoved });
  await emit('arthemiz.role.updated.v1', {
    subject: roleId,
    data: { roleId, name, permissionsAdded, permissionsRemoved, changedBy },
  });
}

type Told = Pick<RoleRow, '_id' | 'name'>;

/** Nobody holds a new role, so that gateways need not hear of it. */
export function tellRoleCreated(
  { emit }: UnitOfWork,
  { role, changedBy }: { role: Told & Pick<RoleRow, 'permissions' | 'inheritedRoleIds'>; changedBy: Changer },
): Promise<void> {
  const { _id: roleId, name, permissions } = role;
  return emit('arthemiz.role.created.v1', {
    subject: roleId,
    data: { roleId, name, permissions, inheritedRoleIds: [...(role.inheritedRoleIds ?? [])], changedBy },
  });
}

export interface InheritanceChange {
  role: Told;
  /** Ids of roles. */
  rolesAdded: string[];
  rolesRemoved: string[];
  changedBy: Changer;
}

export function tellInheritanceChanged(
  { emit }: UnitOfWork,
  { role, ...change }: InheritanceChange,
): Promise<void> {
  const { _id: roleId, name } = role;
  return emit('arthemiz.role.inheritance-changed.v1', { subject: roleId, data: { roleId, name, ...change } });
}

/** Nobody held it. */
export function tellRoleDeleted(
  { emit }: UnitOfWork,
  { role, changedBy }: { role: Told; changedBy: Changer },
): Promise<void> {
  const { _id: roleId, name } = role;
  return emit('arthemiz.role.deleted.v1', { subject: roleId, data: { roleId, name, changedBy } });
}

export interface ScopedRolesChange extends Scope {
  personId: string;
  /** Names of the roles on this resource. */
  rolesAdded: string[];
  rolesRemoved: string[];
  changedBy: Changer;
}

/** What these allow comes and goes with `tellPersonRolesChanged`. */
export function tellScopedRolesChanged({ emit }: UnitOfWork, data: ScopedRolesChange): Promise<void> {
  return emit('arthemiz.person.scoped-roles-changed.v1', { subject: data.personId, data });
}

export interface PersonRolesChange {
  tenantId: string;
  personId: string;
  rolesAdded: string[];
  rolesRemoved: string[];
  permissionsAdded: string[];
  permissionsRemoved: string[];
  changedBy: Changer;
}

export async function tellPersonRolesChanged(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { tenantId: _, ...data }: PersonRolesChange,
): Promise<void> {
  const { personId, rolesRemoved, permissionsRemoved } = data;
  await noteGrantChange(service, { subject: personId, rolesRemoved, permissionsRemoved });
  await emit('arthemiz.person.roles-changed.v1', { subject: personId, data });
}
