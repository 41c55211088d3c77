// Service clients through the subgraph's own API, and what becomes of them at the token endpoint.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { defaultRoles, type Permission } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
let tenant: TenantRow;
let other: TenantRow;
let ownerId: string;
let roleIds: Record<string, string>;
beforeAll(async () => {
  fixture = await startFixture();
  tenant = await fixture.tenant();
  other = await fixture.tenant();
  ownerId = (await fixture.member(tenant))._id;
  const roles = await inTenant(tenant._id, () => fixture.models.Role.find().lean());
  roleIds = Object.fromEntries(roles.map(({ name, _id }) => [name, _id]));
});
afterAll(() => fixture?.stop());

const permissionsOf = (role: string): Permission[] => [
  ...(defaultRoles.find(({ name }) => name === role)?.permissions ?? []),
];
const asOwner = () => ({ subject: ownerId, tenantId: tenant._id, permissions: permissionsOf('owner') });
type AsViewer = Partial<Omit<ReturnType<typeof asOwner>, 'permissions'>> & { permissions?: Permission[] };
/** May write clients, and read what viewers read. */
const few = (): AsViewer => ({ permissions: [...permissionsOf('viewer'), 'service-client:write'] });

const withSecret = ['createServiceClient', 'rotateServiceClientSecret'];
async function mutate(field: string, input: object, viewer: AsViewer = {}) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const selection =
    field === 'deleteServiceClient'
      ? 'deletedServiceClientId'
      : `serviceClient { id name keyIds createdBy previousSecretEndsAt } ${withSecret.includes(field) ? 'secret' : ''}`;
  const { data, errors: thrown } = await fixture.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection}
      errors { __typename message ... on InvalidRoleInput { field } ... on PermissionNotHeld { permissions } } } }`,
    { viewer: { ...asOwner(), ...viewer }, variables: { input } },
  );
  return { ...data?.[field], denied: thrown?.map(({ extensions }) => extensions?.code) };
}

let made = 0;
const create = (role = 'viewer', input: object = {}, viewer?: AsViewer) => {
  made += 1;
  const roles = { name: `Import ${made}`, roleIds: [roleIds[role]] };
  return mutate('createServiceClient', { ...roles, ...input }, viewer);
};

const grant = async (id: string, authentication: client.ClientAuth) => {
  const config = await fixture.configure(id, authentication);
  return decodeJwt((await client.clientCredentialsGrant(config)).access_token);
};
const bySecret = (id: string, secret: string) => grant(id, client.ClientSecretBasic(secret));
const refused = { status: 401 };

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': `arthemiz.service-client.${type}.v1` }).toArray();
  return entries.map(({ event }) => event.data);
}

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const { kty = '', crv, x, y } = await exportJWK(publicKey);
  return { jwk: { kid, kty, crv, x, y }, authentication: client.PrivateKeyJwt({ key: privateKey, kid }) };
}

describe('a new service client', () => {
  it('gets tokens at once by a secret that is shown once, told to nobody and kept nowhere', async () => {
    const { serviceClient, secret, errors } = await create('operator');
    expect({ errors, serviceClient }).toMatchObject({
      errors: [],
      serviceClient: { createdBy: ownerId, keyIds: [], previousSecretEndsAt: null },
    });
    expect(await bySecret(serviceClient.id, secret)).toMatchObject({
      ...{ sub: serviceClient.id, tenant: tenant._id, roles: ['operator'] },
    });
    const [event] = (await told('created')).filter(({ clientId }) => clientId === serviceClient.id);
    expect(event).toMatchObject({ roles: ['operator'], changedBy: ownerId });
    const rows = await inTenant(tenant._id, () => fixture.models.ServiceClient.find().lean());
    expect(JSON.stringify([rows, event])).not.toContain(secret);
  });

  it('proves itself by keys of its own, and then has no secret', async () => {
    const { jwk, authentication } = await newKey('one');
    const { serviceClient, secret } = await create('viewer', { publicKeys: [jwk] });
    expect([serviceClient.keyIds, secret]).toEqual([['one'], null]);
    expect(await grant(serviceClient.id, authentication)).toMatchObject({ roles: ['viewer'] });
  });

  it('holds nothing that its maker lacks, has a name of its own, and is made by no API key', async () => {
    expect(await create('owner', {}, few())).toMatchObject({
      ...{ serviceClient: null, secret: null },
      errors: [{ __typename: 'PermissionNotHeld' }],
    });
    const { serviceClient } = await create('viewer', {}, few());
    expect((await create('viewer', { name: serviceClient.name.toUpperCase() })).errors).toMatchObject([
      { __typename: 'ServiceClientNameTaken' },
    ]);
    expect((await create('viewer', { name: ' ' })).errors).toMatchObject([{ field: 'name' }]);
    expect((await create('viewer', { roleIds: ['rol_none'] })).errors).toMatchObject([
      { __typename: 'RoleNotFound' },
    ]);
    expect((await create('viewer', { publicKeys: [{ kid: 'a', kty: 'oct' }] })).errors).not.toEqual([]);
    expect((await create('viewer', {}, { subject: 'key_stolen' })).denied).toEqual(['FORBIDDEN']);
    expect((await create('viewer', {}, { permissions: permissionsOf('viewer') })).denied).toEqual([
      'FORBIDDEN',
    ]);
  });
});

describe('a service client', () => {
  it('goes on by the secret from before a rotation for its overlap, and without one not at all', async () => {
    const { serviceClient, secret: first } = await create();
    const { id } = serviceClient;
    const { secret: second, serviceClient: rotated } = await mutate('rotateServiceClientSecret', { id });
    expect(Date.parse(rotated.previousSecretEndsAt)).toBeGreaterThan(Date.now());
    for (const secret of [first, second]) await bySecret(id, secret);
    const { secret: third } = await mutate('rotateServiceClientSecret', { id, overlapHours: 0 });
    await bySecret(id, third);
    for (const secret of [first, second]) await expect(bySecret(id, secret)).rejects.toMatchObject(refused);
    const { secret: fourth } = await mutate('rotateServiceClientSecret', { id, overlapHours: 1 });
    await inTenant(tenant._id, () =>
      fixture.models.ServiceClient.updateOne(
        { _id: id },
        { $set: { 'previousSecret.endsAt': new Date(Date.now() - 1) } },
      ),
    );
    await expect(bySecret(id, third)).rejects.toMatchObject(refused);
    await bySecret(id, fourth);
  });

  it('exchanges its secret for keys, and these for others', async () => {
    const { serviceClient, secret } = await create();
    const { id } = serviceClient;
    const [one, two] = [await newKey('one'), await newKey('two')];
    await mutate('setServiceClientKeys', { id, publicKeys: [one.jwk, two.jwk] });
    for (const { authentication } of [one, two]) await grant(id, authentication);
    await expect(bySecret(id, secret)).rejects.toMatchObject(refused);
    await mutate('setServiceClientKeys', { id, publicKeys: [two.jwk] });
    await grant(id, two.authentication);
    await expect(grant(id, one.authentication)).rejects.toMatchObject(refused);
  });

  it('falls into the hands of nobody who may do less, though they may end it', async () => {
    const { serviceClient, secret } = await create('owner');
    const { id } = serviceClient;
    const { jwk } = await newKey('mine');
    const held = [{ __typename: 'PermissionNotHeld' }];
    expect((await mutate('rotateServiceClientSecret', { id }, few())).errors).toMatchObject(held);
    expect((await mutate('setServiceClientKeys', { id, publicKeys: [jwk] }, few())).errors).toMatchObject(
      held,
    );
    await bySecret(id, secret);
    const byKey = { ...few(), subject: 'key_stolen' };
    expect((await mutate('deleteServiceClient', { id }, byKey)).denied).toEqual(['FORBIDDEN']);
    await bySecret(id, secret);
    expect(await mutate('deleteServiceClient', { id }, few())).toMatchObject({
      ...{ deletedServiceClientId: id, errors: [] },
    });
    await expect(bySecret(id, secret)).rejects.toMatchObject(refused);
  });

  it('holds other roles at once, and gateways are told what it lost by that and by its end', async () => {
    const { serviceClient, secret } = await create('operator');
    const { id } = serviceClient;
    const roles = (...names: string[]) => ({ id, roleIds: names.map((name) => roleIds[name]) });
    expect((await mutate('updateServiceClient', roles('operator', 'owner'), few())).errors).toMatchObject([
      { __typename: 'PermissionNotHeld' },
    ]);
    await mutate('updateServiceClient', roles('viewer'));
    expect(await bySecret(id, secret)).toMatchObject({ roles: ['viewer'] });
    await mutate('deleteServiceClient', { id });
    const lost = expect.arrayContaining(['check:write']);
    const changes = await inTenant(tenant._id, () => fixture.models.GrantChange.find({ subject: id }).lean());
    expect(changes).toMatchObject([
      { rolesRemoved: ['operator'], permissionsRemoved: lost },
      { rolesRemoved: ['viewer'] },
    ]);
    expect(await told('deleted')).toContainEqual(
      expect.objectContaining({ clientId: id, changedBy: ownerId }),
    );
  });

  it('is listed, with its roles, in its tenant alone, and does not exist for another', async () => {
    const { serviceClient } = await create();
    const list = (viewer: object) =>
      fixture.execute('{ serviceClients(first: 100) { nodes { id roles { name } } } }', { viewer });
    const permissions = ['service-client:read', 'role:read'];
    const { data } = await list({ tenantId: tenant._id, permissions });
    expect(data.serviceClients.nodes).toContainEqual({ id: serviceClient.id, roles: [{ name: 'viewer' }] });
    const foreign = await list({ tenantId: other._id, permissions });
    expect(foreign.data.serviceClients.nodes).toEqual([]);
    const { id } = serviceClient;
    for (const [field, input] of Object.entries({
      updateServiceClient: { id, roleIds: [] },
      rotateServiceClientSecret: { id },
      deleteServiceClient: { id },
    }))
      expect((await mutate(field, input, { tenantId: other._id })).errors).toMatchObject([
        { __typename: 'ServiceClientNotFound' },
      ]);
  });
});
