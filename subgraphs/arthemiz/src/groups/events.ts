// Facts about groups that others hear of. What gives or takes roles is noted for gateways in the same transaction.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { noteGrantChange } from '../grants/changes.ts';
import type { GroupRow } from './model.ts';

interface About {
  group: GroupRow;
  /** A person or a service client. */
  changedBy: string;
}

interface RolesChange {
  rolesAdded: string[];
  rolesRemoved: string[];
  permissionsAdded: string[];
  permissionsRemoved: string[];
}

export function tellGroupCreated({ emit }: UnitOfWork, { group, changedBy }: About): Promise<void> {
  const { _id: groupId, name, roleIds } = group;
  return emit('arthemiz.group.created.v1', { subject: groupId, data: { groupId, name, roleIds, changedBy } });
}

export async function tellGroupUpdated(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { group, changedBy, ...change }: About & RolesChange,
): Promise<void> {
  const { _id: groupId, name } = group;
  const { rolesAdded, rolesRemoved, permissionsRemoved } = change;
  if (rolesAdded.length + rolesRemoved.length > 0)
    await noteGrantChange(service, { subject: null, rolesRemoved, permissionsRemoved });
  await emit('arthemiz.group.updated.v1', {
    subject: groupId,
    data: { groupId, name, ...change, changedBy },
  });
}

export async function tellGroupDeleted(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { group, changedBy, rolesRemoved, permissionsRemoved }: About & RolesChange,
): Promise<void> {
  const { _id: groupId, name } = group;
  await noteGrantChange(service, { subject: null, rolesRemoved, permissionsRemoved });
  await emit('arthemiz.group.deleted.v1', {
    subject: groupId,
    data: { groupId, name, rolesRemoved, permissionsRemoved, changedBy },
  });
}

/** Which roles come or go thereby is told by itself. */
export function tellPersonGroupsChanged(
  { emit }: UnitOfWork,
  data: { personId: string; groupsAdded: string[]; groupsRemoved: string[]; changedBy: string },
): Promise<void> {
  return emit('arthemiz.person.groups-changed.v1', { subject: data.personId, data });
}
