// What one tenant, or somebody with few permissions, can learn of what is another's.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant, TenancyError } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { Kind, type ObjectTypeDefinitionNode, parse } from 'graphql';
import { invitePerson } from './invitations/inviting.ts';
import { models } from './models.ts';
import type { PersonRow } from './people/model.ts';
import { noteVerified } from './people/verifying.ts';
import type { TenantRow } from './tenants/model.ts';
import { type Fixture, startFixture } from './testing/fixture.ts';

let fixture: Fixture;
let tenant: TenantRow;
let other: TenantRow;
let person: PersonRow;
beforeAll(async () => {
  // Nobody listens there; the mail waits.
  fixture = await startFixture({ SMTP_URL: 'smtp://127.0.0.1:9' });
  tenant = await fixture.tenant({ name: 'Secretly Acme' });
  other = await fixture.tenant({ name: 'Globex' });
  person = await fixture.person({ tenants: [tenant] });
  await noteVerified(fixture.service, person._id);
  await fixture.serviceClient({ tenant });
  await inTenant(tenant._id, () => fixture.models.ApiKey.create([apiKey()]));
  const inviter = { subject: person._id, permissions: new Set<string>() };
  await inTenant(tenant._id, () =>
    invitePerson(fixture.service, { email: 'guest@acme.test', roleIds: [], inviter }),
  );
  await inTenant(tenant._id, () => fixture.models.Elevation.create([elevation()]));
  await inTenant(tenant._id, () => fixture.models.Separation.create([separation()]));
  await inTenant(tenant._id, () => fixture.models.RemovedMember.create([removedMember()]));
  await inTenant(tenant._id, () => fixture.models.Domain.create([domain()]));
  await inTenant(tenant._id, () => fixture.models.TenantExport.create([tenantExport()]));
  const suspension = { reason: 'So that there is one.', since: new Date(), by: person._id };
  const inAnHour = new Date(Date.now() + 3_600_000);
  const deletion = { scheduledAt: new Date(), eraseAt: inAnHour, by: person._id };
  await fixture.models.Tenant.updateOne({ _id: tenant._id }, { $set: { suspension, deletion } });
  await fixture.models.TenantMove.create({
    ...{ _id: tenant._id, sequence: 1, from: 'default', to: 'eu', status: 'FAILED', parts: [] },
    ...{ askedAt: new Date(), startedAt: new Date() },
  });
  await inTenant(tenant._id, () =>
    fixture.models.EndedSession.create([{ sessionId: 'ses_x', endedAt: new Date() }]),
  );
  await inTenant(tenant._id, () => fixture.models.AccessRule.create([accessRule()]));
  await inTenant(tenant._id, () => fixture.models.FactorDemand.create([factorDemand()]));
  await inTenant(tenant._id, () => fixture.models.TenantBranding.create([{ displayName: 'Acme' }]));
  await inTenant(tenant._id, () => fixture.models.TenantTurns.create([{ grantChanges: 1 }]));
  const createdAt = new Date();
  await inTenant(tenant._id, () => fixture.models.HomeTask.create([{ kind: 'x', data: {}, createdAt }]));
  await inTenant(tenant._id, () => fixture.models.SsoConnection.create([ssoConnection()]));
  await inTenant(tenant._id, () => fixture.models.IdentityLink.create([identityLink()]));
  await inTenant(tenant._id, () => fixture.models.RegisteredClient.create([registeredClient()]));
  await inTenant(tenant._id, () => fixture.models.LogoutNotice.create([logoutNotice()]));
  await fixture.group({ tenant, roles: ['viewer'], people: [person] });
  for (const role of ['viewer', 'owner']) await fixture.join({ person, tenant, role });
  await inTenant(tenant._id, () =>
    fixture.models.Membership.updateOne({ personId: person._id }, { $set: { suspendedAt: new Date() } }),
  );
  // Until all have heard of all steps, provisionings change by themselves.
  await eventually(async () => {
    const all = await acrossTenants('a test waits', () => fixture.models.Provisioning.find().lean());
    return all.every(({ declared, status, dueAt }) => declared && status === 'SUCCEEDED' && !dueAt);
  });
});
afterAll(() => fixture?.stop());

