// Random secrets of one installation, made once.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { z } from 'zod';
import { readState, writeState } from './files.ts';

const publicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string(),
  alg: z.literal('EdDSA'),
});
const secretsSchema = z.object({
  /** The gateway signs passports with the private key; subgraphs verify with the public one. */
  passportPublicKey: publicJwk,
  passportPrivateKey: publicJwk.extend({ d: z.string() }),
  cookieKeys: z.array(z.string()).min(1),
  /** Encrypts the identity provider's signing keys at rest; base64 of 32 bytes. */
  keyEncryptionKey: z.string(),
  redisPassword: z.string(),
  rabbitmqPassword: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema>;

export async function openSecrets(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  const before = readState(file, secretsSchema);
  if (before !== undefined) return before;
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const key = { kty: 'OKP', crv: 'Ed25519', x } as const;
  const passportPublicKey = { ...key, kid: await calculateJwkThumbprint(key), alg: 'EdDSA' } as const;
  const secrets: Secrets = {
    passportPublicKey,
    passportPrivateKey: { ...passportPublicKey, d },
    cookieKeys: [token(), token()],
    keyEncryptionKey: randomBytes(32).toString('base64'),
    redisPassword: token(),
    rabbitmqPassword: token(),
  };
  writeState(file, secrets);
  return secrets;
}

function token(): string {
  return randomBytes(24).toString('base64url');
}
