import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { PlatformError } from './errors.ts';
import {
  createPassportMint,
  createPassportVerifier,
  type PassportMint,
  type PassportVerifier,
} from './passport.ts';
import { testViewer } from './testing.ts';
import { anonymous } from './viewer.ts';

const viewer = testViewer({
  tenantId: 'ten_a',
  roles: ['owner'],
  permissions: ['service:read'],
  scopes: ['openid'],
});

let keys: { privateKey: JWK; publicKey: JWK };
let mint: PassportMint;
let verify: PassportVerifier;

async function keyPair() {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { privateKey: await exportJWK(pair.privateKey), publicKey: await exportJWK(pair.publicKey), pair };
}

beforeAll(async () => {
  keys = await keyPair();
  mint = await createPassportMint({ privateKey: keys.privateKey });
  verify = await createPassportVerifier({ publicKey: keys.publicKey, audience: 'sample' });
});

async function refusal(token: unknown): Promise<unknown> {
  try {
    await verify(token);
  } catch (error) {
    if (error instanceof PlatformError) return error.code;
  }
  return 'accepted';
}

/** Runs `work` by a calendar clock that is `ms` ahead. */
async function later(ms: number, work: () => Promise<void>): Promise<void> {
  const real = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setTimeout'] as const;
  jest.useFakeTimers({ now: Date.now() + ms, doNotFake: [...real] });
  try {
    await work();
  } finally {
    jest.useRealTimers();
  }
}

describe('a passport', () => {
  it('carries the whole viewer to the subgraph it is made for', async () => {
    expect(await verify(await mint(viewer, 'sample'))).toEqual(viewer);
  });

  it('tells who acts for somebody else, and is another one than their own', async () => {
    const actor = { ...viewer, actorId: 'cli_a' };
    expect(await verify(await mint(actor, 'sample'))).toEqual(actor);
    expect(await verify(await mint(viewer, 'sample'))).toMatchObject({ actorId: undefined });
  });

  it('carries viewers without a tenant or client, and anonymous ones with nothing else', async () => {
    const bare = testViewer({ tenantId: null, clientId: null });
    expect(await verify(await mint(bare, 'sample'))).toEqual(bare);
    expect(await verify(await mint(anonymous, 'sample'))).toBe(anonymous);
  });

  it('is verified once and then known', async () => {
    const token = await mint(viewer, 'sample');
    const first = await verify(token);
    expect(verify(token)).toBe(first);
  });

  it('is minted once for equal viewers and again for others', async () => {
    const token = await mint(viewer, 'sample');
    expect(await mint({ ...viewer }, 'sample')).toBe(token);
    expect(await mint(viewer, 'other')).not.toBe(token);
    expect(await mint({ ...viewer, tenantId: 'ten_b' }, 'sample')).not.toBe(token);
  });

  it('is refused when it is missing, no text, too long or garbage', async () => {
    for (const token of [undefined, '', 7, ['a'], 'x'.repeat(20_000), 'not.a.passport']) {
      expect(await refusal(token)).toBe('UNAUTHENTICATED');
    }
  });

  it('is refused by a subgraph that it was not made for', async () => {
    expect(await refusal(await mint(viewer, 'other'))).toBe('UNAUTHENTICATED');
  });

  it('is refused when somebody else signed it, or changed it', async () => {
    const forger = await createPassportMint({ privateKey: (await keyPair()).privateKey });
    expect(await refusal(await forger(viewer, 'sample'))).toBe('UNAUTHENTICATED');
    const [header, payload, signature] = (await mint(viewer, 'sample')).split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const raised = Buffer.from(JSON.stringify({ ...claims, permissions: ['tenant:create'] })).toString(
      'base64url',
    );
    expect(await refusal(`${header}.${raised}.${signature}`)).toBe('UNAUTHENTICATED');
  });

  it('is refused without a signature (alg none) and with a symmetric one made of the public key', async () => {
    const claims = { sub: 'per_a', iss: 'gateway', aud: 'sample' };
    const unsecured = new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('60s').encode();
    expect(await refusal(unsecured)).toBe('UNAUTHENTICATED');
    const symmetric = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'passport+jwt' })
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(new TextEncoder().encode((keys.publicKey.x ?? '').padEnd(32)));
    expect(await refusal(symmetric)).toBe('UNAUTHENTICATED');
  });

  const signed = async (claims: JWTPayload, typ = 'passport+jwt') => {
    const { importJWK } = await import('jose');
    const key = await importJWK(keys.privateKey, 'EdDSA');
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: 'gateway', aud: 'sample', sub: 'per_a', iat: now, exp: now + 60, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ })
      .sign(key);
  };

  it('is refused when it lacks a claim, names another issuer or type, or lives too long', async () => {
    const now = Math.floor(Date.now() / 1000);
    expect(await refusal(await signed({}))).toBe('accepted');
    expect(await refusal(await signed({ exp: undefined }))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({ sub: undefined }))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({ iss: 'arthemiz' }))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({}, 'at+jwt'))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({ iat: now - 3_600, exp: now + 3_600 }))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({ iat: now - 120, exp: now - 60 }))).toBe('UNAUTHENTICATED');
  });

  it('is refused when its claims have the wrong shape, or an anonymous one claims rights', async () => {
    expect(await refusal(await signed({ roles: 'owner' }))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({ anonymous: true, tenant: 'ten_a' }))).toBe('UNAUTHENTICATED');
    expect(await refusal(await signed({ anonymous: true, permissions: ['a:b'] }))).toBe('UNAUTHENTICATED');
  });

  it('is forgotten a minute after it was made, however long it says to live', async () => {
    const now = Math.floor(Date.now() / 1000);
    const token = await signed({ exp: now + 3_600 });
    expect(await refusal(token)).toBe('accepted');
    await later(67_000, async () => expect(await refusal(token)).toBe('UNAUTHENTICATED'));
  });

  it('is forgotten when it has expired, and minted anew at half its life', async () => {
    const token = await mint(viewer, 'sample');
    expect(await verify(token)).toEqual(viewer);
    const monotonic = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 31_000);
    try {
      await later(67_000, async () => {
        expect(await refusal(token)).toBe('UNAUTHENTICATED');
        expect(await mint(viewer, 'sample')).not.toBe(token);
      });
    } finally {
      monotonic.mockRestore();
    }
  });
});
