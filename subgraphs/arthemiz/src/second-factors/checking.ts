// Does somebody who knows the password hold the person's second factor as well?
import type { Arthemiz } from '../context.ts';
import { admitAttempt, forgetAttempt } from '../passwords/throttle.ts';
import { takeAppCode } from './authenticator-app.ts';
import { takeRecoveryCode } from './recovery-codes.ts';
import { comparableCode } from './rules.ts';

/** What a person shows as their second factor. */
export interface FactorProof {
  personId: string;
  ipAddress: string | null;
  /** As it was typed: of the app, or a recovery code. */
  code: string;
}

export type FactorCheck =
  | { isRight: true; amr: string[] }
  | { isRight: false; reason: 'wrong-second-factor' }
  | { isRight: false; reason: 'throttled'; retryAfterSeconds: number };

/** Checks a code and uses it up, unless there were too many failures lately. */
export async function checkSecondFactor(service: Arthemiz, proof: FactorProof): Promise<FactorCheck> {
  const { personId, ipAddress } = proof;
  // Counted apart from the password: who knows that could wipe out its count as often as they like.
  const attempt = { email: `second-factor:${personId}`, ipAddress };
  const admission = await admitAttempt(service, attempt);
  if (!admission.isAdmitted) {
    return { isRight: false, reason: 'throttled', retryAfterSeconds: admission.retryAfterSeconds };
  }
  const code = comparableCode(proof.code);
  const amr = await methodOf(service, { personId, code });
  if (amr === null) return { isRight: false, reason: 'wrong-second-factor' };
  await forgetAttempt(service, attempt);
  return { isRight: true, amr };
}

/** How the code proves it, in the words of RFC 8176; null when it does not. */
async function methodOf(
  service: Arthemiz,
  given: { personId: string; code: string },
): Promise<string[] | null> {
  if (/^\d{6}$/.test(given.code)) return (await takeAppCode(service, given)) ? ['otp', 'mfa'] : null;
  return (await takeRecoveryCode(service, given)) ? ['mfa'] : null;
}
