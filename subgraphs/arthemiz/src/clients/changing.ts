// Making service clients, changing what they may do and how they prove themselves, and removing them. They take turns with
// all changes of the tenant's grants. Nobody gives a client what they don't hold, nor gets hold of one that may do more.
import { newId } from '@supergraph/chassis/identifiers';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import type { Changer } from '../roles/changing.ts';
import { givingRefusal } from '../roles/giving.ts';
import { everywhere, holding, personRolesChange, type RoleGraph } from '../roles/inheritance.ts';
import type { RoleRow } from '../roles/model.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { type RoleRefusal, roleNotFound } from '../roles/refusals.ts';
import { added, sameName } from '../roles/rules.ts';
import { changeGrants, keepDutiesApart } from '../separations/keeping.ts';
import {
  tellCredentialsChanged,
  tellServiceClientCreated,
  tellServiceClientDeleted,
  tellServiceClientUpdated,
} from './events.ts';
import type { ServiceClientRow } from './model.ts';
import type { PublicKey } from './public-keys.ts';
import { serviceClientNameTaken, serviceClientNotFound, tooManyServiceClients } from './refusals.ts';
import { maximumServiceClients, overlapEnd } from './rules.ts';
import { hashClientSecret, newClientSecret } from './secrets.ts';

export type ClientOutcome =
  | { serviceClient: ServiceClientRow; secret: string | null }
  | { refusal: RoleRefusal };
type Roles = RoleGraph<RoleRow>;

/** With a secret, unless it has keys. */
export function createServiceClient(
  service: Arthemiz,
  plan: { name: string; roleIds: string[]; publicKeys?: PublicKey[] | undefined; changer: Changer },
): Promise<ClientOutcome> {
  const { name, roleIds, publicKeys = [], changer } = plan;
  const { ServiceClient } = service.models;
  return changeGrants<ClientOutcome>(service, async (unit) => {
    const { roles } = await grantsInTurn(service);
    const names = await ServiceClient.find({}, { name: 1 }).limit(maximumServiceClients).lean();
    if (names.length >= maximumServiceClients)
      return { refusal: tooManyServiceClients(maximumServiceClients) };
    if (names.some((other) => sameName(other.name, name))) return { refusal: serviceClientNameTaken(name) };
    const refusal = refuseRoles(roles, { given: roleIds, changer });
    if (refusal) return { refusal };
    const secret = publicKeys.length > 0 ? null : newClientSecret();
    const row = {
      ...{ _id: newId('cli'), name, roleIds, publicKeys, createdBy: changer.subject, createdAt: new Date() },
      secretHash: secret === null ? null : hashClientSecret(secret),
      previousSecret: null,
    };
    await ServiceClient.create([row]);
    await keepDutiesApart(service, { serviceClientId: row._id });
    const serviceClient = { ...row, tenantId: currentTenant() };
    await tellServiceClientCreated(unit, {
      client: serviceClient,
      roles: holding(roles, everywhere(roleIds)).roles,
      changedBy: changer.subject,
    });
    return { serviceClient, secret };
  });
}

/** Lets it hold exactly these roles. */
export function updateServiceClient(
  service: Arthemiz,
  { id, roleIds, changer }: { id: string; roleIds: string[]; changer: Changer },
): Promise<ClientOutcome> {
  return change(service, id, async ({ client, roles, unit }) => {
    const refusal = refuseRoles(roles, { given: added(client.roleIds, roleIds), changer });
    if (refusal) return { refusal };
    const difference = personRolesChange(roles, { held: client.roleIds, wanted: roleIds });
    if (difference.rolesAdded.length + difference.rolesRemoved.length > 0) {
      await service.models.ServiceClient.updateOne({ _id: id }, { $set: { roleIds } });
      await keepDutiesApart(service, { serviceClientId: id });
      await tellServiceClientUpdated(service, unit, { client, ...difference, changedBy: changer.subject });
    }
    return { serviceClient: { ...client, roleIds }, secret: null };
  });
}

/** Gives it another secret; the one from before lives on for the overlap. One with keys has a secret instead. */
export function rotateSecret(
  service: Arthemiz,
  { id, overlapHours, changer }: { id: string; overlapHours: number; changer: Changer },
): Promise<ClientOutcome> {
  return change(service, id, async ({ client, roles, unit }) => {
    const refusal = givingRefusal(roles, { given: client.roleIds, held: changer.permissions });
    if (refusal) return { refusal };
    const secret = newClientSecret();
    const { secretHash: before } = client;
    const endsAt = overlapEnd({ now: new Date(), hours: overlapHours });
    const credential = {
      secretHash: hashClientSecret(secret),
      previousSecret: before && overlapHours > 0 ? { hash: before, endsAt } : null,
      publicKeys: [],
    };
    await service.models.ServiceClient.updateOne({ _id: id }, { $set: credential });
    await tellCredentialsChanged(unit, { client, kind: 'secret', changedBy: changer.subject });
    return { serviceClient: { ...client, ...credential }, secret };
  });
}

/** Lets it prove itself by these keys alone: no secret is good any more. */
export function setPublicKeys(
  service: Arthemiz,
  { id, publicKeys, changer }: { id: string; publicKeys: PublicKey[]; changer: Changer },
): Promise<ClientOutcome> {
  return change(service, id, async ({ client, roles, unit }) => {
    const refusal = givingRefusal(roles, { given: client.roleIds, held: changer.permissions });
    if (refusal) return { refusal };
    const credential = { secretHash: null, previousSecret: null, publicKeys };
    await service.models.ServiceClient.updateOne({ _id: id }, { $set: credential });
    await tellCredentialsChanged(unit, { client, kind: 'keys', changedBy: changer.subject });
    return { serviceClient: { ...client, ...credential }, secret: null };
  });
}

export type ClientDeletionOutcome = { deletedServiceClientId: string } | { refusal: RoleRefusal };

/** For whoever may write clients: one whose secret got lost is to be ended by who notices. */
export function deleteServiceClient(
  service: Arthemiz,
  { id, changer }: { id: string; changer: Changer },
): Promise<ClientDeletionOutcome> {
  return change<ClientDeletionOutcome>(service, id, async ({ client, roles, unit }) => {
    await service.models.ServiceClient.deleteOne({ _id: id });
    const { rolesRemoved, permissionsRemoved } = personRolesChange(roles, {
      held: client.roleIds,
      wanted: [],
    });
    const told = { client, rolesRemoved, permissionsRemoved, changedBy: changer.subject };
    await tellServiceClientDeleted(service, unit, told);
    return { deletedServiceClientId: id };
  });
}

type Unit = Parameters<Parameters<Arthemiz['transaction']>[0]>[0];

function change<Outcome = ClientOutcome>(
  service: Arthemiz,
  id: string,
  work: (known: { client: ServiceClientRow; roles: Roles; unit: Unit }) => Promise<Outcome>,
): Promise<Outcome | { refusal: RoleRefusal }> {
  return changeGrants<Outcome | { refusal: RoleRefusal }>(service, async (unit) => {
    const { roles } = await grantsInTurn(service);
    const client: ServiceClientRow | null = await service.models.ServiceClient.findOne({ _id: id }).lean();
    return client === null ? { refusal: serviceClientNotFound() } : work({ client, roles, unit });
  });
}

function refuseRoles(
  roles: Roles,
  { given, changer }: { given: readonly string[]; changer: Changer },
): RoleRefusal | undefined {
  if (given.some((id) => !roles.has(id))) return roleNotFound();
  return givingRefusal(roles, { given, held: changer.permissions });
}
