// Facts about grants that others hear of. Each is noted for gateways in the same transaction.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { noteGrantChange } from '../grants/changes.ts';
import type { RoleRow } from './model.ts';

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
  const { _id: roleId, name, tenantId } = role;
  await noteGrantChange(service, { tenantId, subject: null, rolesRemoved: [], permissionsRemoved });
  await emit('arthemiz.role.updated.v1', {
    subject: roleId,
    data: { roleId, name, permissionsAdded, permissionsRemoved, changedBy },
  });
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
  { tenantId, ...data }: PersonRolesChange,
): Promise<void> {
  const { personId, rolesRemoved, permissionsRemoved } = data;
  await noteGrantChange(service, { tenantId, subject: personId, rolesRemoved, permissionsRemoved });
  await emit('arthemiz.person.roles-changed.v1', { subject: personId, data });
}
