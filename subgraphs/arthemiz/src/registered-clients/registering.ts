// Registering a client in the tenant in scope, changing and removing it.
import { newId } from '@supergraph/chassis/identifiers';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { hashClientSecret, newClientSecret } from '../clients/secrets.ts';
import type { Arthemiz } from '../context.ts';
import { noteGrantChange } from '../grants/changes.ts';
import { doAtHome } from '../home-tasks/doing.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { takeTurn } from '../turns/taking.ts';
import { invalidMetadata } from './errors.ts';
import { tellRegisteredClient } from './events.ts';
import { idPrefix, type RegisteredClientRow } from './model.ts';
import { maximumRegisteredClients, needsSecret, type Registration } from './rules.ts';

/** Secrets are told once: here, and never again. */
export interface Registered {
  client: RegisteredClientRow;
  secret: string | null;
}

export interface NewlyRegistered extends Registered {
  registrationToken: string;
}

/** @throws RegistrationError when the tenant has as many as it may */
export function registerClient(
  service: Arthemiz,
  { given, createdBy }: { given: Registration; createdBy: string },
): Promise<NewlyRegistered> {
  const { RegisteredClient } = service.models;
  return inTenantsRegion(service, async (unit) => {
    // Whoever registers writes here first, so that two take turns and none is one too many.
    await takeTurn(service, 'clientRegistrations');
    if ((await RegisteredClient.countDocuments()) >= maximumRegisteredClients)
      throw invalidMetadata(
        `The tenant has ${maximumRegisteredClients} registered clients, which is the most. Delete one that nobody uses.`,
      );
    const secret = needsSecret(given) ? newClientSecret() : null;
    const registrationToken = newClientSecret();
    const row = {
      ...{ _id: newId(idPrefix), ...fieldsOf(given), createdBy, createdAt: new Date() },
      secretHash: secret === null ? null : hashClientSecret(secret),
      registrationTokenHash: hashClientSecret(registrationToken),
    };
    await RegisteredClient.create([row]);
    await tellRegisteredClient(unit, 'arthemiz.registered-client.created.v1', {
      client: row,
      changedBy: createdBy,
    });
    return { client: { ...row, tenantId: currentTenant() }, secret, registrationToken };
  });
}

export interface ClientChange {
  client: RegisteredClientRow;
  /** Null: the client itself. */
  changedBy: string | null;
}

/** In the place of all that it was registered with; null when it is gone. A secret goes on while it has a use. */
export function changeClient(
  service: Arthemiz,
  { client, given, changedBy }: ClientChange & { given: Registration },
): Promise<Registered | null> {
  const secret = needsSecret(given) && !client.secretHash ? newClientSecret() : null;
  const kept = needsSecret(given) ? (client.secretHash ?? null) : null;
  const fields = {
    ...fieldsOf(given),
    secretHash: secret === null ? kept : hashClientSecret(secret),
  };
  return inTenantsRegion(service, async (unit) => {
    const { RegisteredClient } = service.models;
    const { matchedCount } = await RegisteredClient.updateOne({ _id: client._id }, { $set: fields });
    if (matchedCount === 0) return null;
    const changed = { ...client, ...fields };
    await tellRegisteredClient(unit, 'arthemiz.registered-client.updated.v1', { client: changed, changedBy });
    return { client: changed, secret };
  });
}

/**
 * With all that it was granted. Its access tokens are out still: what is noted has gateways take them no more.
 * @returns false when it was gone already
 */
export function removeClient(service: Arthemiz, { client, changedBy }: ClientChange): Promise<boolean> {
  const { RegisteredClient } = service.models;
  const { _id: clientId } = client;
  return inTenantsRegion(service, async (unit) => {
    const { deletedCount } = await RegisteredClient.deleteOne({ _id: clientId });
    if (deletedCount === 0) return false;
    await doAtHome(service, 'forget-grants-of-client', { clientId });
    await noteGrantChange(service, { subject: clientId, rolesRemoved: [], permissionsRemoved: [] });
    await tellRegisteredClient(unit, 'arthemiz.registered-client.deleted.v1', { client, changedBy });
    return true;
  });
}

function fieldsOf(given: Registration) {
  return {
    name: given.client_name,
    redirectUris: given.redirect_uris,
    applicationType: given.application_type,
    authenticationMethod: given.token_endpoint_auth_method,
    grantTypes: given.grant_types,
    scope: given.scope,
    backchannelLogoutUri: given.backchannel_logout_uri ?? null,
    publicKeys: given.jwks?.keys ?? [],
  };
}
