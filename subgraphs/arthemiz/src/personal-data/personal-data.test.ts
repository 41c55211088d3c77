// A person's copy of what is kept about them, and the deletion of their account, over the real subgraphs.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import type { Schema } from 'mongoose';
import { refreshTokenGrant } from 'openid-client';
import { models as sentinelModels } from '../../../sentinel/src/models.ts';
import { models as systemhealthModels } from '../../../systemhealth/src/models.ts';
import { models } from '../models.ts';
import type { PersonRow } from '../people/model.ts';
import { declared, startSentinel } from '../provisioning/testing.ts';
import type { TenantRow } from '../tenants/model.ts';
import { actingAs, planOf } from '../testing/acting.ts';
import { enrolApp } from '../testing/authenticator.ts';
import {
  beginCodeFlow,
  exchange,
  type Fixture,
  issuer,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import { type Mailbox, startMailbox } from '../testing/mailbox.ts';

let fixture: Fixture;
let sentinel: Awaited<ReturnType<typeof startSentinel>>;
let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox();
  fixture = await startFixture({
    ...{ SMTP_URL: mailbox.url, MAIL_POLL_MS: '50' },
    MONGODB_URIS: JSON.stringify({ eu: process.env.MONGODB_URI }),
  });
  sentinel = await startSentinel(fixture.environment.env);
  await declared(fixture, ['arthemiz', 'sentinel']);
});
afterAll(async () => {
  await sentinel?.stop();
  await fixture?.stop();
  await mailbox?.stop();
});

const data = `${issuer}/account/data`;
const deletion = `${issuer}/account/delete`;

async function provisioned(slug: string, region = 'eu'): Promise<TenantRow> {
  const { data: made } = await fixture.execute(
    `mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }`,
    {
      viewer: { tenantId: 'ten_platform', permissions: ['tenant:create'] },
      variables: { input: { name: slug, slug, idempotencyKey: `personal-${slug}`, region } },
    },
  );
  const _id: string = made.createTenant.tenant.id;
  return eventually(
    async () => (await fixture.models.Tenant.findOne({ _id, status: 'ACTIVE' }).lean()) ?? false,
    { timeoutMs: 60_000 },
  );
}

/** A person's browser on one of the pages, signed in. */
async function open(page: string, person: PersonRow, factor: Record<string, string> = {}) {
  const browser = fixture.browser();
  await browser.open(page);
  let shown = await browser.submit({ email: person.email, password });
  if (Object.keys(factor).length > 0) shown = await browser.submit(factor);
  return { browser, shown };
}

async function signInTo(tenant: TenantRow, person: PersonRow) {
  const flow = await beginCodeFlow(fixture);
  await flow.browser.open(flow.url);
  await flow.browser.submit({ email: person.email, password });
  const back = await flow.browser.submit({ tenant: tenant._id });
  return { ...flow, tokens: await exchange(flow, back) };
}

/** Collections of both subgraphs in which a text stands, of any region. */
async function collectionsWith(text: string): Promise<string[]> {
  const regions = [...fixture.service.regions, ...sentinel.service.regions];
  const found = await Promise.all(
    regions.map(async ({ connection }) => {
      const all = (await connection.db?.collections()) ?? [];
      const rows = await Promise.all(all.map((each) => each.find().toArray()));
      return all
        .filter((_, index) => JSON.stringify(rows[index]).includes(text))
        .map(({ collectionName }) => collectionName);
    }),
  );
  return [...new Set(found.flat())].sort();
}

const eventsOf = (person: PersonRow) =>
  acrossTenants(
    'a test looks',
    () => sentinel.service.models.SecurityEvent.find({ actorId: person._id }).lean(),
    { region: 'eu' },
  );

