// Challenges that are each answered once: an answer that somebody recorded is worth nothing (WebAuthn, 13.4.3).
import { createHash, randomBytes } from 'node:crypto';
import type { Arthemiz } from '../context.ts';

/** As long as people may leave a page open before they use it. */
const lifetimeMs = 15 * 60_000;

export async function issueChallenge(
  { models }: Arthemiz,
  purpose: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(32));
  await models.PasskeyChallenge.create([
    {
      _id: Buffer.from(challenge).toString('base64url'),
      purpose: digestOf(purpose),
      expiresAt: new Date(Date.now() + lifetimeMs),
    },
  ]);
  return challenge;
}

/** Uses a challenge up: true once, for the purpose that it was issued for. */
export async function takeChallenge(
  { models }: Arthemiz,
  { challenge, purpose }: { challenge: string; purpose: string },
): Promise<boolean> {
  const { deletedCount } = await models.PasskeyChallenge.deleteOne({
    _id: challenge,
    purpose: digestOf(purpose),
    expiresAt: { $gt: new Date() },
  });
  return deletedCount === 1;
}

// The name of a sign-in is half of what opens it.
function digestOf(purpose: string): string {
  return createHash('sha256').update(purpose).digest('base64url');
}
