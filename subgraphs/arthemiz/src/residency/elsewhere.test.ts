// All that a tenant's people, programs and directories do, of a tenant whose data lies in another region than the home one.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { joinedTenants, standingOfPerson } from '../memberships/standing.ts';
import { models as schemas } from '../models.ts';
import type { PersonRow } from '../people/model.ts';
import { deleteAccount } from '../personal-data/deleting.ts';
import type { TenantRow } from '../tenants/model.ts';
import { createTenant } from '../tenants/provisioning.ts';
import { actingAs, planOf, roleIdsOf } from '../testing/acting.ts';
import { connectDirectory, newGroup, newUser, scimClient } from '../testing/directory.ts';
import { beginCodeFlow, exchange, type Fixture, signIn, startFixture } from '../testing/fixture.ts';
import { type IdentityProvider, idpClient, startIdentityProvider } from '../testing/identity-provider.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';
import { registerApplication } from '../testing/registration-client.ts';

let fixture: Fixture;
let mailbox: Mailbox;
let idp: IdentityProvider;
let tenant: TenantRow;
let owner: PersonRow;
const redirectUris: string[] = [];

beforeAll(async () => {
  [mailbox, idp] = await Promise.all([startMailbox(), startIdentityProvider(() => redirectUris)]);
  fixture = await startFixture({
    MONGODB_URIS: JSON.stringify({ eu: process.env.MONGODB_URI }),
    ...{ SMTP_URL: mailbox.url, MAIL_POLL_MS: '10', PROVISIONING_POLL_MS: '50' },
    TENANT_TARGET_NETWORKS: JSON.stringify(['127.0.0.0/8']),
  });
  await fixture.running.consuming;
  await eventually(async () => expect(await fixture.models.StepDeclaration.countDocuments()).toBe(1));
  tenant = await fixture.tenant({ region: 'eu' });
  owner = await fixture.person({ tenants: [tenant] });
});
afterAll(async () => {
  await fixture?.stop();
  await Promise.all([mailbox?.stop(), idp?.stop()]);
});

/** As their owner. */
async function change(mutation: string, input: object, { shown = '', by = owner, of = tenant } = {}) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${shown} errors { __typename } } }`;
  const viewer = actingAs(by, of, planOf('owner'));
  const { data, errors } = await fixture.execute(query, { viewer, variables: { input } });
  expect(errors).toBeUndefined();
  return data[mutation];
}

const operator = {
  subject: 'per_operator',
  tenantId: 'ten_platform',
  permissions: ['tenant:create', 'tenant:move', 'tenant:delete', 'domain:read'],
};
async function operate(mutation: string, input: object) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { errors { __typename } } }`;
  const { data } = await fixture.execute(query, { viewer: operator, variables: { input } });
  expect(data[mutation].errors).toEqual([]);
}

/** Documents in a region's database that are a tenant's, by model; of all models that are tenants' own. */
async function documentsIn(region: string, tenantId = tenant._id): Promise<Record<string, object[]>> {
  const connection = fixture.service.regions.find(({ name }) => name === region)?.connection;
  const { models } = fixture.service.connection;
  const found: Record<string, object[]> = {};
  for (const [name, model] of Object.entries(schemas)) {
    if (!('tenantPath' in model)) continue;
    const collection = connection?.db?.collection(models[name]?.collection.name ?? '');
    const documents = await collection
      ?.find({ [model.tenantPath]: tenantId })
      .sort({ _id: 1 })
      .toArray();
    if (documents?.length) found[name] = documents;
  }
  return found;
}

const atHome = Object.entries(schemas).flatMap(([name, model]) =>
  'tenantPath' in model && model.residence !== 'region' ? [name] : [],
);

const rolesOf = async (person: PersonRow, of = tenant) =>
  (await standingOfPerson(fixture.service, { personId: person._id, tenantId: of._id }))?.roles ?? null;

async function movedTo(region: string, of = tenant): Promise<void> {
  await operate('moveTenant', { tenantId: of._id, region });
  await eventually(
    async () =>
      expect(await fixture.models.TenantMove.findOne({ _id: of._id }).lean()).toMatchObject({
        ...{ status: 'SUCCEEDED', to: region },
      }),
    { timeoutMs: 60_000 },
  );
}

