// Links that let somebody in once. Whoever reads the database can't follow them: only digests are stored.
import { createHash, randomBytes } from 'node:crypto';

export interface LinkSecret {
  /** 256 random bits, for the one who gets the link. */
  secret: string;
  /** What is stored of it. What cannot be guessed needs no slow hash. */
  digest: string;
}

export function newLinkSecret(): LinkSecret {
  const secret = randomBytes(32).toString('base64url');
  return { secret, digest: digestOf(secret) };
}

/** Found by the digest, so that comparing takes no time that depends on the secret. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(`link:${secret}`).digest('base64url');
}
