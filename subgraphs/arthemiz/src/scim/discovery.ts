// What a client may learn of this service before it uses it (RFC 7644, 4).
import { resourceNotFound } from './errors.ts';
import { listOf, maximumPageSize } from './lists.ts';
import { groupSchema, schemas, userSchema } from './schemas.ts';

export function serviceProviderConfig(baseUrl: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: maximumPageSize },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'An API key of the tenant, or an access token.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

const resourceType = ({ name, schema }: { name: 'User' | 'Group'; schema: string }, baseUrl: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
  id: name,
  name,
  endpoint: `/${name}s`,
  schema,
  meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${name}` },
});

export function resourceTypes(baseUrl: string, id: string | undefined) {
  const all = [
    resourceType({ name: 'User', schema: userSchema }, baseUrl),
    resourceType({ name: 'Group', schema: groupSchema }, baseUrl),
  ];
  return oneOrAll(all, id);
}

export function schemaDefinitions(baseUrl: string, id: string | undefined) {
  const all = schemas.map((schema) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    ...schema,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${schema.id}` },
  }));
  return oneOrAll(all, id);
}

function oneOrAll<Item extends { id: string }>(all: Item[], id: string | undefined) {
  if (id === undefined) return listOf(all, { startIndex: 1, totalResults: all.length });
  const one = all.find((each) => each.id === id);
  if (one === undefined) throw resourceNotFound();
  return one;
}
