// Refresh tokens through the token endpoint: rotation, its grace, and what happens to who comes too late.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import {
  audience,
  beginCodeFlow,
  exchange,
  type Fixture,
  password,
  signIn,
  startFixture,
} from '../testing/fixture.ts';
import { artifactId } from './artifact-model.ts';

let fixture: Fixture;
let copy: Awaited<ReturnType<Fixture['startCopy']>>;
beforeAll(async () => {
  fixture = await startFixture();
  copy = await fixture.startCopy();
});
afterAll(() => fixture?.stop());

const graceMs = 10_000;

async function newPerson(role = 'owner') {
  const tenant = await fixture.tenant();
  return { tenant, person: await fixture.person({ tenants: [tenant], role }) };
}

/** A person who signed in, and the first refresh token of the family. */
async function newFamily() {
  const { tenant, person } = await newPerson();
  const { config, tokens } = await signIn(fixture, person.email);
  // The same client at another copy of the service.
  const elsewhere = await fixture.configure('explorer');
  elsewhere[client.customFetch] = (target, init) => copy.fetch(target, init as RequestInit); // fetch's own options by other names
  const first = tokens.refresh_token ?? '';
  const { grantId } = (await stored(first)) ?? {};
  const refresh = async (token: string, at = config) =>
    (await client.refreshTokenGrant(at, token)).refresh_token ?? '';
  return { tenant, person, config, elsewhere, first, grantId: grantId ?? '', refresh };
}

type Family = Awaited<ReturnType<typeof newFamily>>;

const stored = (token: string) =>
  fixture.models.OidcArtifact.findOne({ _id: artifactId('RefreshToken', token) }).lean();

const liveLeaves = ({ grantId }: Family) =>
  fixture.models.OidcArtifact.countDocuments({ kind: 'RefreshToken', grantId, consumedAt: null });

/** As if it had been used first so long ago. */
const usedAgo = (token: string, ms: number) =>
  fixture.models.OidcArtifact.updateOne(
    { _id: artifactId('RefreshToken', token) },
    { $set: { consumedAt: new Date(Date.now() - ms) } },
  );

/** What the tenant was told of used tokens. */
async function told({ tenant }: Family) {
  const entries = await fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': 'arthemiz.refresh-token.reused.v1', 'event.tenantid': tenant._id })
    .toArray();
  return entries.map(({ event }) => event);
}

const refused = { error: 'invalid_grant' };

describe('a refresh token that is used again within its grace', () => {
  it('gives the successor that its first use gave, and no second leaf', async () => {
    const family = await newFamily();
    const next = await family.refresh(family.first);
    await usedAgo(family.first, graceMs - 5_000);
    expect(await family.refresh(family.first, family.elsewhere)).toBe(next);
    expect(await liveLeaves(family)).toBe(1);
    expect(await family.refresh(next)).not.toBe(next);
    expect(await told(family)).toEqual([]);
  });

  it('loses none of a hundred requests that an honest client sends at once to several copies', async () => {
    const family = await newFamily();
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        client.refreshTokenGrant(index % 2 === 0 ? family.config : family.elsewhere, family.first),
      ),
    );
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    // Each has an access token of its own.
    expect(new Set(answers.map((answer) => decodeJwt(answer.access_token).jti)).size).toBe(100);
    expect(await liveLeaves(family)).toBe(1);
    await family.refresh(answers[0]?.refresh_token ?? '');
    expect(await told(family)).toEqual([]);
  });

  it('does not bring a successor back that was used meanwhile', async () => {
    const family = await newFamily();
    const next = await family.refresh(family.first);
    const leaf = await family.refresh(next);
    expect(await family.refresh(family.first)).toBe(next);
    expect(await liveLeaves(family)).toBe(1);
    expect(await family.refresh(next)).toBe(leaf);
  });

  it('gives nothing once the family was revoked', async () => {
    const family = await newFamily();
    const next = await family.refresh(family.first);
    await client.tokenRevocation(family.config, next);
    await expect(family.refresh(family.first)).rejects.toMatchObject(refused);
    await expect(family.refresh(next)).rejects.toMatchObject(refused);
  });

  it('counts as ended for who asks what it is', async () => {
    const { first, config, refresh } = await newFamily();
    await refresh(first);
    expect(await client.tokenIntrospection(config, first)).toEqual({ active: false });
  });

  it('has no grace where none is configured', async () => {
    const strict = await fixture.startCopy({ REFRESH_GRACE_MS: '0' });
    const family = await newFamily();
    const config = await fixture.configure('explorer');
    config[client.customFetch] = (target, init) => strict.fetch(target, init as RequestInit); // as above
    await family.refresh(family.first, config);
    await usedAgo(family.first, 1);
    await expect(family.refresh(family.first, config)).rejects.toMatchObject(refused);
  });
});

