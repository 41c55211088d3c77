// Recovery codes: made together, shown once, each used once.
import { createHmac, randomBytes } from 'node:crypto';
import type { Arthemiz } from '../context.ts';
import { comparableCode, recoveryCode, recoveryCodeBytes, recoveryCodeCount } from './rules.ts';

/** Gives a person new recovery codes in place of those they had, and returns them, for the only time. */
export async function renewRecoveryCodes(service: Arthemiz, personId: string): Promise<string[]> {
  const codes = Array.from({ length: recoveryCodeCount }, () =>
    recoveryCode(new Uint8Array(randomBytes(recoveryCodeBytes))),
  );
  const digests = codes.map((code) => digestOf(service, { personId, code }));
  await service.models.RecoveryCodes.updateOne(
    { _id: personId },
    { $set: { digests, createdAt: new Date() } },
    { upsert: true },
  );
  return codes;
}

/** Uses a code up: true once for each. */
export async function takeRecoveryCode(
  service: Arthemiz,
  given: { personId: string; code: string },
): Promise<boolean> {
  const digest = digestOf(service, given);
  const { modifiedCount } = await service.models.RecoveryCodes.updateOne(
    { _id: given.personId, digests: digest },
    { $pull: { digests: digest } },
  );
  return modifiedCount === 1;
}

// Keyed, so that a copy of the database is not enough to try codes against it.
function digestOf({ config }: Arthemiz, { personId, code }: { personId: string; code: string }): string {
  return createHmac('sha256', config.KEY_ENCRYPTION_KEY)
    .update(`recovery-code:${personId}:${comparableCode(code)}`)
    .digest('base64url');
}