const apiKey = () => ({
  ...{ name: `key ${Math.random()}`, permissions: [], createdBy: 'per_x', boundTo: 'mem_x', digest: 'x' },
  ...{
    lifetimeDays: 1,
    createdAt: new Date(),
    expiresAt: new Date(),
    forgetAt: new Date(Date.now() + 60_000),
  },
});

const domain = () => ({
  ...{ name: `d${Math.random()}.test`, challenge: 'x' },
  isVerified: false,
  createdAt: new Date(),
});

const tenantExport = () => ({
  ...{ requestedBy: 'per_x', parts: [], createdAt: new Date() },
  expiresAt: new Date(Date.now() + 3_600_000),
});

const ssoConnection = () => ({
  ...{ name: `connection ${Math.random()}`, protocol: 'OIDC' as const, isEnabled: true, isRequired: false },
  ...{ provisionsPeople: false, defaultRoleIds: [], groupsClaim: 'groups', groupRoles: [] },
  ...{ createdAt: new Date(), changedAt: new Date() },
});

const identityLink = () => ({
  ...{
    connectionId: 'sso_x',
    subject: `${Math.random()}`,
    personId: `per_${Math.random()}`,
    givenRoleIds: [],
  },
  ...{ createdAt: new Date(), lastUsedAt: new Date() },
});

const registeredClient = () => ({
  ...{ name: 'Desk', redirectUris: ['https://desk.example/'], applicationType: 'web' as const },
  ...{ authenticationMethod: 'none' as const, grantTypes: ['authorization_code'], scope: 'openid' },
  ...{ registrationTokenHash: 'x', createdBy: 'per_x', createdAt: new Date() },
});

/** Not due for as long as the tests take. */
const logoutNotice = () => ({
  ...{ clientId: 'app_x', personId: 'per_x', sessionId: 'ses_x', attempts: 0 },
  ...{ dueAt: new Date(Date.now() + 3_600_000), giveUpAt: new Date(Date.now() + 3_600_000) },
});

const removedMember = () => ({
  ...{ personId: `per_${Math.random()}`, removedBy: 'per_x', removedAt: new Date() },
});

const separation = () => ({
  ...{ name: `s${Math.random()}`, roleIds: ['rol_x'], permissions: ['x:y'], createdAt: new Date() },
});

const elevation = () => ({
  ...{ personId: 'per_x', roleId: 'rol_x', roleName: 'owner', minutes: 5, reason: 'x' },
  requestedAt: new Date(),
});

const accessRule = () => ({
  effect: 'BLOCK' as const,
  kind: 'PERSON' as const,
  ...{ _id: `acr_${Math.random()}`, value: 'per_x', isActive: true },
  until: new Date(Date.now() + 3_600_000),
});

const factorDemand = () => ({
  ...{ responseId: `rsp_${Math.random()}`, personId: 'per_x', isRequired: true },
  until: new Date(Date.now() + 3_600_000),
});

const typesWithKey = parse(
  readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
).definitions.filter(
  (definition): definition is ObjectTypeDefinitionNode =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION &&
    (definition.directives ?? []).some(({ name }) => name.value === 'key'),
);

/** Selects a field of a @key type; grows with the schema, and a test says so when it does not. */
const selections: Record<string, Record<string, string>> = {
  Tenant: {
    name: 'name',
    slug: 'slug',
    createdAt: 'createdAt',
    compliance: 'compliance { secondFactorRequired }',
    branding: 'branding { displayName }',
    status: 'status',
    provisioning: 'provisioning { status }',
    suspension: 'suspension { reason }',
    deletion: 'deletion { by }',
    environmentKind: 'environmentKind',
    environments: 'environments { id }',
    region: 'region',
    move: 'move { status }',
    people: 'people { nodes { id } }',
    roles: 'roles { id }',
  },
  Person: {
    displayName: 'displayName',
    email: 'email',
    emailVerifiedAt: 'emailVerifiedAt',
    roles: 'roles { name }',
    scopedRoles: 'scopedRoles { resourceId }',
    groups: 'groups { name }',
    suspendedAt: 'suspendedAt',
    sessions: 'sessions { id }',
  },
};

const idOf = (typeName: string) => (typeName === 'Tenant' ? tenant._id : person._id);

