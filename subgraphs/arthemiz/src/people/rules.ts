import { z } from 'zod';

/** An e-mail address as people type it, made comparable: trimmed and in lower case. */
export const emailAddress = z
  .string()
  .max(254)
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.string().regex(/^[^\s@]+@[^\s@]+$/, { error: 'expected an e-mail address' }));

/** One that somebody typed, with what is wrong with it in words. */
export const typedEmailAddress = z
  .string()
  .max(254, 'is longer than 254 characters')
  .refine((text) => emailAddress.safeParse(text).success, { error: 'is no e-mail address' })
  .transform((text) => emailAddress.parse(text));

export const displayName = z.string().trim().min(1).max(100);

/** `owner@acme.test` becomes `o***@acme.test`: enough to recognize one's own, in events that travel and are kept. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${[...email][0]}***${email.slice(at)}`;
}
