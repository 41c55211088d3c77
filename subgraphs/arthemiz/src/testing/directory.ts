// For tests only: an identity provider that provisions a tenant by SCIM.
import type { PersonRow } from '../people/model.ts';
import type { Permission } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { actingAs, planOf } from './acting.ts';
import { type Fixture, issuer } from './fixture.ts';

export type Directory = Awaited<ReturnType<typeof connectDirectory>>;

export interface ScimResponse {
  status: number;
  headers: Headers;
  // What a test is about, it asserts.
  // biome-ignore lint/suspicious/noExplicitAny: the body of a response, as a client of the protocol gets it
  body: any;
}

export interface ConnectedDirectory {
  tenant?: TenantRow;
  owner?: PersonRow;
  /** Of its API key; all of an owner's unless told. */
  permissions?: readonly Permission[];
}

/** A tenant, its owner, and a directory with an API key of the owner's. */
export async function connectDirectory(fixture: Fixture, given: ConnectedDirectory = {}) {
  const tenant = given.tenant ?? (await fixture.tenant());
  const owner = given.owner ?? (await fixture.member(tenant));
  const permissions = given.permissions ?? planOf('owner');
  const { data } = await fixture.execute(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } errors { message } } }',
    {
      viewer: actingAs(owner, tenant, planOf('owner')),
      variables: { input: { name: 'Directory', permissions } },
    },
  );
  const { secret, apiKey } = data.createApiKey;
  return {
    tenant,
    owner,
    secret: String(secret),
    apiKeyId: String(apiKey.id),
    ...scimClient(fixture, secret),
  };
}

/** Requests with a token; none without one. */
export function scimClient({ publicFetch }: Pick<Fixture, 'publicFetch'>, token: string | null) {
  async function send(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<ScimResponse> {
    const response = await publicFetch(`${issuer}/scim/v2${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }
  return {
    send,
    get: (path: string, headers?: Record<string, string>) => send('GET', path, headers ? { headers } : {}),
    post: (path: string, body: unknown) => send('POST', path, { body }),
    put: (path: string, body: unknown) => send('PUT', path, { body }),
    patch: (path: string, ...Operations: object[]) =>
      send('PATCH', path, {
        body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations },
      }),
    delete: (path: string) => send('DELETE', path),
    list: (resource: 'Users' | 'Groups', filter: string, more = '') =>
      send('GET', `/${resource}?filter=${encodeURIComponent(filter)}${more}`),
  };
}

export const newUser = (userName: string, more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName,
  ...more,
});
export const newGroup = (displayName: string, more: object = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  ...more,
});
