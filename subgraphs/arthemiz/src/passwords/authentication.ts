// Is this the person they say they are? By e-mail address and password.
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import type { PersonRow } from '../people/model.ts';
import { isOutdated } from './hashing.ts';
import type { PasswordRow } from './model.ts';
import { admitAttempt, forgetAttempt } from './throttle.ts';

export interface SignInAttempt {
  /** Lower case. */
  email: string;
  password: string;
  ipAddress: string | null;
}

export type Authentication =
  | { isAuthentic: true; person: PersonRow }
  | { isAuthentic: false; reason: 'unknown-email' | 'wrong-password'; person: PersonRow | null }
  | { isAuthentic: false; reason: 'throttled'; person: null; retryAfterSeconds: number };

/**
 * Checks a password, unless there were too many failures lately. Takes the same steps for an address that nobody
 * has, so that neither the answer nor its timing tells who has an account.
 * @throws PlatformError SERVICE_UNAVAILABLE when too many sign-ins wait
 */
export async function authenticate(service: Arthemiz, attempt: SignInAttempt): Promise<Authentication> {
  const admission = await admitAttempt(service, attempt);
  if (!admission.isAdmitted) {
    return {
      isAuthentic: false,
      reason: 'throttled',
      person: null,
      retryAfterSeconds: admission.retryAfterSeconds,
    };
  }
  const { Person, Password } = service.models;
  const person = await Person.findOne({ email: attempt.email }).lean();
  const password = await Password.findOne({ _id: person?._id ?? 'nobody' }).lean();
  const isRight = await partsOf(service).passwords.verify(attempt.password, password?.hash ?? null);
  if (person === null) return { isAuthentic: false, reason: 'unknown-email', person };
  if (!isRight) return { isAuthentic: false, reason: 'wrong-password', person };
  await forgetAttempt(service, attempt);
  // The only moment at which the password is known: the parameters may have been raised since it was set.
  if (password !== null && isOutdated(password.hash)) await renewHash(service, password, attempt.password);
  return { isAuthentic: true, person };
}

/** Stores the hash anew with today's parameters, unless the password was changed meanwhile. */
async function renewHash(
  service: Arthemiz,
  { _id, hash: old }: PasswordRow,
  password: string,
): Promise<void> {
  try {
    const hash = await partsOf(service).passwords.hash(password);
    await service.models.Password.updateOne({ _id, hash: old }, { $set: { hash } });
  } catch (error) {
    service.logger.warn({ err: error }, 'a password hash was not renewed; the next sign-in tries again');
  }
}

/** Gives a person this password. */
export async function setPassword(
  service: Arthemiz,
  { personId, password }: { personId: string; password: string },
): Promise<void> {
  await storePassword(service, { personId, hash: await partsOf(service).passwords.hash(password) });
}

/** Keeps a hash that is made already: hashing takes too long for a transaction. */
export async function storePassword(
  { models }: Arthemiz,
  { personId, hash }: { personId: string; hash: string },
): Promise<void> {
  await models.Password.updateOne(
    { _id: personId },
    { $set: { hash, changedAt: new Date() } },
    { upsert: true },
  );
}
