// A tenant that operators of the platform closed: who gets in, and that all is as before when it is open again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf, readApiKey } from '@supergraph/chassis/api-key';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { followLink } from '../invitations/accepting.ts';
import { artifactId } from '../oidc/artifact-model.ts';
import { defaultRoles } from '../roles/rules.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { actingAs, planOf, roleIdsOf } from '../testing/acting.ts';
import { beginCodeFlow, type Fixture, password, signIn, startFixture } from '../testing/fixture.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';

let fixture: Fixture;
let access: AccessAsker;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox();
  fixture = await startFixture({ SMTP_URL: mailbox.url, MAIL_POLL_MS: '20' });
  access = openAccess(fixture);
});
afterAll(async () => {
  access?.close();
  await fixture?.stop();
  await mailbox?.stop();
});

const operator = { subject: 'per_operator', tenantId: 'ten_platform', permissions: ['tenant:suspend'] };
const shown = 'tenant { id status suspension { reason by since } } errors { __typename message }';

async function decide(field: 'suspendTenant' | 'resumeTenant', input: object, viewer: object = {}) {
  const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
  const { data, errors } = await fixture.execute(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${shown} } }`,
    {
      viewer: { ...operator, permissions: ['tenant:suspend', 'tenant:create'], ...viewer },
      variables: { input },
    },
  );
  return { ...data?.[field], denied: errors?.map(({ extensions }) => extensions?.code) };
}
const suspend = (tenantId: string, reason = 'Three invoices are overdue.') =>
  decide('suspendTenant', { tenantId, reason });
const resume = (tenantId: string) => decide('resumeTenant', { tenantId });

async function told(tenantId: string) {
  const outbox = fixture.service.connection.collection('outbox');
  const types = ['arthemiz.tenant.suspended.v1', 'arthemiz.tenant.resumed.v1'];
  const entries = await outbox
    .find({ 'event.type': { $in: types }, 'event.subject': tenantId })
    .sort({ _id: 1 })
    .toArray();
  return entries.map(({ event }) => event);
}

/** A tenant with everything by which somebody gets in. */
async function inhabited() {
  const tenant = await fixture.tenant();
  const person = await fixture.person({ tenants: [tenant] });
  const { config, tokens } = await signIn(fixture, person.email);
  const robot = await fixture.serviceClient({ tenant });
  const robotConfig = await fixture.configure(robot.id, client.ClientSecretBasic(robot.secret));
  const { data } = await fixture.execute(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    {
      viewer: actingAs(person, tenant, planOf('owner')),
      variables: { input: { name: 'Till', permissions: ['service:read'] } },
    },
  );
  const proof = readApiKey(data.createApiKey.secret) ?? { id: 'none', digest: digestOf('') };
  let refreshToken = tokens.refresh_token ?? '';
  return {
    tenant,
    person,
    async refresh() {
      const next = await client.refreshTokenGrant(config, refreshToken);
      refreshToken = next.refresh_token ?? '';
      return decodeJwt(next.access_token).roles;
    },
    usedAt: async () =>
      (await fixture.models.OidcArtifact.findOne({ _id: artifactId('RefreshToken', refreshToken) }).lean())
        ?.consumedAt,
    robot: async () => decodeJwt((await client.clientCredentialsGrant(robotConfig)).access_token).roles,
    key: async () => (await access.authenticate(proof))?.permissions,
    standing: async () => {
      const [standing] = await access.resolve([{ tenantId: tenant._id, subject: person._id }]);
      return standing?.roles;
    },
    /** The page that the password leads to, or the application. */
    async entry() {
      const flow = await beginCodeFlow(fixture);
      await flow.browser.open(flow.url);
      const { url, status } = await flow.browser.submit({ email: person.email, password });
      return url.searchParams.has('code') ? 'in' : status;
    },
  };
}

describe('a suspended tenant', () => {
  it('lets nobody in, and everybody when it is resumed', async () => {
    const at = await inhabited();
    const ways = async () => ({
      refresh: await at.refresh().catch(({ error }) => error),
      robot: await at.robot().catch(({ error }) => error),
      key: await at.key(),
      standing: await at.standing(),
      entry: await at.entry(),
    });
    const open = {
      refresh: ['owner'],
      robot: ['viewer'],
      key: ['service:read'],
      standing: ['owner'],
      entry: 'in',
    };
    const closed = {
      refresh: 'invalid_grant',
      robot: 'invalid_grant',
      key: undefined,
      standing: [],
      entry: 403,
    };
    expect(await ways()).toEqual(open);
    const { tenant, errors } = await suspend(at.tenant._id);
    expect(errors).toEqual([]);
    expect(tenant).toMatchObject({ status: 'SUSPENDED', suspension: { by: operator.subject } });
    expect(await ways()).toEqual(closed);
    // It is good again whenever the tenant is, and not for a short grace alone.
    expect(await at.usedAt()).toBeNull();
    const { tenant: again } = await resume(at.tenant._id);
    expect(again).toMatchObject({ status: expect.stringMatching(/PROVISIONING|ACTIVE/), suspension: null });
    expect(await ways()).toEqual(open);
  });

  it('is left out where somebody chooses among their tenants', async () => {
    const [closed, open] = [await fixture.tenant({ name: 'Closed' }), await fixture.tenant({ name: 'Open' })];
    const person = await fixture.person({ tenants: [closed, open] });
    await suspend(closed._id);
    const { tokens } = await signIn(fixture, person.email);
    expect(decodeJwt(tokens.access_token).tenant).toBe(open._id);
  });

  it('lets nobody join, until it is resumed', async () => {
    const tenant = await fixture.tenant();
    const owner = await fixture.member(tenant);
    const { viewer: viewerRole = '' } = await roleIdsOf(fixture, tenant);
    await fixture.execute(
      'mutation ($input: InvitePersonInput!) { invitePerson(input: $input) { errors { message } } }',
      {
        viewer: actingAs(owner, tenant, planOf('owner')),
        variables: { input: { email: 'guest@acme.test', roleIds: [viewerRole] } },
      },
    );
    const secret = linkIn(await mailbox.to('guest@acme.test')).searchParams.get('link') ?? '';
    await suspend(tenant._id);
    expect(await followLink(fixture.service, secret)).toBeNull();
    await resume(tenant._id);
    expect((await followLink(fixture.service, secret))?.invitation.tenantId).toBe(tenant._id);
  });

  it('is told of once, with all that nobody may do any more, however many operators ask at once', async () => {
    const { _id } = await fixture.tenant();
    const outcomes = await Promise.all([
      suspend(_id, 'First'),
      suspend(_id, 'Second'),
      suspend(_id, 'Third'),
    ]);
    const reasons = new Set(outcomes.map(({ tenant }) => tenant.suspension.reason));
    expect(reasons.size).toBe(1);
    await Promise.all([resume(_id), resume(_id)]);
    const owner = defaultRoles.find(({ name }) => name === 'owner');
    expect(await told(_id)).toMatchObject([
      {
        tenantid: _id,
        data: {
          suspendedBy: operator.subject,
          rolesRemoved: expect.arrayContaining(['operator', 'owner', 'viewer']),
          permissionsRemoved: expect.arrayContaining([...(owner?.permissions ?? [])]),
        },
      },
      { tenantid: _id, data: { resumedBy: operator.subject } },
    ]);
  });
});

describe('suspending', () => {
  it("leaves other tenants alone, and never closes the platform's own", async () => {
    const [at, other] = await Promise.all([fixture.tenant(), fixture.tenant()]);
    await suspend(at._id);
    expect((await fixture.models.Tenant.findOne({ _id: other._id }).lean())?.suspension).toBeUndefined();
    await fixture.models.Tenant.create([
      {
        ...{ _id: 'ten_platform', slug: 'platform', name: 'Platform', idempotencyKey: 'k' },
        ...{ requestDigest: 'd', createdAt: new Date(), status: 'ACTIVE' },
      },
    ]);
    expect((await suspend('ten_platform')).errors).toMatchObject([{ __typename: 'TenantProtected' }]);
  });

  it('says what is wrong with what it is asked for', async () => {
    const { _id } = await fixture.tenant();
    expect((await suspend('ten_none')).errors).toMatchObject([{ __typename: 'TenantNotFound' }]);
    for (const reason of ['  ', 'x'.repeat(501)])
      expect((await suspend(_id, reason)).errors).toMatchObject([{ __typename: 'InvalidTenantInput' }]);
  });

  it('is for operators of the platform alone, not for owners of the tenant', async () => {
    const { _id: tenantId } = await fixture.tenant();
    const owner = { tenantId, permissions: planOf('owner') };
    const input = { tenantId, reason: 'I wish so.' };
    expect((await decide('suspendTenant', input, owner)).denied).toEqual(['FORBIDDEN']);
    await suspend(tenantId);
    expect((await decide('resumeTenant', { tenantId }, owner)).denied).toEqual(['FORBIDDEN']);
    const { data, errors } = await fixture.execute('{ tenant { status suspension { reason } } }', {
      viewer: owner,
    });
    expect(data.tenant).toEqual({ status: 'SUSPENDED', suspension: null });
    expect(errors).toMatchObject([{ path: ['tenant', 'suspension'] }]);
  });
});
