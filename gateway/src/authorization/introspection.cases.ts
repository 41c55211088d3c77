// What tools ask of a schema, as they ask it.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await sharedPlatform();
});

describe('introspection', () => {
  it('tells developers the whole public schema, and nothing of the federation', async () => {
    const token = await platform.token({ permissions: ['schema:read'] });
    const { data, errors } = await platform.query(getIntrospectionQuery({ descriptions: true }), { token });
    expect(errors).toBeUndefined();
    const schema = printSchema(buildClientSchema(data));
    expect(schema).toContain('type SecurityEvent ');
    expect(schema).toContain('type Subscription ');
    expect(schema).not.toMatch(/_entities|_service|join__|_Any/);
  });

  it('stands beside fields that are denied, with fragments within fragments', async () => {
    const token = await platform.token({ permissions: ['schema:read'] });
    const { data, errors } = await platform.query(
      `{ __schema { queryType { ...Named } } tenantType: __type(name: "Tenant") { ...Named fields { type { ...Named } } }
         securityEvents(first: 1) { nodes { type } } }
       fragment Named on __Type { ...Name kind } fragment Name on __Type { name }`,
      { token },
    );
    expect(data).toMatchObject({
      __schema: { queryType: { name: 'Query', kind: 'OBJECT' } },
      tenantType: { name: 'Tenant', kind: 'OBJECT' },
      securityEvents: null,
    });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });

  it('is for developers', async () => {
    const { data, errors } = await platform.query(getIntrospectionQuery());
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
    const token = await platform.token({ permissions: ['tenant:read'] });
    const other = await platform.query('{ __type(name: "Tenant") { name } viewer { id } }', { token });
    expect(other.data).toEqual({ __type: null, viewer: { id: 'per_test' } });
    expect(other.errors).toMatchObject([
      {
        message: "Query.__type takes schema:read, which your roles don't include.",
        path: ['__type'],
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
  });

  it('is not replaced by errors that know better', async () => {
    const messages = async (permissions: string[]) => {
      const token = await platform.token({ permissions });
      const { errors } = await platform.query('{ servces { nodes { id } } }', { token });
      const variables = { types: ['SIGN_IN_FAILD'] };
      const query =
        'query ($types: [SecurityEventType!]) { securityEvents(filter: { types: $types }) { nodes { id } } }';
      const other = await platform.query(query, { token, variables });
      return [...(errors ?? []), ...(other.errors ?? [])].map(({ message }) => message).join(' ');
    };
    expect(await messages(['tenant:read'])).not.toMatch(/did you mean/i);
    expect(await messages(['schema:read'])).toMatch(/Did you mean "services".*Did you mean the enum value/s);
  });
});
