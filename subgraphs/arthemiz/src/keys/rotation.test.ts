import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { seal, unseal } from '@supergraph/chassis/sealing';
import { eventually } from '@supergraph/chassis/testing';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import * as client from 'openid-client';
import { partsOf } from '../parts.ts';
import { audience, type Fixture, issuer, startFixture } from '../testing/fixture.ts';
import { publishAheadMs, rotateAfterMs } from './rules.ts';

const minute = 60_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ SIGNING_KEY_POLL_MS: '20' });
});
afterEach(() => fixture?.stop());

/** Lets time pass for the keys, by moving their schedule into the past. */
async function letPass(ms: number): Promise<void> {
  const { SigningKey } = fixture.models;
  for (const { _id, activeFrom } of await SigningKey.find().lean()) {
    // Mongoose keeps a key's schedule as it was made.
    const earlier = { $set: { activeFrom: new Date(activeFrom.getTime() - ms) } };
    await SigningKey.updateOne({ _id }, earlier, { overwriteImmutable: true });
  }
}

type Ask = (url: string) => Promise<Response>;

async function publishedKeys(ask: Ask = fixture.publicFetch): Promise<JSONWebKeySet> {
  return (await ask(`${issuer}/jwks`)).json() as Promise<JSONWebKeySet>; // what RFC 7517 says it is
}

async function publishedIds(ask?: Ask): Promise<Array<string | undefined>> {
  return (await publishedKeys(ask)).keys.map(({ kid }) => kid);
}

async function newToken(): Promise<string> {
  const { id, secret } = await fixture.serviceClient({ tenant: await fixture.tenant() });
  const config = await fixture.configure(id, client.ClientSecretBasic(secret));
  return (await client.clientCredentialsGrant(config)).access_token;
}

function isVerified(token: string, keys: JSONWebKeySet): Promise<boolean> {
  return jwtVerify(token, createLocalJWKSet(keys), { issuer, audience }).then(
    () => true,
    () => false,
  );
}

describe('rotation of the signing keys', () => {
  it('publishes the successor ahead, then signs with it while tokens of before still verify, then drops the old key', async () => {
    const [first] = await publishedIds();
    const early = await newToken();
    expect(decodeProtectedHeader(early).kid).toBe(first);

    await letPass(rotateAfterMs - publishAheadMs);
    const both = await eventually(async () => {
      const ids = await publishedIds();
      return ids.length === 2 && ids;
    });
    expect(both[0]).toBe(first);
    expect(decodeProtectedHeader(await newToken()).kid).toBe(first);

    await letPass(publishAheadMs);
    await eventually(async () => (await publishedIds())[0] === both[1]);
    const late = await newToken();
    expect(decodeProtectedHeader(late).kid).toBe(both[1]);
    const keys = await publishedKeys();
    expect([await isVerified(early, keys), await isVerified(late, keys)]).toEqual([true, true]);

    await letPass(25 * minute);
    await eventually(async () => (await publishedIds()).length === 1);
    const left = await publishedKeys();
    expect([await isVerified(early, left), await isVerified(late, left)]).toEqual([false, true]);
    expect(await fixture.models.SigningKey.countDocuments()).toBe(1);
  });

  it('happens once among copies, and all of them publish and sign the same', async () => {
    const copies = [await fixture.startCopy(), await fixture.startCopy()];
    expect(await publishedIds(copies[0]?.fetch)).toEqual(await publishedIds());
    await letPass(rotateAfterMs - publishAheadMs);
    const rings = [fixture.service, ...copies.map(({ service }) => service)].map(
      (service) => partsOf(service).keys,
    );
    const sets = await Promise.all(rings.map((ring) => ring.refresh()));
    expect(new Set(sets.map(({ version }) => version)).size).toBe(1);
    expect(await fixture.models.SigningKey.countDocuments()).toBe(2);
  });

  it('can be asked for after a leak, by several operators at once, and then happens once', async () => {
    const copy = await fixture.startCopy();
    const [old] = await publishedIds();
    const rings = [partsOf(fixture.service).keys, partsOf(copy.service).keys];
    const made = await Promise.all(rings.map((ring) => ring.rotate({ aheadMs: 0 })));
    expect(new Set(made).size).toBe(1);
    await eventually(async () => (await publishedIds(copy.fetch))[0] === made[0]);
    expect(decodeProtectedHeader(await newToken()).kid).toBe(made[0]);
    // Whoever then deletes the leaked key ends its tokens everywhere.
    await fixture.models.SigningKey.deleteOne({ _id: old });
    await eventually(async () => !(await publishedIds(copy.fetch)).includes(old));
  });

  it('goes on after the database could not be read', async () => {
    const { SigningKey } = fixture.models;
    const [id] = await publishedIds();
    // A key that nobody can open stands for any failure: the keys in use stay.
    await SigningKey.create([
      { _id: 'broken', sequence: 2, sealedPrivateKey: 'x', createdAt: new Date(), activeFrom: new Date() },
    ]);
    await expect(partsOf(fixture.service).keys.refresh()).rejects.toThrow();
    expect(await publishedIds()).toEqual([id]);
    await SigningKey.deleteOne({ _id: 'broken' });
    await letPass(rotateAfterMs - publishAheadMs);
    await eventually(async () => (await publishedIds()).length === 2);
  });
});

describe('keys at rest', () => {
  it('are sealed: what is stored holds no private part', async () => {
    const { signing } = partsOf(fixture.service).keys.current();
    const stored = JSON.stringify(await fixture.models.SigningKey.find().lean());
    expect(stored).not.toContain(signing.d);
    expect(stored).not.toMatch(/"d"/);
  });

  it('survive a restart, and cannot be read with another KEY_ENCRYPTION_KEY', async () => {
    const copy = await fixture.startCopy();
    expect(await publishedIds(copy.fetch)).toEqual(await publishedIds());
    const other = { KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') };
    await expect(fixture.startCopy(other)).rejects.toThrow(/KEY_ENCRYPTION_KEY is not the one/);
  });

  it('cannot be changed or passed off as one another', () => {
    const context = { encryptionKey: randomBytes(32), belongsTo: 'signing-key:a' };
    const sealed = seal('secret', context);
    expect(unseal(sealed, context)).toBe('secret');
    expect(seal('secret', context)).not.toBe(sealed);
    expect(() => unseal(sealed, { ...context, belongsTo: 'signing-key:b' })).toThrow(/cannot be decrypted/);
    const bytes = Buffer.from(sealed, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(() => unseal(bytes.toString('base64'), context)).toThrow(/cannot be decrypted/);
  });
});
