// Adding an authenticator app and taking it away.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { seal } from '@supergraph/chassis/sealing';
import type { Arthemiz } from '../context.ts';
import { sealingOf } from './authenticator-app.ts';
import { forgetGuesses } from './checking.ts';
import { changeFactors, type FactorFacts } from './events.ts';
import { hasSecondFactor, heldFactors } from './held.ts';
import { renewRecoveryCodes } from './recovery-codes.ts';
import { comparableCode, stepOfCode } from './rules.ts';

type Circumstances = Omit<FactorFacts, 'kind'>;

/** `recoveryCodes` are null where the person has some already. */
export type AppEnrolment =
  | { isAdded: true; recoveryCodes: string[] | null }
  | { isAdded: false; reason: 'wrong-code' | 'has-one' };

/** Adds an app that shows the right code for the secret, so that nobody is locked out by one that does not. */
export async function addAuthenticatorApp(
  service: Arthemiz,
  { secret, code, facts }: { secret: string; code: string; facts: Circumstances },
): Promise<AppEnrolment> {
  const personId = facts.person._id;
  const step = stepOfCode({ secret, code: comparableCode(code), now: new Date() });
  if (step === null) return { isAdded: false, reason: 'wrong-code' };
  const sealedSecret = seal(secret, sealingOf(service, personId));
  let recoveryCodes: string[] | null = null;
  try {
    await changeFactors(service, {
      happened: 'arthemiz.second-factor.added.v1',
      facts: { ...facts, kind: 'authenticator-app' },
      async work() {
        await service.models.AuthenticatorApp.create([
          { _id: personId, sealedSecret, lastStep: step, createdAt: new Date() },
        ]);
        await forgetGuesses(service, personId);
        const { recoveryCodesLeft } = await heldFactors(service, personId);
        recoveryCodes = recoveryCodesLeft > 0 ? null : await renewRecoveryCodes(service, personId);
        return true;
      },
    });
  } catch (error) {
    if (isDuplicateKey(error)) return { isAdded: false, reason: 'has-one' };
    throw error;
  }
  return { isAdded: true, recoveryCodes };
}

/** False when there was none. With the last factor the recovery codes go too: there is nothing left to recover. */
export function removeAuthenticatorApp(service: Arthemiz, facts: Circumstances): Promise<boolean> {
  const { AuthenticatorApp } = service.models;
  const personId = facts.person._id;
  return changeFactors(service, {
    happened: 'arthemiz.second-factor.removed.v1',
    facts: { ...facts, kind: 'authenticator-app' },
    async work() {
      const { deletedCount } = await AuthenticatorApp.deleteOne({ _id: personId });
      await dropUnneededRecoveryCodes(service, personId);
      return deletedCount === 1;
    },
  });
}

export async function dropUnneededRecoveryCodes(service: Arthemiz, personId: string): Promise<void> {
  if (hasSecondFactor(await heldFactors(service, personId))) return;
  await service.models.RecoveryCodes.deleteOne({ _id: personId });
}
