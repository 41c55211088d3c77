// Signed notes (https://c2sp.org/signed-note) that hold checkpoints (https://c2sp.org/tlog-checkpoint): whose chain, how many
// records, and the hash of the last, signed by Ed25519. Pure.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

/** What a checkpoint says: a chain had so many records, and this was the last one's hash. */
export interface CheckpointContent {
  readonly tenantId: string;
  readonly size: number;
  /** As records have it, in hexadecimal. */
  readonly hash: string;
  readonly signedAt: string;
}

/** What a 32-byte Ed25519 seed stands between in PKCS #8 (RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const spki = Buffer.from('302a300506032b6570032100', 'hex');
/** Ed25519, as signed notes number it. */
const algorithm = Buffer.from([1]);
const originPrefix = 'supergraph/sentinel/audit/';

/** @param seed 32 bytes */
export function signingKeyOf(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
}

export function signedNote(content: CheckpointContent, key: KeyObject): string {
  const origin = originOf(content.tenantId);
  const hash = Buffer.from(content.hash, 'hex').toString('base64');
  const text = `${origin}\n${content.size}\n${hash}\nsigned ${content.signedAt}\n`;
  const signature = Buffer.concat([keyId(origin, publicBytes(key)), sign(null, Buffer.from(text), key)]);
  return `${text}\n— ${origin} ${signature.toString('base64')}\n`;
}

/** The public key as verifiers take it: `name+id+key`. */
export function verifierKey(tenantId: string, key: KeyObject): string {
  const origin = originOf(tenantId);
  const bytes = publicBytes(key);
  return `${origin}+${keyId(origin, bytes).toString('hex')}+${Buffer.concat([algorithm, bytes]).toString('base64')}`;
}

/** What a note says; null where it is none of these, or the key did not sign it. */
export function openNote(note: string, verifier: string): CheckpointContent | null {
  const [name = '', id = '', ...encoded] = verifier.split('+');
  const key = Buffer.from(encoded.join('+'), 'base64'); // which has plus signs, too
  if (key.length !== 33 || key[0] !== algorithm[0]) return null;
  const end = note.indexOf('\n\n');
  if (end < 0) return null;
  const text = note.slice(0, end + 1);
  const [origin = '', size = '', hash = '', when = ''] = text.split('\n');
  if (origin !== name || !origin.startsWith(originPrefix) || !/^[1-9]\d*$/.test(size)) return null;
  const publicKey = createPublicKey({
    ...{ key: Buffer.concat([spki, key.subarray(1)]), format: 'der' as const, type: 'spki' as const },
  });
  const isSigned = note
    .slice(end + 2)
    .split('\n')
    .some((line) => {
      const [dash, signer, signature = ''] = line.split(' ');
      const bytes = Buffer.from(signature, 'base64');
      if (dash !== '—' || signer !== name || bytes.subarray(0, 4).toString('hex') !== id) return false;
      return verify(null, Buffer.from(text), publicKey, bytes.subarray(4));
    });
  if (!isSigned) return null;
  return {
    ...{ tenantId: origin.slice(originPrefix.length), size: Number(size) },
    ...{ hash: Buffer.from(hash, 'base64').toString('hex'), signedAt: when.replace(/^signed /, '') },
  };
}

function originOf(tenantId: string): string {
  return `${originPrefix}${tenantId}`;
}

function publicBytes(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spki.length);
}

function keyId(name: string, key: Buffer): Buffer {
  return createHash('sha256').update(`${name}\n`).update(algorithm).update(key).digest().subarray(0, 4);
}
