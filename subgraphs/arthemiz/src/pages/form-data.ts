// Reading what a form sent, and making sure that one of our pages sent it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { badUserInput } from '@supergraph/chassis/errors';

const usualBytes = 16_384;

/** The fields of a posted form. @throws PlatformError BAD_USER_INPUT for what is no form, or too large a one. */
export async function readForm(
  request: IncomingMessage,
  { maximumBytes = usualBytes }: { maximumBytes?: number } = {},
): Promise<URLSearchParams> {
  const [contentType] = (request.headers['content-type'] ?? '').split(';', 1);
  if (contentType?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw badUserInput('Send the form as application/x-www-form-urlencoded.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maximumBytes) throw badUserInput('The form is too large.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Proof that a form belongs to one sign-in, whose cookie the browser has to hold as well. */
export function csrfToken(signInId: string, keys: readonly string[]): string {
  return tokenBy(keys[0] ?? '', signInId);
}

export function isCsrfToken(
  token: string | null,
  { signInId, keys }: { signInId: string; keys: readonly string[] },
): boolean {
  const given = Buffer.from(token ?? '');
  return keys.some((key) => {
    const expected = Buffer.from(tokenBy(key, signInId));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function tokenBy(key: string, signInId: string): string {
  return createHmac('sha256', key).update(`csrf:${signInId}`).digest('base64url');
}
