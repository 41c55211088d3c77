// Where people are signed in, and ending it: by themselves and by administrators.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { createAdapter } from '../oidc/adapter.ts';
import type { PersonRow } from '../people/model.ts';
import type { TenantRow } from '../tenants/model.ts';
import { openAccess } from '../testing/access-client.ts';
import { actingAs, planOf } from '../testing/acting.ts';
import type { Browser } from '../testing/browser.ts';
import {
  audience,
  beginCodeFlow,
  exchange,
  type Fixture,
  issuer,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import { describeBrowser, networkOf, sessionIdOf } from './rules.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const page = `${issuer}/account/sessions`;

async function newPerson(tenants = 1) {
  const all = await Promise.all(Array.from({ length: tenants }, () => fixture.tenant()));
  const [tenant] = all;
  if (tenant === undefined) throw new Error('There is no tenant.');
  return { tenant, tenants: all, person: await fixture.person({ tenants: all }) };
}

type SignedIn = Awaited<ReturnType<typeof signIn>>;

const sidOf = ({ tokens }: SignedIn): string => String(decodeJwt(tokens.access_token).sid);

/** For a person of several tenants. */
async function signInTo(person: PersonRow, { _id: tenant }: TenantRow) {
  const flow = await beginCodeFlow(fixture);
  await flow.browser.open(flow.url);
  await flow.browser.submit({ email: person.email, password });
  return { ...flow, tokens: await exchange(flow, await flow.browser.submit({ tenant })) };
}

/** What the person is shown by the program that they signed in to. */
async function sessionsOf(person: PersonRow, tenant: TenantRow, sessionId: string) {
  const viewer = { subject: person._id, tenantId: tenant._id, sessionId };
  const { data } = await fixture.execute(
    '{ viewer { sessions { id isCurrent programs browser network signedInAt lastUsedAt } } }',
    { viewer },
  );
  return data.viewer.sessions;
}

const refresh = ({ config, tokens }: SignedIn) =>
  client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });

async function mustSignIn(browser: Browser): Promise<boolean> {
  const { text } = await browser.open(page);
  return /<h1>Sign in<\/h1>/.test(text);
}

async function endedEvents(person: PersonRow) {
  const entries = await fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': 'arthemiz.session.ended.v1', 'event.subject': person._id })
    .toArray();
  return entries.map(({ event }) => ({ tenantId: event.tenantid, ...event.data }));
}

describe('a person', () => {
  it('sees where they are signed in, and which of it asks', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    const there = await signIn(fixture, person.email);
    const sessions = await sessionsOf(person, tenant, sidOf(here));
    expect(sessions).toHaveLength(2);
    expect(sessions.map(({ id }: { id: string }) => id).sort()).toEqual([sidOf(here), sidOf(there)].sort());
    for (const session of sessions) {
      expect(session).toMatchObject({
        isCurrent: session.id === sidOf(here),
        programs: ['Explorer'],
        network: expect.stringMatching(/^[\d.]+\.0\/24$/),
      });
    }
  });

  it('sees it on a page, with this browser marked', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const { text, url } = await browser.open(page);
    expect(url.href).toBe(page);
    expect(text.match(/<li>/g)).toHaveLength(1);
    expect(text).toContain('(this browser)');
    expect(text).toContain('Explorer');
    expect(text).not.toContain('End all others');
  });

  it('is brought back to the page that they asked for, and to no other place', async () => {
    const { person } = await newPerson();
    const browser = fixture.browser();
    await browser.open(page);
    expect((await browser.submit({ email: person.email, password })).url.href).toBe(page);
    for (const state of ['https://evil.example', '//evil.example', '/../../logout', '__proto__'])
      expect((await browser.open(`${issuer}/account/security?code=x&state=${state}`)).url.href).toBe(
        `${issuer}/account/security`,
      );
  });

  it('ends another session: its refresh token and its browser are worth nothing, the own goes on', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    const there = await signIn(fixture, person.email);
    const { text } = await here.browser.open(page);
    expect(text).toContain(sidOf(there));
    await here.browser.submit({ end: sidOf(there) });
    await expect(refresh(there)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(await mustSignIn(there.browser)).toBe(true);
    expect(await mustSignIn(here.browser)).toBe(false);
    await expect(refresh(here)).resolves.toMatchObject({ token_type: 'bearer' });
    expect(await sessionsOf(person, tenant, sidOf(here))).toMatchObject([{ id: sidOf(here) }]);
    expect(await endedEvents(person)).toEqual([
      {
        tenantId: tenant._id,
        sessionId: sidOf(there),
        personId: person._id,
        endedBy: person._id,
        reason: 'ended',
      },
    ]);
  });

  it('is in another session after signing in anew where one was ended', async () => {
    const { person } = await newPerson();
    const here = await signIn(fixture, person.email);
    await fixture.execute('mutation ($id: ID!) { endSession(input: { id: $id }) { errors { message } } }', {
      viewer: { subject: person._id, tenantId: null, sessionId: sidOf(here) },
      variables: { id: sidOf(here) },
    });
    const { browser } = here;
    await browser.open(page);
    await browser.submit({ email: person.email, password });
    expect(await mustSignIn(browser)).toBe(false);
  });

  it('ends all others at once, programs that were let in included', async () => {
    const { tenant, person } = await newPerson();
    const all = [];
    for (let count = 0; count < 3; count += 1) all.push(await signIn(fixture, person.email));
    const [here, ...others] = all;
    if (here === undefined) throw new Error('Nobody signed in.');
    const { data } = await fixture.execute(
      'mutation { endOtherSessions { sessionIds errors { message } } }',
      { viewer: { subject: person._id, tenantId: tenant._id, sessionId: sidOf(here) } },
    );
    expect(data.endOtherSessions.errors).toEqual([]);
    expect([...data.endOtherSessions.sessionIds].sort()).toEqual(others.map(sidOf).sort());
    for (const other of others)
      await expect(refresh(other)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refresh(here)).resolves.toMatchObject({ token_type: 'bearer' });
  });

  it("can't end a stranger's session", async () => {
    const { tenant, person } = await newPerson();
    const stranger = await fixture.member(tenant);
    const here = await signIn(fixture, person.email);
    const { data } = await fixture.execute(
      'mutation ($id: ID!) { endSession(input: { id: $id }) { sessionId errors { __typename } } }',
      { viewer: actingAs(stranger, tenant, []), variables: { id: sidOf(here) } },
    );
    expect(data.endSession).toEqual({ sessionId: null, errors: [{ __typename: 'SessionNotFound' }] });
    await expect(refresh(here)).resolves.toMatchObject({ token_type: 'bearer' });
  });
});

