// What tools ask of a schema, as they ask it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, printSchema } from 'graphql';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform?.stop());

describe('introspection', () => {
  it('tells everybody who signed in the whole public schema, and nothing of the federation', async () => {
    const token = await platform.token({ permissions: [] });
    const { data, errors } = await platform.query(getIntrospectionQuery({ descriptions: true }), { token });
    expect(errors).toBeUndefined();
    const schema = printSchema(buildClientSchema(data));
    expect(schema).toContain('type SecurityEvent ');
    expect(schema).toContain('type Subscription ');
    expect(schema).not.toMatch(/_entities|_service|join__|_Any/);
  });

  it('stands beside fields that are denied, with fragments within fragments', async () => {
    const token = await platform.token({ permissions: [] });
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

  it('is for those who signed in', async () => {
    const { data, errors } = await platform.query(getIntrospectionQuery());
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
  });
});
