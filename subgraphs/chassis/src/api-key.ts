// The form of an API key: `sk_`, the key's id, 256 random bits, and a checksum over all of it, so that scanners of
// repositories and logs recognise one and a mistyped one is refused without asking anybody. Only word characters: a
// double click selects it whole.
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** For scanners; the checksum says whether it is one. */
export const apiKeyPattern = /^sk_([0-9a-f]{32})_[0-9A-Za-z]{43}([0-9A-Za-z]{6})$/;

const prefix = 'key_';
const secretLength = 43;
const checksumLength = 6;

/** What is told of an API key to whoever is to decide about it: not the key. */
export interface ApiKeyProof {
  id: string;
  /** SHA-256 of the whole key. With 256 random bits in it no slow hash is called for. */
  digest: Buffer;
}

/** A new key for an id such as `key_0190f5c2-a8b0-7c3e-9d41-f7a3b2c1d0e9`. */
export function newApiKey(id: string): string {
  const random = base62(BigInt(`0x${randomBytes(32).toString('hex')}`), secretLength);
  const text = `sk_${id.slice(prefix.length).replaceAll('-', '')}_${random}`;
  return text + checksumOf(text);
}

/** Undefined for what is no API key. */
export function readApiKey(text: string): ApiKeyProof | undefined {
  const [, hex, checksum] = apiKeyPattern.exec(text) ?? [];
  if (hex === undefined || checksumOf(text.slice(0, -checksumLength)) !== checksum) return undefined;
  const id = prefix + hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { id, digest: digestOf(text) };
}

export function digestOf(apiKey: string): Buffer {
  return createHash('sha256').update(apiKey).digest();
}

const checksumOf = (text: string) => base62(BigInt(crc32(text)), checksumLength);

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest /= 62n) text = digits.charAt(Number(rest % 62n)) + text;
  return text;
}