describe('an administrator', () => {
  it("ends a member's sessions in their own tenant, and none elsewhere", async () => {
    const { tenants, person } = await newPerson(2);
    const [tenant, other] = tenants;
    if (tenant === undefined || other === undefined) throw new Error('There are no two tenants.');
    const administrator = await fixture.member(tenant);
    const here = await signInTo(person, tenant);
    const elsewhere = await signInTo(person, other);
    const viewer = actingAs(administrator, tenant, planOf('owner'));
    const seen = await fixture.execute('query ($id: ID!) { person(id: $id) { sessions { id } } }', {
      viewer,
      variables: { id: person._id },
    });
    expect(seen.data.person.sessions).toEqual([{ id: sidOf(here) }]);
    const foreign = await fixture.execute(
      'mutation ($id: ID!) { endSession(input: { id: $id }) { errors { __typename } } }',
      { viewer, variables: { id: sidOf(elsewhere) } },
    );
    expect(foreign.data.endSession.errors).toEqual([{ __typename: 'SessionNotFound' }]);
    const { data } = await fixture.execute(
      'mutation ($id: ID!) { endPersonSessions(input: { personId: $id }) { sessionIds errors { message } } }',
      { viewer, variables: { id: person._id } },
    );
    expect(data.endPersonSessions).toEqual({ sessionIds: [sidOf(here)], errors: [] });
    await expect(refresh(here)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(refresh(elsewhere)).resolves.toMatchObject({ token_type: 'bearer' });
    expect(await endedEvents(person)).toMatchObject([{ tenantId: tenant._id, endedBy: administrator._id }]);
  });

  it('needs the permission for it, and a member to end it for', async () => {
    const { tenant, person } = await newPerson();
    const { person: stranger } = await newPerson();
    const end =
      'mutation ($id: ID!) { endPersonSessions(input: { personId: $id }) { errors { __typename } } }';
    const variables = { id: person._id };
    const operator = actingAs(await fixture.member(tenant), tenant, planOf('operator'));
    expect((await fixture.execute(end, { viewer: operator, variables })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    const owner = actingAs(await fixture.member(tenant), tenant, planOf('owner'));
    const { data } = await fixture.execute(end, { viewer: owner, variables: { id: stranger._id } });
    expect(data.endPersonSessions.errors).toEqual([{ __typename: 'SessionNotFound' }]);
  });
});

describe('an ended session', () => {
  it('is told to gateways that ask, in the tenant where it ended', async () => {
    const { tenant, person } = await newPerson();
    const access = openAccess(fixture);
    const since = new Date();
    const here = await signIn(fixture, person.email);
    await here.browser.open(`${issuer}/account/security/change-password`);
    const again = 'violet otters paint the harbour';
    await here.browser.submit({ password, 'new-password': again, again });
    expect((await access.changesSince(since)).endedSessions).toEqual([]);
    const there = await signIn(fixture, person.email, again);
    await fixture.execute('mutation { endOtherSessions { sessionIds } }', {
      viewer: { subject: person._id, tenantId: tenant._id, sessionId: sidOf(there) },
    });
    expect((await access.changesSince(since)).endedSessions).toMatchObject([
      { tenantId: tenant._id, sessionId: sidOf(here) },
    ]);
    access.close();
  });

  it('is not begun again by what was under way when it ended', async () => {
    const adapter = createAdapter(fixture.service, 'Session');
    const sessionUid = `uid-${Math.random()}`;
    const store = () => adapter.upsert(`cookie-${sessionUid}`, { uid: sessionUid }, 60);
    await store();
    expect(await adapter.find(`cookie-${sessionUid}`)).toMatchObject({ uid: sessionUid });
    await adapter.destroy(`cookie-${sessionUid}`);
    await inTenant('ten_x', () =>
      fixture.models.EndedSession.create([{ sessionId: sessionIdOf({ sessionUid }), endedAt: new Date() }]),
    );
    await store();
    expect(await adapter.find(`cookie-${sessionUid}`)).toBeUndefined();
  });
});

describe('what is shown of a session', () => {
  it('is the network and not the address', () => {
    expect(networkOf('203.0.113.77')).toBe('203.0.113.0/24');
    expect(networkOf('2001:db8:1:2:3::4')).toBe('2001:db8:1::/48');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0::/48');
    expect(networkOf('unknown')).toBeNull();
    expect(networkOf(null)).toBeNull();
  });

  it('is the browser where it names one', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    expect(describeBrowser(firefox)).toBe('Firefox on Linux');
    expect(describeBrowser('')).toBeNull();
    expect(describeBrowser(null)).toBeNull();
  });
});