interface Entrance {
  typeName: string;
  selection: string;
  id?: string;
  viewer: { tenantId: string | null; permissions?: string[]; isAnonymous?: boolean };
}

async function enter({ typeName, selection, id = idOf(typeName), viewer }: Entrance) {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typeName} { ${selection} } } }`;
  return fixture.execute(query, { viewer, variables: { of: [{ __typename: typeName, id }] } });
}

const every = [
  'tenant:read',
  'tenant:update',
  'tenant:suspend',
  'tenant:delete',
  'tenant:move',
  'person:read',
  'session:read',
  'role:read',
  'service:read',
  'security-event:read',
];

describe('entering by _entities', () => {
  it('is tried below for every type with a key, and for all of its protected fields', () => {
    for (const { name, fields = [] } of typesWithKey) {
      const isProtected = (field: (typeof fields)[number]) =>
        (field.directives ?? []).some((directive) => directive.name.value === 'policy');
      expect(Object.keys(selections[name.value] ?? {})).toEqual(
        fields.filter(isProtected).map((field) => field.name.value),
      );
    }
    expect(typesWithKey.map(({ name }) => name.value).sort()).toEqual(Object.keys(selections).sort());
  });

  const fields = Object.entries(selections).flatMap(([typeName, byField]) =>
    Object.entries(byField).map(([fieldName, selection]) => ({ typeName, fieldName, selection })),
  );

  it.each(fields)('gives $fieldName of a $typeName to who may see it, and to nobody else', async (field) => {
    const { typeName, selection, fieldName } = field;
    const within = { tenantId: tenant._id };
    const seen = await enter({ typeName, selection, viewer: { ...within, permissions: every } });
    expect(seen.errors).toBeUndefined();
    expect(seen.data._entities[0][fieldName]).toBeTruthy();

    const few = await enter({ typeName, selection, viewer: { ...within, permissions: ['service:read'] } });
    expect(few.data?._entities?.[0]?.[fieldName] ?? null).toBeNull();
    expect(few.errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);

    // Without a tenant there is not even an entity to be denied.
    const nobody = await enter({ typeName, selection, viewer: { tenantId: null, isAnonymous: true } });
    expect(nobody.data).toEqual({ _entities: [null] });
    for (const answer of [few, nobody]) {
      const text = JSON.stringify(answer);
      for (const secret of [tenant.name, tenant.slug, person.email, person.displayName]) {
        expect(text).not.toContain(secret);
      }
    }
  });

  it.each(fields)(
    "answers to the $fieldName of another tenant's $typeName as if it did not exist",
    async (field) => {
      const { typeName, selection } = field;
      const viewer = { tenantId: other._id, permissions: every };
      const foreign = await enter({ typeName, selection, viewer });
      const unknown = await enter({ typeName, selection, viewer, id: `${idOf(typeName)}0` });
      expect(foreign).toEqual({ status: 200, data: { _entities: [null] } });
      expect(foreign).toEqual(unknown);
    },
  );

  it('shows a platform operator the name of any tenant, and the people of none but their own', async () => {
    const viewer = { tenantId: other._id, permissions: ['tenant:create', 'person:read', 'role:read'] };
    const selection = 'name people { nodes { id } } roles { id }';
    const { data } = await enter({ typeName: 'Tenant', selection, viewer });
    expect(data._entities).toEqual([{ name: tenant.name, people: null, roles: null }]);
  });
});

describe('the models', () => {
  /** A new document of each tenant-owned model, but for its tenant. */
  const documents: Record<string, () => object> = {
    Membership: () => ({ personId: `per_${Math.random()}`, roleIds: [], createdAt: new Date() }),
    Role: () => ({ name: `role ${Math.random()}`, permissions: ['tenant:read'], createdAt: new Date() }),
    ApiKey: apiKey,
    Invitation: () => ({
      email: `${Math.random()}@acme.test`,
      roleIds: [],
      linkDigest: `${Math.random()}`,
      invitedBy: 'per_x',
      isOpen: true,
      createdAt: new Date(),
      expiresAt: new Date(),
    }),
    Provisioning: () => ({ status: 'SUCCEEDED', steps: [], sequence: 0, startedAt: new Date() }),
    Group: () => ({ name: `group ${Math.random()}`, roleIds: [], createdAt: new Date() }),
    Elevation: elevation,
    Separation: separation,
    RemovedMember: removedMember,
    Domain: domain,
    TenantExport: tenantExport,
    EndedSession: () => ({ sessionId: 'ses_x', endedAt: new Date() }),
    AccessRule: () => accessRule(),
    FactorDemand: factorDemand,
    SsoConnection: ssoConnection,
    IdentityLink: identityLink,
    RegisteredClient: registeredClient,
    LogoutNotice: logoutNotice,
    TenantBranding: () => ({ displayName: 'Acme' }),
    HomeTask: () => ({ kind: 'x', data: {}, createdAt: new Date() }),
    TenantTurns: () => ({ grantChanges: 1 }),
    GrantChange: () => ({ rolesRemoved: [], permissionsRemoved: [], changedAt: new Date() }),
    ServiceClient: () => ({
      name: `client ${Math.random()}`,
      secretHash: 'x',
      roleIds: [],
      createdAt: new Date(),
    }),
  };

  const tenantPathOf = (name: string): string => {
    const model = Object.entries(models).find(([each]) => each === name)?.[1];
    return model !== undefined && 'tenantPath' in model ? model.tenantPath : '';
  };

  it('are each a tenant’s and tested below, or the platform’s for a reason', () => {
    const owned = Object.entries(models).filter(([, model]) => 'tenantPath' in model);
    expect(owned.map(([name]) => name).sort()).toEqual(Object.keys(documents).sort());
    for (const model of Object.values(models)) {
      if (!('tenantPath' in model)) expect(model.reason.length).toBeGreaterThan(10);
    }
  });

  it.each(Object.keys(documents))(
    'keep the %s of one tenant from another: no read, count, change, delete or insert',
    async (name) => {
      const model = fixture.service.connection.model(name);
      const at =
        {
          GrantChange: 'changedAt',
          EndedSession: 'endedAt',
          AccessRule: 'until',
          FactorDemand: 'until',
          Provisioning: 'finishedAt',
          TenantExport: 'finishedAt',
          Elevation: 'endsAt',
          RemovedMember: 'removedAt',
          LogoutNotice: 'dueAt',
          TenantBranding: 'displayName',
          TenantTurns: 'uncountedSince',
        }[name] ?? 'createdAt';
      const ofTenant = { [tenantPathOf(name)]: tenant._id };
      const mine = await acrossTenants('a test counts what is there', () => model.find(ofTenant).lean());
      expect(mine.length).toBeGreaterThan(0);
      const ids = { _id: { $in: mine.map(({ _id }) => _id) } };
      await inTenant(other._id, async () => {
        expect(await model.find(ids).lean()).toEqual([]);
        expect(await model.findOne(ids).lean()).toBeNull();
        expect(await model.countDocuments(ids)).toBe(0);
        expect(await model.exists(ids)).toBeNull();
        expect(await model.distinct('_id', ids)).toEqual([]);
        expect(await model.aggregate([{ $match: ids }])).toEqual([]);
        expect(await model.aggregate([{ $match: ofTenant }])).toEqual([]);
        expect((await model.updateMany(ids, { $set: { [at]: new Date(0) } })).matchedCount).toBe(0);
        expect(await model.findOneAndUpdate(ids, { $set: { [at]: new Date(0) } }).lean()).toBeNull();
        expect((await model.deleteMany(ids)).deletedCount).toBe(0);
        await expect(model.create([{ ...documents[name]?.(), ...ofTenant }])).rejects.toThrow();
      });
      const after = await acrossTenants('a test counts what is there', () => model.find(ofTenant).lean());
      expect(after).toEqual(mine);
    },
  );

  it.each(Object.keys(documents))('refuse to touch %s where no tenant is known', async (name) => {
    const model = fixture.service.connection.model(name);
    await expect(model.find().lean()).rejects.toThrow(TenancyError);
    await expect(model.countDocuments()).rejects.toThrow(TenancyError);
    await expect(model.deleteMany({})).rejects.toThrow(TenancyError);
    await expect(model.create([{ ...documents[name]?.() }])).rejects.toThrow();
  });
});