describe('the copy', () => {
  it('has what every subgraph keeps about the person, in all regions, no secret, and nothing of others', async () => {
    const tenant = await provisioned('copied');
    const [person, other] = [
      await fixture.person({ tenants: [tenant] }),
      await fixture.member(tenant, 'viewer'),
    ];
    await signIn(fixture, person.email);
    await eventually(async () => (await eventsOf(person)).length > 0);
    const viewer = actingAs(person, tenant, planOf('owner'));
    const key = await fixture.execute(
      'mutation { createApiKey(input: { name: "Mine", permissions: ["tenant:read"] }) { secret } }',
      { viewer },
    );
    // More than one page.
    const change = (index: number) => ({
      ...{ createdBy: person._id, boundTo: 'mem_x', digest: `x${index}`, permissions: [], name: `${index}` },
      ...{ lifetimeDays: 1, createdAt: new Date(), expiresAt: new Date() },
      forgetAt: new Date(Date.now() + 600_000),
    });
    await inTenant(tenant._id, () =>
      fixture.models.ApiKey.insertMany(Array.from({ length: 250 }, (_, index) => change(index))),
    );
    const { app, recoveryCodes } = await enrolApp(fixture, person);

    const { browser, shown } = await open(data, person, { code: app.present() });
    expect(shown.text).toMatch(/<h1>Download your data/);
    expect((await browser.submit({ password })).status).toBe(400);
    expect((await browser.submit({ password: 'wrong', code: app.wrong() })).status).toBe(401);
    await browser.open(data);
    const file = await browser.submit({ password, recovery: recoveryCodes[0] ?? '' });
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="personal-data-.*\.json"$/,
    );
    expect(file.headers.get('cache-control')).toBe('no-store');
    const copy = JSON.parse(file.text);
    expect(copy).toMatchObject({
      schemaVersion: 1,
      subject: { id: person._id, email: person.email },
      data: {
        arthemiz: {
          Person: { documents: [{ email: person.email, displayName: person.displayName }] },
          Belonging: { documents: [{ tenant: 'copied', roles: ['owner'], groups: [] }] },
          Password: { omitted: ['hash'], documents: [{ _id: person._id }] },
          AuthenticatorApp: { omitted: ['sealedSecret'] },
          RecoveryCodes: { omitted: ['digests'] },
        },
      },
    });
    expect(copy.data.sentinel.SecurityEvent.documents[0]).toMatchObject({
      ...{ type: 'SIGN_IN_SUCCEEDED', actorId: person._id, tenantId: tenant._id },
    });
    const { ApiKey, Consent, OidcArtifact } = copy.data.arthemiz;
    expect(ApiKey.documents).toHaveLength(251);
    expect(new Set(ApiKey.documents.map(({ _id }: { _id: string }) => _id)).size).toBe(251);
    expect(Consent.documents).toContainEqual(
      expect.objectContaining({ application: 'Explorer', tenantId: tenant._id }),
    );
    expect(OidcArtifact.documents.length).toBeGreaterThan(0);
    expect(file.text).not.toMatch(/"(hash|digest|digests|sealedSecret|payload|linkDigest)":/);
    for (const secret of [key.data.createApiKey.secret, other._id, other.email])
      expect(file.text).not.toContain(secret);
    const told = await fixture.service.connection
      .collection('outbox')
      .findOne({ 'event.type': 'arthemiz.person.data-exported.v1', 'event.subject': person._id });
    expect(told?.event).toMatchObject({ tenantid: 'ten_platform', data: { personId: person._id } });
    expect(JSON.stringify(told)).not.toContain(person.email);
  });

  it('is not begun where a subgraph does not answer, and says so', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const { browser } = await open(data, person);
    const gone = { _id: 'gone', steps: [], declaredAt: new Date() };
    await fixture.models.StepDeclaration.create([gone]);
    const refused = await browser.submit({ password });
    await fixture.models.StepDeclaration.deleteOne({ _id: 'gone' });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-disposition')).toBeNull();
    expect(refused.text).toMatch(/<h1>Not possible now/);
  });
});

