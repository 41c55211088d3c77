import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { openSecrets } from './secrets.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('the secrets of an installation', () => {
  it('are made once, for their owner alone', async () => {
    const folder = temporaryFolder();
    const secrets = await openSecrets(folder);
    expect(await openSecrets(folder)).toEqual(secrets);
    expect(statSync(join(folder, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('differ from one installation to the next', async () => {
    const [one, other] = [await openSecrets(temporaryFolder()), await openSecrets(temporaryFolder())];
    const values = [one, other].flatMap((secrets) => [
      secrets.redisPassword,
      secrets.rabbitmqPassword,
      secrets.keyEncryptionKey,
      secrets.passportPublicKey.kid,
      ...secrets.cookieKeys,
    ]);
    expect(new Set(values).size).toBe(12);
    expect(Buffer.from(one.keyEncryptionKey, 'base64')).toHaveLength(32);
  });

  it('hold a pair of keys that fit, and the private part in one of them only', async () => {
    const { passportPrivateKey, passportPublicKey } = await openSecrets(temporaryFolder());
    const jwt = await new SignJWT({ a: 1 })
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(await importJWK(passportPrivateKey));
    expect((await jwtVerify(jwt, await importJWK(passportPublicKey))).payload).toEqual({ a: 1 });
    expect(Object.keys(passportPublicKey)).not.toContain('d');
  });

  it('are never made anew over damaged ones', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'secrets.json');
    writeFileSync(file, '{}');
    await expect(openSecrets(folder)).rejects.toThrow('secrets.json is damaged');
    expect(readFileSync(file, 'utf8')).toBe('{}');
  });
});
