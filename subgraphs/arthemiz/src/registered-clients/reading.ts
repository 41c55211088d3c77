// Registered clients as the OpenID provider knows them, and whose they are.
import type { ClientMetadata } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { findInRegions } from '../residency/searching.ts';
import { idPrefix, type RegisteredClientRow } from './model.ts';

export function isRegisteredClientId(id: string): boolean {
  return id.startsWith(`${idPrefix}_`);
}

/** Null for a client that nobody knows, or of another kind. */
export async function findRegisteredClient(
  service: Pick<Arthemiz, 'models' | 'regions' | 'connection'>,
  id: string,
): Promise<RegisteredClientRow | null> {
  if (!isRegisteredClientId(id)) return null;
  return findInRegions(service, {
    reason: 'a client is known before its tenant is',
    find: () => service.models.RegisteredClient.findOne({ _id: id }).lean<RegisteredClientRow>(),
  });
}

/** The one tenant whose members may sign in to a client; null for the platform's own, which anybody may. */
export async function homeTenantOf(service: Arthemiz, clientId: string): Promise<string | null> {
  return (await findRegisteredClient(service, clientId))?.tenantId ?? null;
}

/** What was registered of it, as client metadata (RFC 7591, 2), but for what it authenticates with. */
export function registeredMetadata(client: RegisteredClientRow) {
  const { publicKeys, backchannelLogoutUri } = client;
  return {
    client_id: client._id,
    client_name: client.name,
    redirect_uris: client.redirectUris,
    application_type: client.applicationType,
    token_endpoint_auth_method: client.authenticationMethod,
    grant_types: client.grantTypes,
    response_types: ['code' as const],
    scope: client.scope,
    ...(backchannelLogoutUri
      ? { backchannel_logout_uri: backchannelLogoutUri, backchannel_logout_session_required: true }
      : {}),
    ...(publicKeys.length > 0 ? { jwks: { keys: publicKeys } } : {}),
  };
}

/** As the provider knows it. Its `client_secret` is the digest; see oidc/provider.ts. */
export async function registeredClientMetadata(
  service: Arthemiz,
  id: string,
): Promise<ClientMetadata | undefined> {
  const client = await findRegisteredClient(service, id);
  if (client === null) return undefined;
  const { secretHash } = client;
  return { ...registeredMetadata(client), ...(secretHash ? { client_secret: secretHash } : {}) };
}