describe('of a tenant elsewhere', () => {
  it('people sign in, refresh, and can no more once they are removed', async () => {
    const person = await fixture.person({ tenants: [tenant], role: 'operator' });
    const { tokens, config } = await signIn(fixture, person.email);
    expect(decodeJwt(tokens.access_token)).toMatchObject({ tenant: tenant._id, roles: ['operator'] });
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(decodeJwt(refreshed.access_token)).toMatchObject({ roles: ['operator'] });
    const { viewer = '' } = await roleIdsOf(fixture, tenant);
    await change('assignRoles', { personId: person._id, roleIds: [viewer] });
    const less = await client.refreshTokenGrant(config, refreshed.refresh_token ?? '');
    expect(decodeJwt(less.access_token)).toMatchObject({ roles: ['viewer'] });
    expect((await change('removePerson', { personId: person._id })).errors).toEqual([]);
    await expect(client.refreshTokenGrant(config, less.refresh_token ?? '')).rejects.toThrow();
    // Gateways are told at home, and nothing is left to be done.
    const about = { tenantId: tenant._id };
    const [ended, noted] = await acrossTenants('a test looks', async () => [
      await fixture.models.EndedSession.countDocuments(about),
      await fixture.models.GrantChange.countDocuments({ ...about, subject: person._id }),
    ]);
    expect([ended, noted]).toEqual([1, 2]);
    expect((await documentsIn('eu')).HomeTask).toBeUndefined();
    const [turns] = (await documentsIn('eu')).TenantTurns ?? [];
    expect(turns).not.toHaveProperty('uncountedSince');
  });

  it('programs get tokens, and people’s keys and directories do what they may', async () => {
    const { id, secret } = await fixture.serviceClient({ tenant, role: 'operator' });
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    const { access_token } = await client.clientCredentialsGrant(config);
    expect(decodeJwt(access_token)).toMatchObject({ tenant: tenant._id, roles: ['operator'] });
    const directory = await connectDirectory(fixture, { tenant, owner });
    const created = await directory.post('/Users', newUser('scim@elsewhere.test', { externalId: 'x1' }));
    expect(created.status).toBe(201);
    const group = await directory.post(
      '/Groups',
      newGroup('Crew', { members: [{ value: created.body.id }] }),
    );
    expect(group.status).toBe(201);
    expect((await directory.list('Users', 'userName eq "scim@elsewhere.test"')).body.totalResults).toBe(1);
    // Who was announced comes by the link.
    const browser = fixture.browser();
    await browser.open(linkIn(await mailbox.to('scim@elsewhere.test')));
    await browser.submit({ name: 'Sky', password: 'seven purple teapots', again: 'seven purple teapots' });
    expect((await directory.get(`/Users/${created.body.id}`)).body.active).toBe(true);
    const application = await registerApplication(fixture, directory.secret);
    expect(application.clientMetadata().client_id).toMatch(/^app_/);
    await change('revokeApiKey', { id: directory.apiKeyId });
    expect((await scimClient(fixture, directory.secret).get('/Users')).status).toBe(401);
  });

  it('somebody new and somebody known accept invitations', async () => {
    const { viewer = '', operator: operating = '' } = await roleIdsOf(fixture, tenant);
    const email = 'nora@elsewhere.test';
    await change('invitePerson', { email, roleIds: [viewer] });
    const browser = fixture.browser();
    await browser.open(linkIn(await mailbox.to(email)));
    await browser.submit({ name: 'Nora', password: 'seven purple teapots', again: 'seven purple teapots' });
    const nora = await fixture.models.Person.findOne({ email }).orFail().lean();
    expect(await rolesOf(nora)).toEqual(['viewer']);
    const known = await fixture.person({ tenants: [await fixture.tenant()] });
    await change('invitePerson', { email: known.email, roleIds: [operating] });
    const other = fixture.browser();
    await other.open(linkIn(await mailbox.to(known.email)));
    await other.submit({ password: 'correct horse battery staple' });
    expect(await rolesOf(known)).toEqual(['operator']);
    expect((await joinedTenants(fixture.service, known._id)).length).toBe(2);
  });

  it('the tenant’s own provider brings people in, and whom it vouched for before a crash, too', async () => {
    const domain = 'provided.test';
    const approved =
      'mutation ($input: ApproveDomainInput!) { approveDomain(input: $input) { domain { id } } }';
    const { data } = await fixture.execute(approved, {
      viewer: operator,
      variables: { input: { tenantId: tenant._id, name: domain } },
    });
    const { viewer = '' } = await roleIdsOf(fixture, tenant);
    const { ssoConnection } = await change(
      'createOidcConnection',
      {
        ...{ name: 'Acme ID', oidc: { issuer: idp.issuer, ...idpClient }, defaultRoleIds: [viewer] },
        ...{ domainIds: [data.approveDomain.domain.id], provisionsPeople: true },
      },
      { shown: 'ssoConnection { id redirectUris }' },
    );
    redirectUris.push(...ssoConnection.redirectUris);
    const signInBy = async (email: string) => {
      const flow = await beginCodeFlow(fixture);
      await flow.browser.open(flow.url);
      const { text } = await flow.browser.submit({ action: 'sso', email });
      const next = text.match(/http-equiv="refresh" content="0; url=([^"]*)"/)?.[1] ?? '';
      const account = { sub: email, email, email_verified: true, name: 'Ola' };
      const back = await idp.visit(new URL(next.replaceAll('&#38;', '&')), account);
      return decodeJwt((await exchange(flow, await flow.browser.open(back))).access_token);
    };
    const first = await signInBy(`ola@${domain}`);
    expect(first).toMatchObject({ tenant: tenant._id, roles: ['viewer'] });
    expect((await signInBy(`ola@${domain}`)).sub).toBe(first.sub);
    // As a process leaves it that died between the account and the membership.
    const [left] = await fixture.models.Person.create([
      {
        ...{ email: `left@${domain}`, displayName: 'Left', vouchedBy: ssoConnection.id },
        createdAt: new Date(),
      },
    ]);
    expect((await signInBy(`left@${domain}`)).sub).toBe(left?._id);
  });

  it('what keeps administrators from each other holds, whoever is at once', async () => {
    const other = await fixture.tenant({ region: 'eu' });
    const [one, two] = [await fixture.member(other), await fixture.member(other)];
    const removals = await Promise.all([
      change('removePerson', { personId: two._id }, { by: one, of: other }),
      change('removePerson', { personId: one._id }, { by: two, of: other }),
    ]);
    expect(removals.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    const made = async (name: string) => {
      const input = { name, permissions: ['check:read'] };
      return (await change('createRole', input, { shown: 'role { id }' })).role.id as string;
    };
    const [a, b] = [await made('A'), await made('B')];
    const edges = await Promise.all([
      change('updateRole', { id: a, permissions: ['check:read'], inheritedRoleIds: [b] }),
      change('updateRole', { id: b, permissions: ['check:read'], inheritedRoleIds: [a] }),
    ]);
    expect(edges.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    // Whoever was told that it is done reads it at another copy.
    const copy = await fixture.startCopy();
    const person = await fixture.member(tenant, 'viewer');
    for (const name of ['operator', 'viewer', 'operator']) {
      const { [name]: roleId } = await roleIdsOf(fixture, tenant);
      await change('assignRoles', { personId: person._id, roleIds: [roleId] });
      const standing = { personId: person._id, tenantId: tenant._id };
      expect((await standingOfPerson(copy.service, standing))?.roles).toEqual([name]);
    }
  });

  it('an environment has its owners', async () => {
    const input = { name: 'staging', kind: 'STAGING', idempotencyKey: 'key-environment' };
    const { tenant: environment } = await change('createEnvironment', input, {
      shown: 'tenant { id region }',
    });
    expect(environment.region).toBe('eu');
    expect(await rolesOf(owner, { ...tenant, _id: environment.id })).toEqual(['owner']);
    expect(Object.keys(await documentsIn('default', environment.id))).toEqual(['Provisioning']);
  });

  it('separations, groups and elevations are kept', async () => {
    const { viewer = '', operator: operating = '' } = await roleIdsOf(fixture, tenant);
    await change('createSeparationOfDuties', {
      name: 'Apart',
      roleIds: [viewer, operating],
      permissions: [],
    });
    const person = await fixture.member(tenant, 'viewer');
    const both = { personId: person._id, roleIds: [viewer, operating] };
    expect((await change('assignRoles', both)).errors).toEqual([{ __typename: 'DutiesSeparated' }]);
    expect(await rolesOf(person)).toEqual(['viewer']);
    const asked = { roleId: viewer, minutes: 5, reason: 'to look' };
    const { elevation } = await change('requestElevation', asked, { shown: 'elevation { id }', by: person });
    expect(elevation.id).toMatch(/^elv_/);
  });

  it('lies in its region and nowhere else, but for what says so', async () => {
    const there = Object.keys(await documentsIn('eu')).sort();
    for (const name of ['Membership', 'RemovedMember', 'Role', 'Group', 'Separation', 'Elevation', 'Domain'])
      expect(there).toContain(name);
    for (const name of ['SsoConnection', 'IdentityLink', 'ServiceClient', 'RegisteredClient', 'ApiKey'])
      expect(there).toContain(name);
    expect(there).toContain('Invitation');
    expect(Object.keys(await documentsIn('default')).filter((name) => !atHome.includes(name))).toEqual([]);
    expect(there.filter((name) => atHome.includes(name))).toEqual([]);
  });

  it('moves home and back, and nothing of it is lost or left', async () => {
    const directory = await connectDirectory(fixture, { tenant, owner });
    const person = await fixture.person({ tenants: [tenant], role: 'viewer' });
    const before = await documentsIn('eu');
    await movedTo('default');
    expect(await documentsIn('default')).toMatchObject(before);
    expect(await documentsIn('eu')).toEqual({});
    expect((await signIn(fixture, person.email)).tokens.access_token).toEqual(expect.any(String));
    expect((await directory.get('/Users')).status).toBe(200);
    const { viewer = '' } = await roleIdsOf(fixture, tenant);
    await change('assignRoles', { personId: person._id, roleIds: [viewer] });
    await movedTo('eu');
    expect(Object.keys(await documentsIn('default')).filter((name) => !atHome.includes(name))).toEqual([]);
    expect((await directory.get('/Users')).status).toBe(200);
    expect((await signIn(fixture, person.email)).tokens.access_token).toEqual(expect.any(String));
  });

  it('that an earlier version kept at home is all brought to its region at the next start', async () => {
    const before = await documentsIn('eu');
    const home = fixture.service.connection;
    const there = fixture.service.regions.find(({ name }) => name === 'eu')?.connection;
    for (const [name, model] of Object.entries(schemas)) {
      if (!('tenantPath' in model) || before[name] === undefined) continue;
      const { name: collection } = home.models[name]?.collection ?? { name: '' };
      await home.db?.collection(collection).insertMany(before[name]);
      await there?.db?.collection(collection).deleteMany({ [model.tenantPath]: tenant._id });
    }
    await fixture.startCopy();
    expect(await documentsIn('eu')).toEqual(before);
    expect(Object.keys(await documentsIn('default')).filter((name) => !atHome.includes(name))).toEqual([]);
  });

  it('what a process that died left undone at home is done', async () => {
    const person = await fixture.person({ tenants: [tenant], role: 'viewer' });
    const { tokens, config } = await signIn(fixture, person.email);
    const { HomeTask, Tenant, TenantTurns } = fixture.models;
    const createdAt = new Date(Date.now() - 60_000);
    const grantChanges = async () => (await Tenant.findOne({ _id: tenant._id }).lean())?.grantChanges ?? 0;
    const counted = await grantChanges();
    // The session began later than the task: only what was there is ended.
    const left = (kind: string, data: object, at: Date) =>
      inTenant(tenant._id, () => HomeTask.create([{ kind, data, createdAt: at }]));
    const ends = { personId: person._id, endedBy: owner._id };
    await left('end-members-sessions', ends, createdAt);
    await inTenant(tenant._id, () =>
      TenantTurns.updateOne({ _id: tenant._id }, { $set: { uncountedSince: createdAt } }),
    );
    const isDone = async () => (await documentsIn('eu')).HomeTask === undefined;
    await eventually(isDone);
    await eventually(async () => (await grantChanges()) > counted);
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await left('end-members-sessions', ends, new Date(Date.now() - 2_500));
    await eventually(isDone);
    await expect(client.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toThrow();
  });

  it('who deletes their account leaves it, unless they are needed there', async () => {
    const other = await fixture.tenant({ region: 'eu' });
    const [last, second] = [await fixture.member(other), await fixture.member(other, 'viewer')];
    expect(await deleteAccount(fixture.service, last)).toMatchObject({ outcome: 'needed' });
    expect(await rolesOf(last, other)).toEqual(['owner']);
    expect(await deleteAccount(fixture.service, second)).toEqual({ outcome: 'deleted' });
    expect(await rolesOf(second, other)).toBeNull();
    expect(await fixture.models.Person.exists({ _id: second._id })).toBeNull();
    expect((await documentsIn('eu', other._id)).Membership).toHaveLength(1);
  });

  it('a deleted one leaves nothing in either region, nor people who were nowhere else', async () => {
    const slug = 'gone-elsewhere';
    const plan = { name: 'Gone', slug, idempotencyKey: 'test:gone', region: 'eu' };
    const outcome = await createTenant(fixture.service, plan);
    if ('refusal' in outcome) throw new Error(outcome.refusal.message);
    const gone = outcome.tenant;
    const [only, both] = [await fixture.member(gone), await fixture.member(gone)];
    await fixture.join({ person: both, tenant, role: 'viewer' });
    await operate('deleteTenant', { tenantId: gone._id, confirmSlug: slug });
    await fixture.models.Tenant.updateOne({ _id: gone._id }, { $set: { 'deletion.eraseAt': new Date() } });
    const isOver = async () =>
      Boolean((await fixture.models.Tenant.findOne({ _id: gone._id }).lean())?.deletion?.finishedAt);
    await eventually(isOver, { timeoutMs: 60_000 });
    expect(await documentsIn('eu', gone._id)).toEqual({});
    expect(Object.keys(await documentsIn('default', gone._id))).toEqual([]);
    expect(await fixture.models.Person.exists({ _id: only._id })).toBeNull();
    expect(await fixture.models.Person.exists({ _id: both._id })).not.toBeNull();
  });
});