describe('deleting an account', () => {
  it('is refused to the last administrator of a tenant, who is told of which', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant({ name: 'Needs <them>' })] });
    const { shown } = await open(deletion, person);
    expect(shown.status).toBe(409);
    expect(shown.text).toContain('Needs &#60;them&#62;');
    expect(await fixture.models.Person.exists({ _id: person._id })).not.toBeNull();
  });

  it('takes the proof and the address, and leaves nothing by which anybody could tell who it was', async () => {
    const [tenant, second] = [await provisioned('left'), await fixture.tenant()];
    await fixture.member(tenant);
    await fixture.member(second);
    const person = await fixture.person({ tenants: [tenant, second] });
    const { tokens, config } = await signInTo(tenant, person);
    await signInTo(second, person);
    await eventually(async () => (await eventsOf(person)).length > 0);

    const { browser, shown } = await open(deletion, person, { tenant: tenant._id });
    expect(shown.text).toContain(person.email);
    expect((await browser.submit({ password, confirmation: 'other@acme.test' })).text).toMatch(
      /not the address/,
    );
    expect((await browser.submit({ password: 'wrong', confirmation: person.email })).status).toBe(401);
    const done = await browser.submit({ password, confirmation: ` ${person.email.toUpperCase()}` });
    expect(done.text).toMatch(/Your account is deleted/);

    expect((await mailbox.to(person.email)).subject).toBe('Your account was deleted');
    await expect(refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
    expect((await browser.open(`${issuer}/account/security`)).text).toMatch(/<h1>Sign in/);
    // Sentinel goes on to tell what happened, and to nobody who.
    await eventually(async () =>
      (await eventsOf(person)).every(({ email, ipAddress, userAgent }) => !email && !ipAddress && !userAgent),
    );
    const reference = [{ __typename: 'Person', id: person._id }];
    const entity = await fixture.execute(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { displayName } } }',
      { viewer: { tenantId: tenant._id, permissions: ['person:read'] }, variables: { of: reference } },
    );
    expect(entity).toMatchObject({ data: { _entities: [null] } });
    expect(entity.errors).toBeUndefined();
    expect(await collectionsWith(person.email)).toEqual([]);
    // The id alone, which nobody can be told by any more; the audit trail's chain could not be kept without it.
    const expected = [
      'audit_records',
      'grantchanges',
      'hourly_volumes',
      'outbox',
      'principals',
      'security_events',
    ];
    expect((await collectionsWith(person._id)).filter((name) => !expected.includes(name))).toEqual([]);
  });
});

describe('every model of every subgraph', () => {
  const all = Object.entries({ ...models, ...sentinelModels, ...systemhealthModels });
  const namesPeople = /(^|\.)(personId|accountId|actorId|subject|by|userName)$|By$|^(.*\.|owner)?email$/i;

  /** All paths of a schema, those in subdocuments and lists too. */
  function pathsOf(schema: Schema, above = ''): string[] {
    return Object.entries(schema.paths).flatMap(([path, type]) => {
      const inner: Schema | undefined = type.schema;
      return [`${above}${path}`, ...(inner === undefined ? [] : pathsOf(inner, `${above}${path}.`))];
    });
  }

  it('says of each field that names a person whether they may have it, or why not', () => {
    for (const [name, { schema, people, secret }] of all) {
      const { about = [], mentions = {}, kept } = people;
      const paths = pathsOf(schema);
      const said = [...about, ...Object.keys(mentions)];
      const unsaid = paths.filter((path) => namesPeople.test(path) && !said.includes(path));
      expect({ name, unsaid }).toEqual({ name, unsaid: [] });
      for (const path of [...said, ...(kept?.without ?? []), ...secret])
        expect({ name, paths }).toMatchObject({ paths: expect.arrayContaining([path]) });
      const leading = ['_id', ...schema.indexes().map(([fields]) => Object.keys(fields)[0])];
      for (const path of about)
        expect({ name, leading }).toMatchObject({ leading: expect.arrayContaining([path]) });
      for (const why of [...Object.values(mentions), ...(kept ? [kept.because] : [])])
        expect(why.length).toBeGreaterThan(10);
    }
  });

  it('leaves out of a copy what is called a secret', () => {
    for (const [name, { schema, people, secret }] of all) {
      if ((people.about ?? []).length === 0) continue;
      const shown = pathsOf(schema).filter(
        (path) => !secret.some((each) => `${path}.`.startsWith(`${each}.`)),
      );
      const secrets = shown.filter((path) => /hash|secret|sealed|digest|token|payload/i.test(path));
      expect({ name, secrets }).toEqual({ name, secrets: [] });
    }
  });
});
