// Private keys at rest: AES-256-GCM, bound to the key id, so that one sealed key can't be passed off as another.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const ivLength = 12;
const tagLength = 16;

export interface SealingContext {
  /** 32 bytes. */
  encryptionKey: Buffer;
  /** Id of the key that is sealed; authenticated with it. */
  keyId: string;
}

export function seal(secret: string, { encryptionKey, keyId }: SealingContext): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv(algorithm, encryptionKey, iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(`signing-key:${keyId}`));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
}

/** @throws when the encryption key or the key id is another one, or the text was changed. */
export function unseal(text: string, { encryptionKey, keyId }: SealingContext): string {
  const bytes = Buffer.from(text, 'base64');
  const decipher = createDecipheriv(algorithm, encryptionKey, bytes.subarray(0, ivLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(Buffer.from(`signing-key:${keyId}`));
  decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]).toString(
      'utf8',
    );
  } catch (error) {
    throw new Error(
      `Signing key ${keyId} cannot be decrypted: KEY_ENCRYPTION_KEY is not the one it was stored with. Bring that one back.`,
      {
        cause: error,
      },
    );
  }
}
