// Public keys of service clients as JWK (RFC 7517): what proves a client without a secret that we would have to keep.
import { z } from 'zod';

const named = {
  kid: z.string().min(1).max(128),
  use: z.literal('sig').optional(),
  alg: z.string().max(16).optional(),
};
const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Strict: a private part, sent by mistake, is refused and not kept. */
const publicKey = z.discriminatedUnion('kty', [
  z.strictObject({ ...named, kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }),
  z.strictObject({ ...named, kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }),
  z.strictObject({
    ...named,
    kty: z.literal('RSA'),
    // 2048 to 4096 bits: less is weak, more makes each check slow.
    n: z.string().regex(/^[A-Za-z0-9_-]{342,684}$/),
    e: z.literal('AQAB'),
  }),
]);

export type PublicKey = z.infer<typeof publicKey>;

/** One key in use, with room for its successors while they are exchanged. */
export const publicKeys = z
  .array(publicKey)
  .min(1)
  .max(5)
  .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, {
    error: 'each key needs a kid of its own',
  });
