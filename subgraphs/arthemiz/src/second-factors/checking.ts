// Does somebody who knows the password hold the person's second factor as well?
import type { Arthemiz } from '../context.ts';
import { isLocked } from '../passwords/rules.ts';
import { type Attempt, admitAttempt, forgetAttempt } from '../passwords/throttle.ts';
import { takeAppCode } from './authenticator-app.ts';
import { noticeGuesses } from './guesses.ts';
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
  | {
      isRight: false;
      reason: 'throttled';
      retryAfterSeconds: number;
      /** Too many codes of the app were wrong: another way in is needed, or a new password. */
      isLocked: boolean;
    };

/** Checks a code and uses it up, unless there were too many failures lately. */
export async function checkSecondFactor(service: Arthemiz, proof: FactorProof): Promise<FactorCheck> {
  const { personId, ipAddress } = proof;
  const code = comparableCode(proof.code);
  const isAppCode = /^\d{6}$/.test(code);
  // A recovery code is beyond guessing, and is the way in for whom a guesser makes wait.
  const attempt = isAppCode ? appAttempt({ personId, ipAddress }) : { email: null, ipAddress };
  const admission = await admitAttempt(service, attempt);
  if (!admission.isAdmitted) {
    const { retryAfterSeconds } = admission;
    const isOver = isLocked(retryAfterSeconds * 1_000);
    return { isRight: false, reason: 'throttled', retryAfterSeconds, isLocked: isOver };
  }
  const take = isAppCode ? takeAppCode : takeRecoveryCode;
  if (await take(service, { personId, code })) {
    await forgetAttempt(service, attempt);
    return { isRight: true, amr: isAppCode ? ['otp', 'mfa'] : ['mfa'] };
  }
  if (isAppCode) await noticeGuesses(service, { personId, ipAddress, failures: admission.failures });
  return { isRight: false, reason: 'wrong-second-factor' };
}

// Counted apart from the password: who knows that could wipe out its count as often as they like.
function appAttempt({ personId, ipAddress }: Omit<FactorProof, 'code'>): Attempt {
  return { email: personId, ipAddress, counted: 'app-code' };
}

/** Forgets all wrong codes: whoever guessed knows the password no more. */
export function forgetGuesses(service: Arthemiz, personId: string): Promise<void> {
  return forgetAttempt(service, appAttempt({ personId, ipAddress: null }));
}