describe('a refresh token that is used again after its grace', () => {
  it('ends its whole family', async () => {
    const family = await newFamily();
    const next = await family.refresh(family.first);
    const leaf = await family.refresh(next);
    await usedAgo(family.first, graceMs + 1_000);
    await expect(family.refresh(family.first)).rejects.toMatchObject(refused);
    for (const token of [leaf, next, family.first])
      await expect(family.refresh(token)).rejects.toMatchObject(refused);
    expect(await liveLeaves(family)).toBe(0);
  });

  it('is told to the tenant once, however many bring it at the same moment', async () => {
    const family = await newFamily();
    const before = Date.now();
    await family.refresh(family.first);
    await usedAgo(family.first, graceMs + 1_000);
    const replays = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        family.refresh(family.first, index % 2 === 0 ? family.config : family.elsewhere),
      ),
    );
    expect(replays.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await told(family)).toMatchObject([
      {
        subject: family.person._id,
        data: { personId: family.person._id, clientId: 'explorer', ipAddress: expect.any(String) },
      },
    ]);
    const [{ data }] = await told(family);
    expect(Date.parse(data.firstUsedAt)).toBeLessThan(before);
    expect(JSON.stringify(await told(family))).not.toContain(family.first);
  });

  it('ends nothing when another client brings it', async () => {
    const family = await newFamily();
    const next = await family.refresh(family.first);
    await usedAgo(family.first, graceMs + 1_000);
    const cli = await fixture.configure('cli');
    await expect(family.refresh(family.first, cli)).rejects.toMatchObject(refused);
    await family.refresh(next);
    expect(await told(family)).toEqual([]);
  });

  it('leaves other sign-ins of the person alone', async () => {
    const family = await newFamily();
    const other = await signIn(fixture, family.person.email);
    await family.refresh(family.first);
    await usedAgo(family.first, graceMs + 1_000);
    await expect(family.refresh(family.first)).rejects.toMatchObject(refused);
    expect(await family.refresh(other.tokens.refresh_token ?? '')).toMatch(/./);
  });
});

