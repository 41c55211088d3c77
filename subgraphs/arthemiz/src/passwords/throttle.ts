// Slows down guessing. An attempt is counted before the password is looked at, in one atomic write, so that a
// thousand guesses sent at once are counted one by one.
import { createHmac } from 'node:crypto';
import { isDuplicateKey } from '@supergraph/chassis/database';
import type { Arthemiz } from '../context.ts';
import { type AttemptSubject, countedAddress, delays, forgetFailuresAfterMs } from './rules.ts';

export interface Attempt {
  /** Whose password is tried, or what else is guessed at; null where that is beyond guessing, and only addresses count. */
  email: string | null;
  ipAddress: string | null;
  /** As what it is counted beside its address. Default: an account. */
  counted?: Exclude<AttemptSubject, 'address'>;
}

/** The attempt may go on as the `failures`th in a row until it is forgotten, or has to wait. */
export type Admission =
  | { isAdmitted: true; failures: number }
  | { isAdmitted: false; retryAfterSeconds: number };

/**
 * Counts an attempt as failed and says whether it may go on. The address comes first: one that has to wait can make
 * no account wait, and one that keeps knocking at an account that waits is slowed down itself.
 */
export async function admitAttempt(service: Arthemiz, attempt: Attempt): Promise<Admission> {
  let failures = 0;
  for (const { subject, id } of subjectsOf(service, attempt)) {
    const counted = await count(service, { subject, id });
    if ('waitMs' in counted)
      return { isAdmitted: false, retryAfterSeconds: Math.ceil(counted.waitMs / 1000) };
    failures = counted.failures;
  }
  return { isAdmitted: true, failures };
}

/** Takes back the count of an attempt that succeeded: all of the account's, and one of the address's. */
export async function forgetAttempt(service: Arthemiz, attempt: Attempt): Promise<void> {
  const { SignInAttempt } = service.models;
  for (const { subject, id } of subjectsOf(service, attempt)) {
    // Somebody with an account of their own must not wipe out an address's failures on others' accounts.
    if (subject !== 'address') await SignInAttempt.deleteOne({ _id: id });
    else
      await SignInAttempt.updateOne(
        { _id: id, failures: { $gt: 0 } },
        { $inc: { failures: -1 }, $set: { blockedUntil: new Date(0) } },
      );
  }
}

function subjectsOf(
  { config }: Arthemiz,
  { email, ipAddress, counted = 'account' }: Attempt,
): Array<{ subject: AttemptSubject; id: string }> {
  // Keyed, so that the database holds no list of who tries to sign in from where.
  const digest = (text: string) =>
    createHmac('sha256', config.KEY_ENCRYPTION_KEY).update(text).digest('base64url');
  const address = ipAddress === null ? [] : [`address:${digest(countedAddress(ipAddress))}`];
  const account = email === null ? [] : [`${counted}:${digest(email)}`];
  return [
    ...address.map((id) => ({ subject: 'address' as const, id })),
    ...account.map((id) => ({ subject: counted, id })),
  ];
}

/** Which failure in a row it is, or how long to wait. */
type Count = { failures: number } | { waitMs: number };

async function count(service: Arthemiz, given: { subject: AttemptSubject; id: string }): Promise<Count> {
  const now = new Date();
  const failures = await countUnlessBlocked(service, { ...given, now });
  if (failures !== null) return { failures };
  const blocked = await service.models.SignInAttempt.findOne({ _id: given.id }).lean();
  const waitMs = blocked === null ? 0 : blocked.blockedUntil.getTime() - now.getTime();
  if (waitMs > 0) return { waitMs };
  // Nobody is blocked: two first attempts met, and the other one made the document.
  const again = await countUnlessBlocked(service, { ...given, now: new Date() });
  return again === null ? { waitMs: 1_000 } : { failures: again };
}

async function countUnlessBlocked(
  { models }: Arthemiz,
  { subject, id, now }: { subject: AttemptSubject; id: string; now: Date },
): Promise<number | null> {
  // The end of the wait after the first, second, … failure. Where there is none it lies far back, because other
  // copies' clocks may be a little behind this one's.
  const ends = delays(subject).map((delayMs) => new Date(delayMs === 0 ? 0 : now.getTime() + delayMs));
  try {
    const counted = await models.SignInAttempt.findOneAndUpdate(
      { _id: id, blockedUntil: { $lte: now } },
      [
        { $set: { failures: { $cond: [{ $gt: ['$expiresAt', now] }, { $add: ['$failures', 1] }, 1] } } },
        {
          $set: {
            blockedUntil: {
              $arrayElemAt: [ends, { $min: [{ $subtract: ['$failures', 1] }, ends.length - 1] }],
            },
            expiresAt: new Date(now.getTime() + forgetFailuresAfterMs(subject)),
          },
        },
      ],
      { upsert: true, updatePipeline: true, returnDocument: 'after' },
    ).lean();
    return counted?.failures ?? 1;
  } catch (error) {
    // The filter found no unblocked document and the upsert met one that is there.
    if (isDuplicateKey(error)) return null;
    throw error;
  }
}
