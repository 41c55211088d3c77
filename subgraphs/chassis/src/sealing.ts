// Secrets at rest: AES-256-GCM, bound to what they belong to, so that one can't be passed off as another's.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

export interface SealingContext {
  /** 32 bytes. */
  encryptionKey: Buffer;
  /** What the secret belongs to, such as `signing-key:…`; authenticated with it. */
  belongsTo: string;
}

export function seal(secret: string, { encryptionKey, belongsTo }: SealingContext): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, encryptionKey, iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(belongsTo));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws when the encryption key is another one, the text belongs to something else, or the text was changed. */
export function unseal(text: string, { encryptionKey, belongsTo }: SealingContext): string {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv(algorithm, encryptionKey, bytes.subarray(0, ivLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(Buffer.from(belongsTo));
  decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]).toString(
      'utf8',
    );
  } catch (error) {
    throw new Error(
      `${belongsTo} cannot be decrypted: KEY_ENCRYPTION_KEY is not the one it was stored with. Bring that one back.`,
      {
        cause: error,
      },
    );
  }
}