describe('the family of a refresh token', () => {
  it('has one live leaf and goes on through any crossing requests, and ends at the first late replay', async () => {
    // Each round: how many requests cross, and how many of them bring the token of the round before.
    const round = fc.record({
      crossing: fc.integer({ min: 1, max: 5 }),
      late: fc.integer({ min: 0, max: 3 }),
    });
    const story = fc.record({
      rounds: fc.array(round, { minLength: 2, maxLength: 4 }),
      replayed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(story, async ({ rounds, replayed }) => {
        const family = await newFamily();
        const chain = [family.first];
        for (const { crossing, late } of rounds) {
          const [leaf = '', before = leaf] = [chain.at(-1), chain.at(-2)];
          const at = (index: number) => (index % 2 === 0 ? family.config : family.elsewhere);
          const [successors, repeated] = await Promise.all([
            Promise.all(Array.from({ length: crossing }, (_, index) => family.refresh(leaf, at(index)))),
            Promise.all(
              Array.from({ length: before === leaf ? 0 : late }, (_, index) =>
                family.refresh(before, at(index)),
              ),
            ),
          ]);
          expect(new Set(successors).size).toBe(1);
          for (const token of repeated) expect(token).toBe(leaf);
          expect(await liveLeaves(family)).toBe(1);
          chain.push(successors[0] ?? '');
        }
        const old = chain[replayed % (chain.length - 1)] ?? '';
        await usedAgo(old, graceMs + 1);
        await expect(family.refresh(old)).rejects.toMatchObject(refused);
        await expect(family.refresh(chain.at(-1) ?? '')).rejects.toMatchObject(refused);
        expect(await told(family)).toHaveLength(1);
      }),
      { numRuns: 4 },
    );
  });
});

describe('a refresh token', () => {
  it('is exchanged for a new one each time', async () => {
    const { person, tenant } = await newPerson();
    const { config, tokens } = await signIn(fixture, person.email);
    const first = tokens.refresh_token ?? '';
    const next = await client.refreshTokenGrant(config, first, { resource: audience });
    expect(next.refresh_token).not.toBe(first);
    expect(decodeJwt(next.access_token)).toMatchObject({ tenant: tenant._id, sub: person._id });
  });

  it('is not prolonged by being exchanged: its family ends when its first one would have', async () => {
    const { person } = await newPerson();
    const { config, tokens } = await signIn(fixture, person.email);
    const { OidcArtifact } = fixture.models;
    // As if thirteen days and 23 hours had passed.
    const almost = Math.floor(Date.now() / 1000) + 3_600;
    const [stored] = await OidcArtifact.find({ kind: 'RefreshToken' })
      .sort({ expiresAt: -1 })
      .limit(1)
      .lean();
    const payload = JSON.stringify({ ...JSON.parse(stored?.payload ?? ''), exp: almost });
    await OidcArtifact.updateOne({ _id: stored?._id ?? '' }, { $set: { payload } });
    await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    const family = await OidcArtifact.find({ kind: 'RefreshToken', grantId: stored?.grantId ?? '' }).lean();
    const ends = family.map((token) => JSON.parse(token.payload).exp);
    expect(ends).toHaveLength(2);
    for (const end of ends) expect(end).toBeLessThanOrEqual(almost);
  });

  it('takes up changed roles', async () => {
    const { person, tenant } = await newPerson('owner');
    const { config, tokens } = await signIn(fixture, person.email);
    await fixture.join({ person, tenant, role: 'viewer' });
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });
    expect(decodeJwt(next.access_token).roles).toEqual(['viewer']);
  });

  it('is worth nothing once the person is no member any more', async () => {
    const { person, tenant } = await newPerson();
    const { browser, config, tokens } = await signIn(fixture, person.email);
    await fixture.leave({ person, tenant });
    const refresh = client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
    // And the browser's session leads back to the sign-in page.
    const again = await beginCodeFlow(fixture, {}, { browser, config });
    expect((await browser.open(again.url)).text).toMatch(/current-password/);
  });

  it('can be revoked', async () => {
    const { person } = await newPerson();
    const { config, tokens } = await signIn(fixture, person.email);
    await client.tokenRevocation(config, tokens.refresh_token ?? '');
    const refresh = client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('ends with the session when it was asked for without offline_access', async () => {
    const { person } = await newPerson();
    const flow = await beginCodeFlow(fixture, { scope: 'openid' });
    await flow.browser.open(flow.url);
    const tokens = await exchange(flow, await flow.browser.submit({ email: person.email, password }));
    const next = await client.refreshTokenGrant(flow.config, tokens.refresh_token ?? '');
    await flow.browser.open(client.buildEndSessionUrl(flow.config, { id_token_hint: tokens.id_token ?? '' }));
    await flow.browser.submit({ logout: 'yes' });
    const refresh = client.refreshTokenGrant(flow.config, next.refresh_token ?? '');
    await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('is stored under a digest alone', async () => {
    const { person } = await newPerson();
    const { tokens } = await signIn(fixture, person.email);
    const stored = JSON.stringify(await fixture.models.OidcArtifact.find().lean());
    expect(stored).not.toContain(tokens.refresh_token);
  });
});
