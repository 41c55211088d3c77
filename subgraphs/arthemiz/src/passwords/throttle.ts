// Slows down guessing. An attempt is counted before the password is looked at, in one atomic write, so that a
// thousand guesses sent at once are counted one by one.
import { createHmac } from 'node:crypto';
import { isDuplicateKey } from '@supergraph/chassis/database';
import type { Arthemiz } from '../context.ts';
import { type AttemptSubject, countedAddress, delays, forgetFailuresAfterMs } from './rules.ts';

export interface Attempt {
  email: string;
  ipAddress: string | null;
}

/** The attempt may go on, or has to wait. */
export type Admission = { isAdmitted: true } | { isAdmitted: false; retryAfterSeconds: number };

/**
 * Counts an attempt as failed and says whether it may go on. The address comes first: one that has to wait can make
 * no account wait, and one that keeps knocking at an account that waits is slowed down itself.
 */
export async function admitAttempt(service: Arthemiz, attempt: Attempt): Promise<Admission> {
  for (const { subject, id } of subjectsOf(service, attempt)) {
    const waitMs = await count(service, { subject, id });
    if (waitMs > 0) return { isAdmitted: false, retryAfterSeconds: Math.ceil(waitMs / 1000) };
  }
  return { isAdmitted: true };
}

/** Takes back the count of an attempt that succeeded: all of the account's, and one of the address's. */
export async function forgetAttempt(service: Arthemiz, attempt: Attempt): Promise<void> {
  const { SignInAttempt } = service.models;
  for (const { subject, id } of subjectsOf(service, attempt)) {
    // Somebody with an account of their own must not wipe out an address's failures on others' accounts.
    if (subject === 'account') await SignInAttempt.deleteOne({ _id: id });
    else
      await SignInAttempt.updateOne(
        { _id: id, failures: { $gt: 0 } },
        { $inc: { failures: -1 }, $set: { blockedUntil: new Date(0) } },
      );
  }
}

function subjectsOf(
  { config }: Arthemiz,
  { email, ipAddress }: Attempt,
): Array<{ subject: AttemptSubject; id: string }> {
  // Keyed, so that the database holds no list of who tries to sign in from where.
  const digest = (text: string) =>
    createHmac('sha256', config.KEY_ENCRYPTION_KEY).update(text).digest('base64url');
  const account = { subject: 'account' as const, id: `account:${digest(email)}` };
  return ipAddress === null
    ? [account]
    : [{ subject: 'address', id: `address:${digest(countedAddress(ipAddress))}` }, account];
}

/** Returns 0 when counted, or the milliseconds to wait. */
async function count(service: Arthemiz, given: { subject: AttemptSubject; id: string }): Promise<number> {
  const now = new Date();
  if (await countUnlessBlocked(service, { ...given, now })) return 0;
  const blocked = await service.models.SignInAttempt.findOne({ _id: given.id }).lean();
  const waitMs = blocked === null ? 0 : blocked.blockedUntil.getTime() - now.getTime();
  if (waitMs > 0) return waitMs;
  // Nobody is blocked: two first attempts met, and the other one made the document.
  return (await countUnlessBlocked(service, { ...given, now: new Date() })) ? 0 : 1_000;
}

async function countUnlessBlocked(
  { models }: Arthemiz,
  { subject, id, now }: { subject: AttemptSubject; id: string; now: Date },
): Promise<boolean> {
  // The end of the wait after the first, second, … failure. Where there is none it lies far back, because other
  // copies' clocks may be a little behind this one's.
  const ends = delays(subject).map((delayMs) => new Date(delayMs === 0 ? 0 : now.getTime() + delayMs));
  try {
    await models.SignInAttempt.updateOne(
      { _id: id, blockedUntil: { $lte: now } },
      [
        { $set: { failures: { $cond: [{ $gt: ['$expiresAt', now] }, { $add: ['$failures', 1] }, 1] } } },
        {
          $set: {
            blockedUntil: {
              $arrayElemAt: [ends, { $min: [{ $subtract: ['$failures', 1] }, ends.length - 1] }],
            },
            expiresAt: new Date(now.getTime() + forgetFailuresAfterMs),
          },
        },
      ],
      { upsert: true, updatePipeline: true },
    );
    return true;
  } catch (error) {
    // The filter found no unblocked document and the upsert met one that is there.
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
