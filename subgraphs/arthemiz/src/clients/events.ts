// Facts about service clients that others hear of; never a secret. What takes roles is noted for gateways in the same
// transaction.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { noteGrantChange } from '../grants/changes.ts';
import type { ServiceClientRow } from './model.ts';

interface About {
  client: Pick<ServiceClientRow, '_id' | 'name' | 'tenantId'>;
  /** A person or a service client. */
  changedBy: string;
}

interface RolesChange {
  rolesAdded: string[];
  rolesRemoved: string[];
  permissionsAdded: string[];
  permissionsRemoved: string[];
}

export function tellServiceClientCreated(
  { emit }: UnitOfWork,
  { client, roles, changedBy }: About & { roles: string[] },
): Promise<void> {
  const { _id: clientId, name } = client;
  return emit('arthemiz.service-client.created.v1', {
    subject: clientId,
    data: { clientId, name, roles, changedBy },
  });
}

export async function tellServiceClientUpdated(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { client, changedBy, ...change }: About & RolesChange,
): Promise<void> {
  const { _id: clientId, name } = client;
  const { rolesRemoved, permissionsRemoved } = change;
  await noteGrantChange(service, { subject: clientId, rolesRemoved, permissionsRemoved });
  await emit('arthemiz.service-client.updated.v1', {
    subject: clientId,
    data: { clientId, name, ...change, changedBy },
  });
}

export function tellCredentialsChanged(
  { emit }: UnitOfWork,
  { client, kind, changedBy }: About & { kind: 'secret' | 'keys' },
): Promise<void> {
  const { _id: clientId, name } = client;
  return emit('arthemiz.service-client.credentials-changed.v1', {
    subject: clientId,
    data: { clientId, name, kind, changedBy },
  });
}

export async function tellServiceClientDeleted(
  service: Arthemiz,
  { emit }: UnitOfWork,
  {
    client,
    changedBy,
    rolesRemoved,
    permissionsRemoved,
  }: About & Pick<RolesChange, 'rolesRemoved' | 'permissionsRemoved'>,
): Promise<void> {
  const { _id: clientId, name } = client;
  await noteGrantChange(service, { subject: clientId, rolesRemoved, permissionsRemoved });
  await emit('arthemiz.service-client.deleted.v1', {
    subject: clientId,
    data: { clientId, name, rolesRemoved, permissionsRemoved, changedBy },
  });
}
