// API keys through the subgraph's own API, and what gateways are told of them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { digestOf, readApiKey } from '@supergraph/chassis/api-key';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { PersonRow } from '../people/model.ts';
import { defaultRoles, type Permission } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let owner: PersonRow;
beforeAll(async () => {
  fixture = await startFixture();
  access = openAccess(fixture);
});
afterAll(async () => {
  access?.close();
  await fixture?.stop();
});
beforeEach(async () => {
  tenant = await fixture.tenant();
  owner = await fixture.person({ tenants: [tenant] });
});

const ofOwner: readonly Permission[] = defaultRoles.find(({ name }) => name === 'owner')?.permissions ?? [];
const asOwner = () => ({ subject: owner._id, tenantId: tenant._id, permissions: ofOwner });
type AsViewer = Partial<ReturnType<typeof asOwner>>;

const key =
  'apiKey { id name permissions createdBy createdAt expiresAt previousEndsAt lastUsedAt revokedAt }';
const errors =
  'errors { __typename message ... on InvalidApiKeyInput { field } ... on ApiKeyPermissionNotHeld { permissions } }';

async function mutate(field: string, input: object, viewer: AsViewer = {}) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const selection = field === 'revokeApiKey' ? '' : 'secret';
  const { data, errors: thrown } = await fixture.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${key} ${selection} ${errors} } }`,
    { viewer: { ...asOwner(), ...viewer }, variables: { input } },
  );
  return { ...data?.[field], denied: thrown?.map(({ extensions }) => extensions?.code) };
}
const create = (input: object = {}, viewer?: AsViewer) =>
  mutate('createApiKey', { name: 'Nightly import', permissions: ['service:read'], ...input }, viewer);

/** As a gateway asks. */
const authenticate = (secret: string) =>
  access.authenticate(readApiKey(secret) ?? { id: 'none', digest: digestOf('') });

async function told(type: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const entries = await outbox.find({ 'event.type': type, 'event.tenantid': tenant._id }).toArray();
  return entries.map(({ event }) => event.data);
}

/** Moves what a key says of its times into the past. */
const age = (id: string, changed: object) =>
  inTenant(tenant._id, () => fixture.models.ApiKey.updateOne({ _id: id }, { $set: changed }));

describe('a new API key', () => {
  it('is shown once, told of without its secret, and good at once', async () => {
    const { apiKey, secret, errors } = await create({
      permissions: ['service:read', 'check:read', 'check:read'],
    });
    expect(errors).toEqual([]);
    expect(apiKey).toMatchObject({
      ...{ name: 'Nightly import', permissions: ['check:read', 'service:read'], createdBy: owner._id },
      ...{ previousEndsAt: null, lastUsedAt: null, revokedAt: null },
    });
    expect(Date.parse(apiKey.expiresAt) - Date.parse(apiKey.createdAt)).toBe(90 * 86_400_000);
    expect(await authenticate(secret)).toMatchObject({
      ...{ id: apiKey.id, tenantId: tenant._id, permissions: ['check:read', 'service:read'] },
      expiresAt: new Date(apiKey.expiresAt),
    });
    expect(await told('arthemiz.api-key.created.v1')).toMatchObject([{ apiKeyId: apiKey.id }]);
    const stored = JSON.stringify([
      await inTenant(tenant._id, () => fixture.models.ApiKey.find().lean()),
      await fixture.service.connection.collection('outbox').find().toArray(),
    ]);
    expect(stored).not.toContain(secret.slice(-49));
    expect(stored).toContain(digestOf(secret).toString('base64url'));
  });

  it('gives nothing that its creator lacks, and takes no input outside of its bounds', async () => {
    const few: AsViewer = { permissions: ['api-key:write', 'service:read'] };
    expect(await create({ permissions: ['role:write', 'service:read'] }, few)).toMatchObject({
      ...{ apiKey: null, secret: null },
      errors: [{ __typename: 'ApiKeyPermissionNotHeld', permissions: ['role:write'] }],
    });
    for (const [field, value] of Object.entries({ name: ' ', permissions: [], expiresInDays: 366 }))
      expect((await create({ [field]: value })).errors).toMatchObject([
        { __typename: 'InvalidApiKeyInput', field },
      ]);
    expect((await create({ permissions: ['all:everything'] })).errors).toMatchObject([
      { field: 'permissions.0' },
    ]);
    expect((await create({}, { permissions: ['service:read'] })).denied).toEqual(['FORBIDDEN']);
  });

  it('is made for nobody who is no member, and by no API key', async () => {
    expect((await create({}, { subject: 'per_gone' })).errors).toMatchObject([
      { __typename: 'ApiKeyPermissionNotHeld' },
    ]);
    const { apiKey } = await create();
    expect((await create({}, { subject: apiKey.id })).denied).toEqual(['FORBIDDEN']);
  });

  it('may be a service client’s', async () => {
    const { id } = await fixture.serviceClient({ tenant, role: 'viewer' });
    const { secret } = await create({}, { subject: id });
    expect(await authenticate(secret)).toMatchObject({ permissions: ['service:read'] });
  });
});

describe('what an API key may do', () => {
  it('is never more than its creator may at the moment', async () => {
    const { secret } = await create({ permissions: ['role:write', 'service:read', 'service:write'] });
    const allowed = async () => (await authenticate(secret))?.permissions;
    expect(await allowed()).toEqual(['role:write', 'service:read', 'service:write']);
    await fixture.join({ person: owner, tenant, role: 'viewer' });
    expect(await allowed()).toEqual(['service:read']);
    await fixture.join({ person: owner, tenant, role: 'operator' });
    expect(await allowed()).toEqual(['service:read', 'service:write']);
  });

  it('ends when its creator leaves, and stays so when they come back', async () => {
    const { secret } = await create();
    expect(await authenticate(secret)).toBeDefined();
    await fixture.leave({ person: owner, tenant });
    expect(await authenticate(secret)).toBeUndefined();
    await fixture.join({ person: owner, tenant, role: 'owner' });
    expect(await authenticate(secret)).toBeUndefined();
  });

  it('is nothing for another secret under its id, and after its end', async () => {
    const { apiKey, secret } = await create();
    const { secret: other } = await create();
    const digest = readApiKey(other)?.digest ?? Buffer.alloc(0);
    expect(await access.authenticate({ id: apiKey.id, digest })).toBeUndefined();
    expect(await access.authenticate({ id: apiKey.id, digest: Buffer.alloc(0) })).toBeUndefined();
    await age(apiKey.id, { expiresAt: new Date(Date.now() - 1) });
    expect(await authenticate(secret)).toBeUndefined();
  });
});

describe('a rotation', () => {
  it('gives another secret, and lets the one from before live on for the overlap', async () => {
    const { apiKey, secret: first } = await create({ expiresInDays: 10 });
    await age(apiKey.id, { expiresAt: new Date(Date.now() + 2 * 86_400_000) });
    const rotated = await mutate('rotateApiKey', { id: apiKey.id, overlapHours: 1 });
    expect(rotated.errors).toEqual([]);
    expect(Date.parse(rotated.apiKey.expiresAt)).toBeGreaterThan(Date.now() + 9 * 86_400_000);
    const overlapMs = Date.parse(rotated.apiKey.previousEndsAt) - Date.now();
    expect(overlapMs).toBeGreaterThan(3_500_000);
    expect(overlapMs).toBeLessThanOrEqual(3_600_000);
    expect(await authenticate(first)).toMatchObject({ expiresAt: new Date(rotated.apiKey.previousEndsAt) });
    expect(await authenticate(rotated.secret)).toMatchObject({ id: apiKey.id });
    await age(apiKey.id, { 'previous.endsAt': new Date(Date.now() - 1) });
    expect(await authenticate(first)).toBeUndefined();
    expect(await authenticate(rotated.secret)).toBeDefined();
    expect(await told('arthemiz.api-key.rotated.v1')).toMatchObject([{ apiKeyId: apiKey.id }]);
  });

  it('without an overlap ends the one from before at once', async () => {
    const { apiKey, secret } = await create();
    const rotated = await mutate('rotateApiKey', { id: apiKey.id, overlapHours: 0 });
    expect(await authenticate(secret)).toBeUndefined();
    expect(await authenticate(rotated.secret)).toBeDefined();
  });

  it('is for its creator alone: a secret is theirs to act by', async () => {
    const { apiKey } = await create();
    const colleague = await fixture.person({ tenants: [tenant] });
    const taken = await mutate('rotateApiKey', { id: apiKey.id }, { subject: colleague._id });
    expect(taken).toMatchObject({ apiKey: null, secret: null, errors: [{ __typename: 'ApiKeyNotFound' }] });
    // Nor for a thief, to keep the key after its revocation.
    expect((await mutate('rotateApiKey', { id: apiKey.id }, { subject: apiKey.id })).errors).toMatchObject([
      { __typename: 'ApiKeyNotFound' },
    ]);
  });
});

describe('a revocation', () => {
  it('ends all secrets of the key at once and for good, by whoever of the tenant may', async () => {
    const { apiKey, secret: first } = await create();
    const { secret: second } = await mutate('rotateApiKey', { id: apiKey.id });
    const colleague = await fixture.person({ tenants: [tenant] });
    const { apiKey: revoked } = await mutate('revokeApiKey', { id: apiKey.id }, { subject: colleague._id });
    expect(Date.parse(revoked.revokedAt)).toBeLessThanOrEqual(Date.now());
    for (const secret of [first, second]) expect(await authenticate(secret)).toBeUndefined();
    expect((await mutate('rotateApiKey', { id: apiKey.id })).errors).toHaveLength(1);
    expect((await mutate('revokeApiKey', { id: apiKey.id })).apiKey.revokedAt).toBe(revoked.revokedAt);
    expect(await told('arthemiz.api-key.revoked.v1')).toEqual([
      { apiKeyId: apiKey.id, revokedBy: colleague._id },
    ]);
  });

  it('reaches no other tenant', async () => {
    const { apiKey, secret } = await create();
    const other = await fixture.tenant();
    const { errors } = await mutate('revokeApiKey', { id: apiKey.id }, { tenantId: other._id });
    expect(errors).toMatchObject([{ __typename: 'ApiKeyNotFound' }]);
    expect(await authenticate(secret)).toBeDefined();
  });
});

describe('the list of API keys', () => {
  const list = (viewer: AsViewer = {}) =>
    fixture.execute('{ apiKeys(first: 2) { nodes { name lastUsedAt } pageInfo { hasNextPage } } }', {
      viewer: { ...asOwner(), ...viewer },
    });

  it('shows the tenant’s own, newest first, with their last use', async () => {
    for (const name of ['first', 'second', 'third']) {
      const { secret } = await create({ name });
      if (name === 'second') await authenticate(secret);
    }
    const { data } = await list();
    expect(data.apiKeys).toEqual({
      nodes: [
        { name: 'third', lastUsedAt: null },
        { name: 'second', lastUsedAt: expect.any(String) },
      ],
      pageInfo: { hasNextPage: true },
    });
    const other = await fixture.tenant();
    expect((await list({ tenantId: other._id })).data.apiKeys.nodes).toEqual([]);
    const { errors } = await list({ permissions: ['api-key:write'] });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
