// The programs that may ask for tokens: the platform's own, known by name, and the tenants' service clients. Those of third
// parties: registered-clients/.
import type { ClientMetadata } from 'oidc-provider';
import type { ServiceClientRow } from '../clients/model.ts';
import { goodSecretHashes } from '../clients/rules.ts';
import type { Config } from '../config.ts';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import { tokenExchange } from '../token-exchange/rules.ts';

const publicClient = {
  // Their programs are in everybody's hands, so they have no secret; PKCE stands in for it.
  token_endpoint_auth_method: 'none',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
} satisfies Partial<ClientMetadata>;

/** The platform's own clients. People are not asked for consent to them. */
export function firstPartyClients({ PUBLIC_ORIGINS }: Pick<Config, 'PUBLIC_ORIGINS'>): ClientMetadata[] {
  const onEach = (...paths: string[]) =>
    PUBLIC_ORIGINS.flatMap((origin) => paths.map((path) => `${origin}${path}`));
  return [
    {
      ...publicClient,
      client_id: 'explorer',
      client_name: 'Explorer',
      redirect_uris: onEach('/explorer/', '/explorer/callback'),
      post_logout_redirect_uris: onEach('/explorer/'),
    },
    {
      ...publicClient,
      client_id: 'console',
      client_name: 'Console',
      redirect_uris: onEach('/console/'),
      post_logout_redirect_uris: onEach('/console/'),
    },
    {
      ...publicClient,
      // People sign in to it for the pages about their own account; it never asks for tokens.
      client_id: 'account',
      client_name: 'Your account',
      redirect_uris: onEach('/auth/account/security'),
    },
    {
      ...publicClient,
      client_id: 'cli',
      client_name: 'Command line',
      application_type: 'native',
      // On machines without a browser, people let it in elsewhere.
      grant_types: [...publicClient.grant_types, 'urn:ietf:params:oauth:grant-type:device_code'],
      // Any port of the loopback (RFC 8252, 7.3).
      redirect_uris: ['http://127.0.0.1/callback'],
    },
  ];
}

/** A tenant's service client as OAuth client metadata. Its `client_secret` is the digests of those that are good; see provider.ts. */
export async function findServiceClient(service: Arthemiz, id: string): Promise<ClientMetadata | undefined> {
  const client = await partsOf(service).clients.find(id);
  if (client === null) return undefined;
  return {
    client_id: client._id,
    client_name: client.name,
    ...authenticationOf(client),
    grant_types: ['client_credentials', tokenExchange],
    response_types: [],
    redirect_uris: [],
  };
}

function authenticationOf(client: ServiceClientRow): Partial<ClientMetadata> {
  const { publicKeys } = client;
  if (publicKeys.length > 0)
    return { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: publicKeys } };
  const hashes = goodSecretHashes(client, new Date());
  return { token_endpoint_auth_method: 'client_secret_basic', client_secret: hashes.join(' ') };
}
