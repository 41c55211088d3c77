// One-time codes (RFC 6238) and recovery codes, as functions of data. SHA-1, six digits and 30 seconds, because most
// authenticator apps ignore what else their QR code asks for.
import { Secret, TOTP } from 'otpauth';

const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks differ, and people type slowly: the step before and the one after count too (RFC 6238, 5.2). */
const driftSteps = 1;

export const recoveryCodeCount = 10;
/** 80 bits each. */
export const recoveryCodeBytes = 10;

/** A new secret in base32, from as many random bytes as SHA-1 has (RFC 4226, 4 R6). */
export function newTotpSecret(random: Uint8Array<ArrayBuffer>): string {
  return new Secret({ buffer: random.buffer.slice(random.byteOffset, random.byteOffset + random.byteLength) })
    .base32;
}

/** The time step that a code belongs to; null for a wrong one. */
export function stepOfCode({
  secret,
  code,
  now,
}: {
  secret: string;
  code: string;
  now: Date;
}): number | null {
  // The library compares bytes, and throws where other digits than ours make more of them.
  if (!/^[0-9]{6}$/.test(code)) return null;
  const timestamp = now.getTime();
  const delta = totpOf(secret).validate({ token: code, timestamp, window: driftSteps });
  return delta === null ? null : TOTP.counter({ period: parameters.period, timestamp }) + delta;
}

/** What the QR code says: the app shows `issuer` and `account` beside its codes. */
export function keyUri(given: { secret: string; issuer: string; account: string }): string {
  return totpOf(given.secret, { issuer: given.issuer, label: given.account }).toString();
}

/** A code as it is compared: people copy it with spaces and hyphens, and keyboards have digits of their own. */
export function comparableCode(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
}

/** A recovery code as people read it: base32 in groups of four. */
export function recoveryCode(random: Uint8Array<ArrayBuffer>): string {
  return newTotpSecret(random).replace(/.{4}(?=.)/g, '$&-');
}

function totpOf(secret: string, more: { issuer?: string; label?: string } = {}): TOTP {
  return new TOTP({ ...parameters, ...more, secret: Secret.fromBase32(secret) });
}
