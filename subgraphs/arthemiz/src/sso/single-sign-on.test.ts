import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { hindranceOf } from '../email-changes/hindrances.ts';
import type { PersonRow } from '../people/model.ts';
import { deleteAccount } from '../personal-data/deleting.ts';
import type { TenantRow } from '../tenants/model.ts';
import { planOf, roleIdsOf } from '../testing/acting.ts';
import { enrolApp } from '../testing/authenticator.ts';
import type { Browser, Visit } from '../testing/browser.ts';
import { connectDirectory, newUser } from '../testing/directory.ts';
import {
  audience,
  beginCodeFlow,
  exchange,
  type Fixture,
  origin,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import {
  type Account,
  type IdentityProvider,
  idpClient,
  startIdentityProvider,
} from '../testing/identity-provider.ts';
import { type SamlClaims, startSamlProvider } from '../testing/saml-provider.ts';
import { whoseSessionsEnd, whyLinkStays } from './rules.ts';

let fixture: Fixture;
let idp: IdentityProvider;
const redirectUris: string[] = [];
beforeAll(async () => {
  idp = await startIdentityProvider(() => redirectUris);
  fixture = await startFixture({ TENANT_TARGET_NETWORKS: JSON.stringify(['127.0.0.0/8']) });
});
afterAll(async () => {
  await fixture?.stop();
  await idp?.stop();
});

const freshName = () => `d${randomBytes(5).toString('hex')}.test`;
const freshSub = () => randomBytes(8).toString('hex');

async function mutate(
  tenant: TenantRow,
  mutation: string,
  input: object,
  {
    subject = 'per_admin',
    permissions = planOf('owner'),
  }: { subject?: string; permissions?: readonly string[] } = {},
) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const selection =
    mutation === 'deleteSsoConnection'
      ? 'deletedSsoConnectionId'
      : 'ssoConnection { id redirectUris isRequired }';
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selection} errors { __typename message } } }`;
  const viewer = { subject, tenantId: tenant._id, permissions: [...permissions] };
  const { data, errors } = await fixture.execute(query, { viewer, variables: { input } });
  expect(errors).toBeUndefined();
  return data[mutation];
}

async function verifiedDomain(tenant: TenantRow, name: string): Promise<string> {
  const { data } = await fixture.execute(
    'mutation ($input: ApproveDomainInput!) { approveDomain(input: $input) { domain { id } } }',
    {
      viewer: { subject: 'per_op', tenantId: 'ten_platform', permissions: ['tenant:create', 'domain:read'] },
      variables: { input: { tenantId: tenant._id, name } },
    },
  );
  return data.approveDomain.domain.id;
}

const oidc = () => ({ issuer: idp.issuer, ...idpClient });

/** A tenant with a domain of its own that leads to the provider. */
async function connected(more: object = {}) {
  const tenant = await fixture.tenant();
  const domain = freshName();
  const domainId = await verifiedDomain(tenant, domain);
  const input = { name: 'Acme ID', oidc: oidc(), domainIds: [domainId], provisionsPeople: true, ...more };
  const { ssoConnection, errors } = await mutate(tenant, 'createOidcConnection', input);
  expect(errors).toEqual([]);
  redirectUris.push(...ssoConnection.redirectUris);
  return { tenant, domain, domainId, connectionId: ssoConnection.id as string };
}

/** Where the page sends the browser by itself. */
const nextOf = ({ text }: Visit) =>
  new URL((text.match(/http-equiv="refresh" content="0; url=([^"]*)"/)?.[1] ?? '').replaceAll('&#38;', '&'));

async function leaveFor(email: string, browser?: Browser) {
  const flow = await beginCodeFlow(fixture, {}, browser === undefined ? {} : { browser });
  await flow.browser.open(flow.url);
  return { ...flow, page: await flow.browser.submit({ action: 'sso', email }) };
}

async function signInBy(account: Account, email = account.email ?? '') {
  const flow = await leaveFor(email);
  const back = await idp.visit(nextOf(flow.page), account);
  return { ...flow, back, visit: await flow.browser.open(back) };
}

async function claimsAfter({ visit, ...flow }: Awaited<ReturnType<typeof signInBy>>) {
  const { access_token: token } = await exchange(flow, visit);
  return decodeJwt(token) as { sub: string; tenant: string; roles: string[]; amr: string[] };
}

const personOf = (email: string) => fixture.models.Person.findOne({ email }).lean();
const toldOf = (type: string, tenant: TenantRow) =>
  fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.tenantid': tenant._id })
    .toArray();

describe('single sign-on by OpenID Connect', () => {
  it('makes a member of whoever the provider vouches for, and knows them again by its own id', async () => {
    const { tenant, domain, connectionId } = await connected();
    const { viewer } = await roleIdsOf(fixture, tenant);
    await mutate(tenant, 'updateSsoConnection', { id: connectionId, defaultRoleIds: [viewer] });
    const account = { sub: freshSub(), email: `Nora@${domain}`, email_verified: true, name: 'Nora Nowak' };
    const first = await claimsAfter(await signInBy(account));
    expect(first).toMatchObject({ tenant: tenant._id, roles: ['viewer'], amr: ['fed'] });
    expect(await personOf(`nora@${domain}`)).toMatchObject({ _id: first.sub, displayName: 'Nora Nowak' });

    const renamed = { ...account, email: `nora.new@${domain}` };
    expect((await claimsAfter(await signInBy(renamed))).sub).toBe(first.sub);
    expect(await personOf(`nora.new@${domain}`)).toBeNull();

    expect(await toldOf('arthemiz.identity.linked.v1', tenant)).toMatchObject([
      { event: { subject: first.sub, data: { connectionId, hasJoined: true } } },
    ]);
    expect(
      (await toldOf('arthemiz.sign-in.succeeded.v1', tenant)).map(({ event }) => event.data),
    ).toMatchObject([{ reason: `by ${connectionId}` }, { reason: `by ${connectionId}` }]);
    expect(await toldOf('arthemiz.connection.created.v1', tenant)).toHaveLength(1);
    expect(JSON.stringify(await toldOf('arthemiz.connection.created.v1', tenant))).not.toContain(
      idpClient.clientSecret,
    );
  });

  it('lets nobody into another tenant of theirs, nor look into their account', async () => {
    const { tenant, domain } = await connected();
    const other = await fixture.tenant({ name: 'Globex' });
    const email = `pat@${domain}`;
    const person = await fixture.person({ tenants: [other, tenant], role: 'viewer', email });
    const result = await signInBy({ sub: freshSub(), email });
    expect(await claimsAfter(result)).toMatchObject({ sub: person._id, tenant: tenant._id });
    expect([person.emailVerifiedAt, (await personOf(email))?.emailVerifiedAt]).toEqual([
      null,
      expect.any(Date),
    ]);
    const account = await result.browser.open(`${origin}/auth/account/security`);
    expect(account.status).toBe(403);
    expect(account.text).not.toContain(email);
  });

  it('gives roles by groups, at each sign-in, and takes back what they gave alone', async () => {
    const { tenant, domain, connectionId } = await connected();
    const { owner, operator, viewer } = await roleIdsOf(fixture, tenant);
    await mutate(tenant, 'updateSsoConnection', {
      id: connectionId,
      defaultRoleIds: [viewer],
      groupRoles: [
        { group: 'Ops', roleId: operator },
        { group: 'Admins', roleId: owner },
      ],
    });
    const account = { sub: freshSub(), email: `ops@${domain}`, groups: ['Ops', 'Strangers'] };
    expect((await claimsAfter(await signInBy(account))).roles).toEqual(['operator', 'viewer']);
    expect((await claimsAfter(await signInBy({ ...account, groups: [] }))).roles).toEqual(['viewer']);
    const admin = { ...account, groups: ['Admins'] };
    expect((await claimsAfter(await signInBy(admin))).roles).toEqual(['owner', 'viewer']);
    // The last administrator of the tenant stays one, whatever the provider says.
    expect((await claimsAfter(await signInBy(account))).roles).toEqual(['owner', 'viewer']);
    const told = await toldOf('arthemiz.person.roles-changed.v1', tenant);
    expect(told.map(({ event }) => event.data.rolesRemoved)).toEqual([['operator'], []]);
  });

  it('asks an account that exists for its password before it is linked, and for its second factor', async () => {
    const { tenant, domain } = await connected();
    const other = await fixture.tenant();
    const email = `taken@${domain}`;
    const person = await fixture.person({ tenants: [other], email });
    const { app } = await enrolApp(fixture, person);
    const account = { sub: freshSub(), email, amr: ['pwd', 'mfa'] };
    const asked = await signInBy(account);
    expect(asked.visit.text).toContain('Is this account yours?');
    expect(await membershipOf(tenant, person)).toBeNull();
    const wrong = await asked.browser.submit({ 'account-password': 'wrong password of somebody' });
    expect(wrong.status).toBe(401);
    const code = await asked.browser.submit({ 'account-password': password });
    expect(code.text).toContain('Confirm that it is you');
    expect(await membershipOf(tenant, person)).toBeNull();
    const visit = await asked.browser.submit({ code: app.next() });
    const claims = await claimsAfter({ ...asked, visit });
    expect(claims).toMatchObject({ sub: person._id, tenant: tenant._id, roles: [] });

    // Linked, the provider's word is enough in its tenant.
    expect((await claimsAfter(await signInBy(account))).amr).toEqual(['fed', 'mfa']);
  });

  it("takes no other person's account: an address that was given anew is refused", async () => {
    const { tenant, domain } = await connected();
    const email = `john@${domain}`;
    await claimsAfter(await signInBy({ sub: freshSub(), email }));
    const { visit } = await signInBy({ sub: freshSub(), email });
    expect(visit.status).toBe(403);
    expect(visit.text).toContain('another user of your identity provider');
    // Told after the answer.
    const [failed] = await eventually(async () => {
      const told = await toldOf('arthemiz.sign-in.failed.v1', tenant);
      return told.length > 0 && told;
    });
    expect(failed?.event.data.reason).toMatch(/^linked-otherwise by sso_/);
  });

  it.each([
    ['of another domain', (domain: string) => ({ email: `a@not-${domain}` })],
    [
      'that the provider has not verified',
      (domain: string) => ({ email: `a@${domain}`, email_verified: false }),
    ],
    ['that is missing', () => ({})],
  ])('refuses an address %s', async (_, claims) => {
    const { domain } = await connected();
    const { visit } = await signInBy({ sub: freshSub(), ...claims(domain) }, `a@${domain}`);
    expect(visit.status).toBe(403);
    expect(await personOf(`a@${domain}`)).toBeNull();
  });

  it('does not bring back whom others removed, until they are readmitted or announced again', async () => {
    const { tenant, domain } = await connected();
    const directory = await connectDirectory(fixture, { tenant });
    const account = { sub: freshSub(), email: `gone@${domain}` };
    const { sub: personId } = await claimsAfter(await signInBy(account));
    const decide = (mutation: string, shown: string) =>
      fixture.execute(
        `mutation ($input: ${mutation}Input!) { done: ${mutation[0]?.toLowerCase()}${mutation.slice(1)}(input: $input) { ${shown} errors { __typename } } }`,
        {
          viewer: { subject: 'per_admin', tenantId: tenant._id, permissions: planOf('owner') },
          variables: { input: { personId } },
        },
      );
    await fixture.member(tenant);
    expect((await decide('RemovePerson', 'removedPersonId')).data.done.errors).toEqual([]);
    const refused = await signInBy(account);
    expect(refused.visit.status).toBe(403);
    expect(refused.visit.text).toMatch(/removed from this tenant/);

    const listed = (tenantId: string) =>
      fixture.execute('{ removedPeople { nodes { personId email removedBy } } }', {
        viewer: { tenantId, permissions: ['person:read'] },
      });
    expect((await listed(tenant._id)).data.removedPeople.nodes).toEqual([
      { personId, email: account.email, removedBy: 'per_admin' },
    ]);
    const { tenant: other } = await connected();
    expect((await listed(other._id)).data.removedPeople.nodes).toEqual([]);

    expect((await decide('ReadmitPerson', 'readmittedPersonId')).data.done).toEqual({
      readmittedPersonId: personId,
      errors: [],
    });
    expect((await decide('ReadmitPerson', 'readmittedPersonId')).data.done.errors).toEqual([
      { __typename: 'PersonNotFound' },
    ]);
    expect(await claimsAfter(await signInBy(account))).toMatchObject({ sub: personId });

    // The same by SCIM, which takes its own word back; nor does anybody come back as somebody new.
    const { body } = await directory.list('Users', `userName eq "${account.email}"`);
    await directory.delete(`/Users/${body.Resources[0].id}`);
    const person = await personOf(account.email);
    if (person !== null) await deleteAccount(fixture.service, person);
    expect(await personOf(account.email)).toBeNull();
    expect((await signInBy(account)).visit.text).toMatch(/removed from this tenant/);
    expect((await listed(tenant._id)).data.removedPeople.nodes).toMatchObject([{ personId }]);
    await directory.post('/Users', newUser(account.email));
    expect((await claimsAfter(await signInBy(account))).sub).not.toBe(personId);
    expect((await listed(tenant._id)).data.removedPeople.nodes).toEqual([]);
  });

  it('makes nobody a member where it shall not, and lets members in', async () => {
    const { tenant, domain } = await connected({ provisionsPeople: false });
    const email = `m@${domain}`;
    const account = { sub: freshSub(), email };
    expect((await signInBy(account)).visit.status).toBe(403);
    const person = await fixture.person({ tenants: [tenant], role: 'viewer', email });
    expect(await claimsAfter(await signInBy(account))).toMatchObject({ sub: person._id, roles: ['viewer'] });
  });

  it('makes a member of whom the tenant’s directory announced, in the groups that it put them into', async () => {
    const { tenant, domain } = await connected({ provisionsPeople: false });
    const { post, get } = await connectDirectory(fixture, { tenant });
    const group = await fixture.group({ tenant, roles: ['operator'] });
    const account = { sub: freshSub(), email: `announced@${domain}` };
    const { body: user } = await post('/Users', newUser(account.email));
    await inTenant(tenant._id, () =>
      fixture.models.Membership.updateOne({ _id: user.id }, { $set: { groupIds: [group._id] } }),
    );
    expect(await claimsAfter(await signInBy(account))).toMatchObject({ roles: ['operator'] });
    expect((await get('/Users')).body.totalResults).toBe(2);
    expect(await toldOf('arthemiz.identity.linked.v1', tenant)).toMatchObject([
      { event: { data: { hasJoined: true } } },
    ]);
  });

  it('refuses the password and asks the provider, once it is required', async () => {
    const { tenant, domain, connectionId } = await connected();
    const email = `r@${domain}`;
    await fixture.person({ tenants: [tenant], role: 'viewer', email });
    const require = () => mutate(tenant, 'updateSsoConnection', { id: connectionId, isRequired: true });
    expect((await require()).errors).toMatchObject([{ __typename: 'SsoConnectionUnproven' }]);
    const account = { sub: freshSub(), email };
    await claimsAfter(await signInBy(account));
    expect((await require()).ssoConnection).toMatchObject({ isRequired: true });
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const page = await flow.browser.submit({ email, password });
    expect(page.text).toContain('Single sign-on');
    const visit = await flow.browser.open(await idp.visit(nextOf(page), account));
    expect((await claimsAfter({ ...flow, page, back: visit.url, visit })).amr).toEqual(['fed']);
  });
});

describe('an answer of a provider', () => {
  it('is taken once, from the browser that left for it', async () => {
    const { domain } = await connected();
    const account = { sub: freshSub(), email: `once@${domain}` };
    // An attacker begins, and sends the victim to the provider.
    const attacker = await leaveFor(account.email);
    const back = await idp.visit(nextOf(attacker.page), account);
    const victim = await fixture.browser().open(back);
    expect(victim.status).toBe(400);
    expect(victim.text).toContain('This sign-in has expired');
    // What the victim brought is not the attacker's either.
    const again = await attacker.browser.open(back);
    expect(again.text).toContain('This sign-in has expired');
    const flow = await attacker.browser.open(attacker.url);
    expect(flow.text).toContain('Sign in');
    const guessed = await attacker.browser.open(`${flow.url.href}?sso=guessed`);
    expect(guessed.status).toBe(400);
    expect(await personOf(account.email)).toBeNull();
  });

  it('has to fit: state, issuer, connection and code', async () => {
    const { domain } = await connected();
    const other = await connected();
    const account = { sub: freshSub(), email: `fit@${domain}` };
    const attempt = async (change: (back: URL) => void) => {
      const flow = await leaveFor(account.email);
      const back = await idp.visit(nextOf(flow.page), account);
      change(back);
      return flow.browser.open(back);
    };
    const refused = [
      await attempt(({ searchParams }) => searchParams.set('state', 'another')),
      // Mix-up: the answer says that another provider gave it (RFC 9207), or is brought to another's address.
      await attempt(({ searchParams }) => searchParams.set('iss', 'https://evil.example')),
      await attempt(({ searchParams }) => searchParams.delete('iss')),
      await attempt((back) => {
        back.pathname = `/auth/sso/${other.connectionId}/callback`;
      }),
      await attempt(({ searchParams }) => searchParams.set('code', 'guessed')),
      await attempt(({ searchParams }) => {
        searchParams.delete('code');
        searchParams.set('error', 'access_denied');
      }),
    ];
    for (const { status } of refused) expect([400, 403]).toContain(status);
    expect(await personOf(account.email)).toBeNull();
  });

  it('of another sign-in can not be slipped in: its nonce and its code verifier are others', async () => {
    const { domain } = await connected();
    const account = { sub: freshSub(), email: `inject@${domain}` };
    const [mine, theirs] = [await leaveFor(account.email), await leaveFor(account.email)];
    const stolen = await idp.visit(nextOf(theirs.page), account);
    const back = await idp.visit(nextOf(mine.page), { sub: freshSub(), email: `me@${domain}` });
    back.searchParams.set('code', stolen.searchParams.get('code') ?? '');
    expect((await mine.browser.open(back)).status).toBe(403);
    expect(await personOf(account.email)).toBeNull();
  });
});

describe('home-realm discovery', () => {
  it('says what holds for the domain, and nothing of the address', async () => {
    const { tenant, domain, domainId, connectionId } = await connected();
    await fixture.member(tenant);
    for (const local of ['known', 'unknown']) {
      const { page } = await leaveFor(`${local}@${domain}`);
      expect(nextOf(page).origin).toBe(idp.issuer);
    }
    for (const email of [`a@${freshName()}`, `a@sub.${domain}`, 'nobody', 'a@gmail.com'])
      expect((await leaveFor(email)).page.status).toBe(400);
    await mutate(tenant, 'updateSsoConnection', { id: connectionId, isEnabled: false });
    expect((await leaveFor(`known@${domain}`)).page.status).toBe(400);
    await mutate(tenant, 'updateSsoConnection', { id: connectionId, isEnabled: true, domainIds: [] });
    expect((await leaveFor(`known@${domain}`)).page.status).toBe(400);
    await mutate(tenant, 'updateSsoConnection', { id: connectionId, domainIds: [domainId] });
    expect((await leaveFor(`known@${domain}`)).page.status).toBe(200);
  });
});

describe('deciding about connections', () => {
  it('is for those who may do all that any role of the tenant allows', async () => {
    const { tenant, connectionId } = await connected();
    const few = ['sso-connection:write', 'sso-connection:read', 'tenant:read'];
    const input = { name: 'Mine', oidc: oidc() };
    for (const outcome of [
      await mutate(tenant, 'createOidcConnection', input, { permissions: few }),
      await mutate(tenant, 'updateSsoConnection', { id: connectionId, oidc: oidc() }, { permissions: few }),
      await mutate(tenant, 'deleteSsoConnection', { id: connectionId }, { permissions: few }),
    ])
      expect(outcome.errors).toMatchObject([{ __typename: 'PermissionNotHeld' }]);
  });

  it("touches no other tenant's connection, domain or role", async () => {
    const [mine, theirs] = [await connected(), await connected()];
    const foreign = await roleIdsOf(fixture, theirs.tenant);
    for (const [mutation, input, error] of [
      ['updateSsoConnection', { id: theirs.connectionId, name: 'x' }, 'SsoConnectionNotFound'],
      ['deleteSsoConnection', { id: theirs.connectionId }, 'SsoConnectionNotFound'],
      ['updateSsoConnection', { id: mine.connectionId, domainIds: [theirs.domainId] }, 'InvalidSsoInput'],
      ['updateSsoConnection', { id: mine.connectionId, defaultRoleIds: [foreign.owner] }, 'RoleNotFound'],
    ] as const)
      expect((await mutate(mine.tenant, mutation, input)).errors).toMatchObject([{ __typename: error }]);
    expect((await leaveFor(`a@${theirs.domain}`)).page.status).toBe(200);
  });

  it('gives a name to one connection, also when two are given it at the same moment', async () => {
    const { tenant, connectionId } = await connected();
    const other = await mutate(tenant, 'createOidcConnection', { name: 'Other', oidc: oidc() });
    for (let round = 0; round < 5; round += 1) {
      const name = `Same ${round}`;
      const outcomes = await Promise.all(
        [connectionId, other.ssoConnection.id].map((id) =>
          mutate(tenant, 'updateSsoConnection', { id, name }),
        ),
      );
      expect(outcomes.flatMap(({ errors }) => errors)).toMatchObject([
        { __typename: 'SsoConnectionNameTaken' },
      ]);
    }
  });

  it('refuses a provider that is no provider, is not public, or has no https', async () => {
    const tenant = await fixture.tenant();
    for (const [issuer, error] of [
      [`${idp.issuer}/nothing`, 'IdentityProviderUnreachable'],
      ['https://10.0.0.1', 'IdentityProviderUnreachable'],
      ['http://[::1]:9', 'IdentityProviderUnreachable'],
      ['http://example.com', 'InvalidSsoInput'],
      ['file:///etc/passwd', 'InvalidSsoInput'],
    ] as const) {
      const input = { name: 'Bad', oidc: { ...idpClient, issuer } };
      expect((await mutate(tenant, 'createOidcConnection', input)).errors).toMatchObject([
        { __typename: error },
      ]);
    }
  });

  it('keeps the secret sealed, and deleting a connection ends its links', async () => {
    const { tenant, domain, connectionId } = await connected();
    const account = { sub: freshSub(), email: `gone@${domain}` };
    await claimsAfter(await signInBy(account));
    const stored = await inTenant(tenant._id, () =>
      fixture.models.SsoConnection.findOne({ _id: connectionId }).lean(),
    );
    expect(JSON.stringify(stored)).not.toContain(idpClient.clientSecret);
    expect((await mutate(tenant, 'deleteSsoConnection', { id: connectionId })).errors).toEqual([]);
    expect((await leaveFor(account.email)).page.status).toBe(400);
    expect(await inTenant(tenant._id, () => fixture.models.IdentityLink.countDocuments())).toBe(0);
  });
});

describe('sessions', () => {
  const refresh = ({ config, tokens }: Pick<Awaited<ReturnType<typeof signIn>>, 'config' | 'tokens'>) =>
    client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });

  async function cameBy(account: Account) {
    const flow = await signInBy(account);
    return { ...flow, tokens: await exchange(flow, flow.visit) };
  }

  const sidOf = ({ tokens }: { tokens: { access_token: string } }) => decodeJwt(tokens.access_token).sid;
  /** As gateways and the tenant hear of it. */
  const endedIn = (tenant: TenantRow) =>
    eventually(async () => {
      const told = await toldOf('arthemiz.session.ended.v1', tenant);
      return told.length > 0 && told.map(({ event }) => event.data);
    });
  const knownEnded = (tenant: TenantRow) =>
    inTenant(tenant._id, async () =>
      (await fixture.models.EndedSession.find().lean()).map((row) => row.sessionId),
    );

  it.each([
    ['disabled', 'updateSsoConnection', { isEnabled: false }],
    ['deleted', 'deleteSsoConnection', {}],
  ])('end that came in by a connection when it is %s, and no others', async (_, mutation, change) => {
    const { tenant, domain, connectionId } = await connected();
    const colleague = await fixture.person({ tenants: [tenant], role: 'viewer' });
    const mine = await signIn(fixture, colleague.email);
    const theirs = await cameBy({ sub: freshSub(), email: `came@${domain}` });
    expect((await mutate(tenant, mutation, { id: connectionId, ...change })).errors).toEqual([]);
    // From the change on, whether or not the session has been ended yet.
    await expect(refresh(theirs)).rejects.toMatchObject({ error: 'invalid_grant' });
    const personId = decodeJwt(theirs.tokens.access_token).sub;
    const ended = { sessionId: sidOf(theirs), personId, endedBy: 'per_admin', reason: 'ended' };
    expect(await endedIn(tenant)).toEqual([ended]);
    expect(await knownEnded(tenant)).toEqual([sidOf(theirs)]);
    expect((await theirs.browser.open(`${origin}/auth/account/security`)).text).toContain('<h1>Sign in</h1>');
    await refresh(mine);
  });

  it('that came in otherwise end when a connection is required, but for who decides it, and strangers', async () => {
    const { tenant, domain, connectionId } = await connected();
    const person = (local: string, at = domain) =>
      fixture.person({ tenants: [tenant], role: 'viewer', email: `${local}@${at}` });
    const [decider, member, stranger] = [
      await person('a'),
      await person('b'),
      await person('c', freshName()),
    ];
    const came = await cameBy({ sub: freshSub(), email: `d@${domain}` });
    const [deciding, going, staying] = [
      await signIn(fixture, decider.email),
      await signIn(fixture, member.email),
      await signIn(fixture, stranger.email),
    ];
    const change = { id: connectionId, isRequired: true };
    const by = { subject: decider._id };
    expect((await mutate(tenant, 'updateSsoConnection', change, by)).errors).toEqual([]);
    await expect(refresh(going)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await endedIn(tenant)).toMatchObject([{ sessionId: sidOf(going), endedBy: decider._id }]);
    for (const one of [deciding, staying, came]) await refresh(one);
  });

  it('end with the link that a person ends, and so do the roles that its groups gave', async () => {
    const { tenant, domain, connectionId } = await connected();
    const { operator } = await roleIdsOf(fixture, tenant);
    await mutate(tenant, 'updateSsoConnection', {
      id: connectionId,
      groupRoles: [{ group: 'Ops', roleId: operator }],
    });
    const person = await fixture.person({ tenants: [tenant], role: 'viewer', email: `l@${domain}` });
    const came = await cameBy({ sub: freshSub(), email: person.email, groups: ['Ops'] });
    const managed = await came.browser.open(`${origin}/auth/account/security`);
    expect(managed.text).toContain('Acme ID signs you in to Acme');
    expect(managed.text).not.toContain('end-link');

    const own = await signIn(fixture, person.email);
    const page = await own.browser.open(`${origin}/auth/account/security`);
    const today = new Date().toISOString().slice(0, 10);
    expect(page.text).toContain(`Since ${today}, last used ${today}.`);
    const [path = ''] = page.text.match(/\/auth\/account\/security\/end-link\?id=[\w-]+/) ?? [];
    await own.browser.open(`${origin}${path}`);
    expect((await own.browser.submit({ password: 'wrong' })).status).toBe(401);
    const after = await own.browser.submit({ password });
    expect(after.text).not.toContain('Acme ID');
    await expect(refresh(came)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await knownEnded(tenant)).toEqual([sidOf(came)]);
    const { access_token: token } = await refresh(own);
    expect(decodeJwt(token).roles).toEqual(['viewer']);
    expect(await toldOf('arthemiz.identity.unlinked.v1', tenant)).toMatchObject([
      { event: { subject: person._id, data: { connectionId } } },
    ]);
  });

  it.each([
    ['another domain leads to one that is required', [true, true, true, true], true, 'who-came-otherwise'],
    ['one that is required gets another name', [true, true, true, true], false, null],
    ['one that is disabled is required', [false, false, false, true], false, null],
    ['one that is required is enabled again', [false, true, true, true], false, 'who-came-otherwise'],
    ['one is required no more', [true, true, true, false], false, null],
  ] as const)('when %s', (_, [wasEnabled, wasRequired, isEnabled, isRequired], isForOtherDomains, whose) => {
    const before = { isEnabled: wasEnabled, isRequired: wasRequired };
    expect(whoseSessionsEnd({ before, after: { isEnabled, isRequired }, isForOtherDomains })).toBe(whose);
  });

  it('keep the link without which nothing lets a person in', () => {
    const link = { connectionId: 'sso_1', requiredConnectionId: null };
    expect(whyLinkStays({ ...link, hasOtherWay: false })).toBe('only-way');
    expect(whyLinkStays({ ...link, hasOtherWay: true })).toBeNull();
  });

  it('do not let a person end the link by which alone they sign in', async () => {
    const { tenant, domain, connectionId } = await connected();
    const person = await fixture.person({ tenants: [tenant], role: 'viewer', email: `o@${domain}` });
    await cameBy({ sub: freshSub(), email: person.email });
    const own = await signIn(fixture, person.email);
    // Of one who decided it themselves the session goes on.
    const by = { subject: person._id };
    await mutate(tenant, 'updateSsoConnection', { id: connectionId, isRequired: true }, by);
    const page = await own.browser.open(`${origin}/auth/account/security`);
    expect(page.text).toContain('It can not be ended');
    // Nor does an address of such a domain change, or become somebody's by a mail.
    const change = await own.browser.open(`${origin}/auth/account/change-email`);
    expect([change.status, change.text.includes('can’t be changed here')]).toEqual([403, true]);
    const foreign = { from: 'somebody@elsewhere.test', to: `new@${domain}` };
    expect(await hindranceOf(fixture.service, foreign)).toBe('given');
    const free = { from: 'somebody@elsewhere.test', to: 'somebody@else.test' };
    expect(await hindranceOf(fixture.service, free)).toBeNull();
    const link = await inTenant(tenant._id, () => fixture.models.IdentityLink.findOne().lean());
    const asked = await own.browser.open(`${origin}/auth/account/security/end-link?id=${link?._id}`);
    expect(asked.url.pathname).toBe('/auth/account/security');
    expect(await inTenant(tenant._id, () => fixture.models.IdentityLink.countDocuments())).toBe(1);
  });
});

describe('single sign-on by SAML', () => {
  const signOnUrl = 'https://idp.example/saml';

  async function connectedBySaml() {
    const provider = await startSamlProvider(signOnUrl);
    const tenant = await fixture.tenant();
    const domain = freshName();
    const { operator } = await roleIdsOf(fixture, tenant);
    const { ssoConnection, errors } = await mutate(tenant, 'createSamlConnection', {
      name: 'Acme SAML',
      saml: provider.settings,
      domainIds: [await verifiedDomain(tenant, domain)],
      provisionsPeople: true,
      groupRoles: [{ group: 'Ops', roleId: operator }],
    });
    expect(errors).toEqual([]);
    const [acs = ''] = ssoConnection.redirectUris as string[];
    const metadata = await (await fixture.publicFetch(acs.replace(/acs$/, 'metadata'))).text();
    return { provider, tenant, domain, acs, metadata };
  }

  type Connected = Awaited<ReturnType<typeof connectedBySaml>>;

  /** Posts what `change` makes of the provider's response, from another site as browsers do, to where it belongs. */
  async function answerWith(
    { provider, domain, acs, metadata }: Connected,
    claims: Partial<SamlClaims> = {},
    change: (xml: string) => string = (xml) => xml,
  ) {
    const email = claims.email ?? `sam@${domain}`;
    const flow = await leaveFor(`sam@${domain}`);
    const url = nextOf(flow.page);
    const xml = await provider.respond(url, metadata, { nameId: 'sam-1', email, ...claims });
    const RelayState = url.searchParams.get('RelayState') ?? '';
    const post = (sent: string) =>
      fixture.publicFetch(acs, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://idp.example' },
        body: new URLSearchParams({
          RelayState,
          SAMLResponse: Buffer.from(sent).toString('base64'),
        }).toString(),
      });
    const posted = await post(change(xml));
    return { ...flow, posted, xml, post, location: posted.headers.get('location') };
  }

  it('lets in whom a signed assertion names, with roles by their groups', async () => {
    const connection = await connectedBySaml();
    const { tenant, domain } = connection;
    const answered = await answerWith(connection, { groups: ['Ops', 'Others'] });
    expect(answered.posted.status).toBe(303);
    const visit = await answered.browser.open(answered.location ?? '');
    const claims = await claimsAfter({ ...answered, back: visit.url, visit });
    expect(claims).toMatchObject({ tenant: tenant._id, roles: ['operator'], amr: ['fed'] });
    expect((await personOf(`sam@${domain}`))?._id).toBe(claims.sub);
  });

  it('takes an answer once, and from the browser that left for it', async () => {
    const connection = await connectedBySaml();
    const answered = await answerWith(connection);
    expect((await fixture.browser().open(answered.location ?? '')).text).toContain('has expired');
    expect((await answered.post(answered.xml)).status).toBe(400);
    // Replayed in another sign-in, whose request it does not answer.
    const replayed = await answerWith(connection, {}, () => answered.xml);
    expect(replayed.posted.status).toBe(403);
    expect(await fixture.models.TakenAssertion.countDocuments()).toBeGreaterThan(0);
    const twice = { assertionId: '_the-same' };
    expect((await answerWith(connection, twice)).posted.status).toBe(303);
    expect((await answerWith(connection, twice)).posted.status).toBe(403);
  });

  it.each([
    ['another audience', { audience: 'https://other.example' }],
    ['another recipient', { recipient: `${origin}/auth/sso/sso_other/acs` }],
    ['another request', { inResponseTo: '_another' }],
    ['another issuer', { issuer: 'https://evil.example' }],
    ['a clock that is five minutes ahead', { skewMs: 300_000 }],
    ['a clock that is ten minutes behind', { skewMs: -600_000 }],
  ])('refuses an assertion for %s', async (_, claims) => {
    const connection = await connectedBySaml();
    expect((await answerWith(connection, claims)).posted.status).toBe(403);
    expect((await answerWith(connection, { skewMs: 60_000 })).posted.status).toBe(303);
  });

  const assertionOf = (xml: string) => xml.match(/<saml:Assertion[\s\S]*<\/saml:Assertion>/)?.[0] ?? '';
  const forged = (xml: string) =>
    assertionOf(xml)
      .replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '')
      .replace(/ID="[^"]*"/, 'ID="_evil"')
      .replace(/sam@/g, 'owner@')
      .replace('sam-1', 'owner-1');

  it.each<[string, (xml: string) => string]>([
    ['no signature', (xml) => xml.replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, '')],
    ['a changed address', (xml) => xml.replace(/sam@/g, 'owner@')],
    ['a changed group', (xml) => xml.replace('<saml:AttributeValue>Ops', '<saml:AttributeValue>Admins')],
    [
      'a forged assertion before the signed one',
      (xml) => xml.replace('<saml:Assertion', `${forged(xml)}<saml:Assertion`),
    ],
    [
      'a forged assertion after it',
      (xml) => xml.replace('</samlp:Response>', `${forged(xml)}</samlp:Response>`),
    ],
    [
      'the signed one wrapped in extensions',
      (xml) =>
        xml.replace(
          assertionOf(xml),
          `<samlp:Extensions>${assertionOf(xml)}</samlp:Extensions>${forged(xml)}`,
        ),
    ],
    [
      'the signed one wrapped in the forged one',
      (xml) =>
        xml.replace(
          assertionOf(xml),
          forged(xml).replace(
            '</saml:Assertion>',
            `<saml:Advice>${assertionOf(xml)}</saml:Advice></saml:Assertion>`,
          ),
        ),
    ],
    [
      'its signature moved onto a forged one',
      (xml) => {
        const signature = xml.match(/<ds:Signature[\s\S]*<\/ds:Signature>/)?.[0] ?? '';
        const object = `<ds:Object>${assertionOf(xml).replace(signature, '')}</ds:Object></ds:Signature>`;
        const moved = signature.replace('</ds:Signature>', object);
        return xml.replace(assertionOf(xml), forged(xml).replace('</saml:Issuer>', `</saml:Issuer>${moved}`));
      },
    ],
    [
      'a document type with an entity',
      (xml) => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml.replace('sam-1', '&e;')}`,
    ],
    ['a weaker algorithm', (xml) => xml.replaceAll('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256')],
  ])('refuses a response with %s', async (_, change) => {
    const connection = await connectedBySaml();
    const { posted, xml } = await answerWith(connection, { groups: ['Ops'] }, change);
    expect(change(xml)).not.toBe(xml);
    expect(posted.status).toBe(403);
  });

  it('reads a NameID and an address whole, whatever comments are put into them', async () => {
    const connection = await connectedBySaml();
    const { domain } = connection;
    const email = `owner@${domain}<!-- -->.evil.test`;
    const answered = await answerWith(connection, { email });
    const visit = await answered.browser.open(answered.location ?? '');
    expect(visit.status).toBe(403);
    expect(await personOf(`owner@${domain}`)).toBeNull();
    // Put into a signed one, where canonical XML knows no comments: what was signed is read.
    const later = await answerWith(connection, {}, (xml) =>
      xml.replace(`sam@${domain}`, `sam@<!-- -->${domain}`),
    );
    const admitted = await later.browser.open(later.location ?? '');
    await claimsAfter({ ...later, back: admitted.url, visit: admitted });
    expect(await personOf(`sam@${domain}`)).not.toBeNull();
  });
});

function membershipOf(tenant: TenantRow, person: PersonRow) {
  return inTenant(tenant._id, () => fixture.models.Membership.findOne({ personId: person._id }).lean());
}
