// Whether a code is the one that a person's authenticator app shows.
import { randomBytes } from 'node:crypto';
import { type SealingContext, unseal } from '@supergraph/chassis/sealing';
import type { Arthemiz } from '../context.ts';
import { newTotpSecret, stepOfCode } from './rules.ts';

export function createTotpSecret(): string {
  return newTotpSecret(new Uint8Array(randomBytes(20)));
}

export function sealingOf({ config }: Arthemiz, personId: string): SealingContext {
  return { encryptionKey: config.KEY_ENCRYPTION_KEY, belongsTo: `authenticator-app:${personId}` };
}

/** Uses a code up: true once for each that is right. */
export async function takeAppCode(
  service: Arthemiz,
  { personId, code }: { personId: string; code: string },
): Promise<boolean> {
  const { AuthenticatorApp } = service.models;
  const app = await AuthenticatorApp.findOne({ _id: personId }).lean();
  if (app === null) return false;
  const secret = unseal(app.sealedSecret, sealingOf(service, personId));
  const step = stepOfCode({ secret, code, now: new Date() });
  if (step === null) return false;
  // Of two requests with one code at the same moment, one finds it used (RFC 6238, 5.2).
  const { modifiedCount } = await AuthenticatorApp.updateOne(
    { _id: personId, sealedSecret: app.sealedSecret, lastStep: { $lt: step } },
    { $set: { lastStep: step } },
  );
  return modifiedCount === 1;
}
