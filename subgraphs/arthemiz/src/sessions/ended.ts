// Which sessions have ended lately: for gateways, and for requests that were under way when it happened.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';

/** More than that is no list to act on one by one. */
const maximumListed = 5_000;

/** The sessions that ended since an instant, newest first. */
export async function recentlyEnded({ models }: Arthemiz, since: Date) {
  const endedSessions = await acrossTenants('gateways ask for ended sessions', () =>
    models.EndedSession.find({ endedAt: { $gte: since } })
      .sort({ endedAt: -1 })
      .limit(maximumListed)
      .lean(),
  );
  return { endedSessions, isComplete: endedSessions.length < maximumListed };
}

/** Whether a session has ended, in whichever tenant. What a request that began before stores must not begin it again. */
export async function hasEnded({ models }: Arthemiz, sessionId: string): Promise<boolean> {
  const ended = await acrossTenants('a session is one in all tenants of its person', () =>
    models.EndedSession.exists({ sessionId }),
  );
  return ended !== null;
}
