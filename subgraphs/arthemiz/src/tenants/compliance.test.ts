// What tenants ask of people: the ways in which they sign in, from where, and for how long.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { PersonRow } from '../people/model.ts';
import { planOf } from '../testing/acting.ts';
import {
  audience,
  beginCodeFlow,
  exchange,
  type Fixture,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import {
  type Compliance,
  complianceInput,
  isAllowedFrom,
  lackOf,
  signInMethods,
} from './compliance-rules.ts';
import type { TenantRow } from './model.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const update = /* GraphQL */ `
  mutation ($input: UpdateTenantComplianceInput!) {
    updateTenantCompliance(input: $input) {
      tenant {
        compliance { secondFactorRequired signInMethods allowedNetworks sessionMinutes idleSessionMinutes retentionDays }
      }
      errors { __typename message }
    }
  }
`;

/** By a program, unless a session is named. */
async function ask(tenant: TenantRow, input: object, viewer: { subject?: string; sessionId?: string } = {}) {
  const permissions = planOf('owner');
  const { data, errors } = await fixture.execute(update, {
    viewer: { ...viewer, tenantId: tenant._id, permissions },
    variables: { input },
  });
  expect(errors).toBeUndefined();
  return data.updateTenantCompliance;
}

async function newPerson() {
  const tenant = await fixture.tenant();
  return { tenant, person: await fixture.person({ tenants: [tenant] }) };
}

async function tryFrom(person: PersonRow, ipAddress: string) {
  const flow = await beginCodeFlow(fixture, {}, { browser: fixture.browser(ipAddress) });
  await flow.browser.open(flow.url);
  return { flow, page: await flow.browser.submit({ email: person.email, password }) };
}

type SignedIn = Awaited<ReturnType<typeof signIn>>;

const refresh = ({ config, tokens }: { config: SignedIn['config']; tokens: { refresh_token?: string } }) =>
  client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });

/** The endpoint for tokens is asked from 198.51.100.1 by the fixture; it itself asks the subgraph from 127.0.0.1. */
const own = ['127.0.0.0/8', '198.51.100.0/24'];

describe('allowed networks', () => {
  it('let people in from there alone', async () => {
    const { tenant, person } = await newPerson();
    expect((await ask(tenant, { allowedNetworks: [...own, '203.0.113.0/24'] })).errors).toEqual([]);
    const outside = await tryFrom(person, '192.0.2.77');
    expect(outside.page.status).toBe(403);
    expect(outside.page.text).toMatch(/does not let you in/);
    const inside = await tryFrom(person, '203.0.113.9');
    await expect(exchange(inside.flow, inside.page)).resolves.toMatchObject({ token_type: 'bearer' });
  });

  it('hold for who is in already: a refresh from elsewhere is refused, and a browser signs in again', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    await ask(tenant, { allowedNetworks: ['127.0.0.0/8'] });
    await expect(refresh(here)).rejects.toMatchObject({ error: 'invalid_grant' });
    const { url } = await beginCodeFlow(fixture, { prompt: 'none' });
    expect((await here.browser.open(url)).url.searchParams.get('error')).toBe('login_required');
    await ask(tenant, { allowedNetworks: [] });
    await expect(refresh(here)).resolves.toMatchObject({ token_type: 'bearer' });
  });

  it('are refused where who asks would be out', async () => {
    const { tenant } = await newPerson();
    const { tenant: changed, errors } = await ask(tenant, { allowedNetworks: ['203.0.113.0/24'] });
    expect(changed).toBeNull();
    expect(errors).toMatchObject([{ __typename: 'LocksViewerOut' }]);
  });

  it('are networks', async () => {
    const { tenant } = await newPerson();
    for (const network of ['localhost', '10.0.0.0', '10.0.0.0/33', '2001:db8::/129', '*'])
      expect((await ask(tenant, { allowedNetworks: [network] })).errors).toMatchObject([
        { __typename: 'InvalidTenantInput' },
      ]);
  });

  it.each([
    ['203.0.113.9', true],
    ['203.0.114.9', false],
    ['2001:db8:1::5', true],
    ['2001:db9::5', false],
    ['nonsense', false],
    [null, false],
  ])('hold %s: %s', (address, isIn) => {
    expect(isAllowedFrom(address, ['203.0.113.0/24', '2001:db8::/32'])).toBe(isIn);
  });
});

describe('allowed ways to sign in', () => {
  it('let nobody in by another', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    expect((await ask(tenant, { signInMethods: ['PASSKEY'] })).errors).toEqual([]);
    const { page } = await tryFrom(person, '192.0.2.78');
    expect(page.status).toBe(403);
    expect(page.text).toMatch(/in another way/);
    await expect(refresh(here)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('are refused where who asks signed in by another', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    const viewer = { subject: person._id, sessionId: String(decodeJwt(here.tokens.access_token).sid) };
    expect((await ask(tenant, { signInMethods: ['SSO'] }, viewer)).errors).toMatchObject([
      { __typename: 'LocksViewerOut' },
    ]);
    expect((await ask(tenant, { signInMethods: ['PASSWORD', 'SSO'] }, viewer)).errors).toEqual([]);
    await expect(refresh(here)).resolves.toMatchObject({ token_type: 'bearer' });
  });
});

describe('the length of sessions', () => {
  it('ends one that nobody used for so long, and asks to sign in again', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    await ask(tenant, { idleSessionMinutes: 30 });
    const { OidcArtifact } = fixture.models;
    const mine = { accountId: person._id, kind: 'Grant' };
    await OidcArtifact.updateMany(mine, { $set: { lastUsedAt: new Date(Date.now() - 29 * 60_000) } });
    const tokens = await refresh(here);
    await OidcArtifact.updateMany(mine, { $set: { lastUsedAt: new Date(Date.now() - 31 * 60_000) } });
    await expect(refresh({ ...here, tokens })).rejects.toMatchObject({ error: 'invalid_grant' });
    const { url } = await beginCodeFlow(fixture, { prompt: 'none' });
    expect((await here.browser.open(url)).url.searchParams.get('error')).toBe('login_required');
  });

  it('ends one that began so long ago, however much it is used', async () => {
    const { tenant, person } = await newPerson();
    const here = await signIn(fixture, person.email);
    await ask(tenant, { sessionMinutes: 60 });
    const tokens = await refresh(here);
    // As if the person had signed in an hour and a minute ago.
    for (const artifact of await fixture.models.OidcArtifact.find({ accountId: person._id }).lean()) {
      const payload = artifact.payload.replace(/"(authTime|loginTs)":(\d+)/g, (_, name, at) => {
        return `"${name}":${Number(at) - 61 * 60}`;
      });
      await fixture.models.OidcArtifact.updateOne({ _id: artifact._id }, { $set: { payload } });
    }
    await expect(refresh({ ...here, tokens })).rejects.toMatchObject({ error: 'invalid_grant' });
    const { url } = await beginCodeFlow(fixture, { prompt: 'none' });
    expect((await here.browser.open(url)).url.searchParams.get('error')).toBe('login_required');
    await signIn(fixture, person.email);
  });

  it('is 30 minutes to two weeks', () => {
    for (const minutes of [29, 20_161, 30.5])
      expect(complianceInput.safeParse({ sessionMinutes: minutes }).success).toBe(false);
    for (const minutes of [30, 20_160, null])
      expect(complianceInput.safeParse({ sessionMinutes: minutes }).success).toBe(true);
  });
});

describe('how long records are kept', () => {
  it('is a week to ten years, or left to the subgraphs', async () => {
    const { tenant } = await newPerson();
    for (const days of [6, 3_651, 7.5])
      expect(complianceInput.safeParse({ retentionDays: days }).success).toBe(false);
    for (const days of [7, 3_650, null]) {
      const { tenant: changed } = await ask(tenant, { retentionDays: days });
      expect(changed.compliance.retentionDays).toBe(days);
    }
  });

  it('is told to all that keep some, each change with a later moment', async () => {
    const { tenant } = await newPerson();
    await ask(tenant, { retentionDays: 30 });
    await ask(tenant, { sessionMinutes: 720 });
    await ask(tenant, { retentionDays: null });
    const told = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'tenancy.retention.changed.v1', 'event.tenantid': tenant._id })
      .sort({ _id: 1 })
      .toArray();
    expect(told.map(({ event }) => event.data.retentionDays)).toEqual([30, null]);
    const [first, second] = told.map(({ event }) => Date.parse(event.data.changedAt));
    expect(second).toBeGreaterThan(first ?? Number.POSITIVE_INFINITY);
  });
});

describe('programs', () => {
  it('get no token from outside of the allowed networks', async () => {
    const { tenant } = await newPerson();
    const { id, secret } = await fixture.serviceClient({ tenant });
    const config = await fixture.configure(id, client.ClientSecretBasic(secret));
    await ask(tenant, { allowedNetworks: ['127.0.0.0/8'] });
    await expect(client.clientCredentialsGrant(config)).rejects.toMatchObject({ error: 'invalid_grant' });
    await ask(tenant, { allowedNetworks: own });
    await expect(client.clientCredentialsGrant(config)).resolves.toMatchObject({ token_type: 'bearer' });
  });
});

describe('what a tenant asks for', () => {
  it('stays where it is not named, and is told when it is another', async () => {
    const { tenant } = await newPerson();
    await ask(tenant, { sessionMinutes: 720 });
    await ask(tenant, { idleSessionMinutes: 60 });
    const { tenant: changed } = await ask(tenant, { secondFactorRequired: false });
    expect(changed.compliance).toEqual({
      secondFactorRequired: false,
      signInMethods: [...signInMethods],
      allowedNetworks: [],
      sessionMinutes: 720,
      idleSessionMinutes: 60,
      retentionDays: null,
    });
    const told = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'arthemiz.tenant.compliance-changed.v1', 'event.tenantid': tenant._id })
      .sort({ _id: 1 })
      .toArray();
    expect(told.map(({ event }) => event.data.idleSessionMinutes)).toEqual([null, 60]);
  });

  it('is named by what no further proof makes good first', () => {
    const now = new Date();
    const asked: Compliance = {
      secondFactorRequired: true,
      signInMethods: ['PASSKEY'],
      allowedNetworks: ['10.0.0.0/8'],
      sessionMinutes: 30,
      idleSessionMinutes: null,
      retentionDays: null,
    };
    const given = { amr: ['pwd'], ipAddress: '192.0.2.1', signedInAt: null, lastUsedAt: null };
    expect(lackOf(asked, given, now)).toBe('network');
    expect(lackOf(asked, { ...given, ipAddress: '10.1.1.1' }, now)).toBe('sign-in-method');
    expect(lackOf(asked, { ...given, ipAddress: '10.1.1.1', amr: ['hwk'] }, now)).toBe('session');
    const recent = { ...given, ipAddress: '10.1.1.1', amr: ['hwk'], signedInAt: now };
    expect(lackOf(asked, recent, now)).toBe('second-factor');
    expect(lackOf(asked, { ...recent, amr: ['hwk', 'user', 'mfa'] }, now)).toBeNull();
  });
});
