// Ending sessions: what lets them in goes, gateways hear that their access tokens are worth nothing, and the tenants that
// they acted in are told, all in one transaction.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { queueLogoutNotices } from '../logout-notices/queueing.ts';
import { type LiveGrant, liveGrants, type WhoseSessions } from './reading.ts';
import { sessionIdOf } from './rules.ts';

export type EndingReason = 'ended' | 'password-changed' | 'refresh-token-reused' | 'code-reused' | 'left';

export interface Ending extends WhoseSessions {
  /** A person or a program; null for the platform itself. */
  endedBy: string | null;
  reason: EndingReason;
}

/** Ends the sessions of which a grant is picked, in the tenant where one is named. @returns their ids */
export function endSessions(
  service: Arthemiz,
  { isEnding, ...ending }: Ending & { isEnding(grant: LiveGrant): boolean },
): Promise<string[]> {
  const { personId } = ending;
  return acrossTenants('a person is in several tenants, and so are their sessions', () =>
    service.transaction(async (unit) => {
      const all = await liveGrants(service, ending);
      const sessionIds = new Set(all.filter(isEnding).map(({ sessionId }) => sessionId));
      // All that one was granted: a refresh token that stayed would let in again what gateways turn away for a while.
      const grants = all.filter(({ sessionId }) => sessionIds.has(sessionId));
      if (grants.length === 0) return [];
      const sessionUids = grants.flatMap(({ sessionUid }) => sessionUid ?? []);
      await service.models.OidcArtifact.deleteMany({
        accountId: personId,
        $or: [
          // The grant too is found by its id: tokens that are being issued meanwhile are worth nothing without it.
          { grantId: { $in: grants.map(({ grantId }) => grantId) } },
          { kind: 'Session', uid: { $in: sessionUids } },
          // One under way in that browser would begin the session again.
          { kind: 'Interaction' },
        ],
      });
      return tellEnded(service, unit, { ...ending, grants });
    }),
  );
}

/** What of a person's goes on. */
export interface KeptSession {
  sessionUid: string | null;
  grantIds: readonly string[];
}

/** Ends all that lets a person in, sign-ins under way included, but for what is kept. @returns the sessions' ids */
export function endAllSessions(
  service: Arthemiz,
  { kept, ...ending }: Omit<Ending, 'tenantId'> & { kept: KeptSession },
): Promise<string[]> {
  const { sessionUid, grantIds } = kept;
  return acrossTenants('a person is in several tenants, and so are their sessions', () =>
    service.transaction(async (unit) => {
      const grants = await liveGrants(service, ending);
      await service.models.OidcArtifact.deleteMany({
        accountId: ending.personId,
        $nor: [
          ...(sessionUid === null ? [] : [{ kind: 'Session', uid: sessionUid }]),
          { grantId: { $in: [...grantIds] } },
        ],
      });
      const going = new Set(
        grants.filter(({ grantId }) => grantIds.includes(grantId)).map(({ sessionId }) => sessionId),
      );
      if (sessionUid !== null) going.add(sessionIdOf({ sessionUid }));
      return tellEnded(service, unit, {
        ...ending,
        grants: grants.filter(({ sessionId }) => !going.has(sessionId)),
      });
    }),
  );
}

/** Ends all that lets a person in but one session. @returns the sessions' ids */
export async function endOtherSessions(
  service: Arthemiz,
  { personId, sessionId }: { personId: string; sessionId: string },
): Promise<string[]> {
  const own = (await liveGrants(service, { personId })).filter((grant) => grant.sessionId === sessionId);
  return endAllSessions(service, {
    ...{ personId, endedBy: personId, reason: 'ended' },
    kept: { sessionUid: own[0]?.sessionUid ?? null, grantIds: own.map(({ grantId }) => grantId) },
  });
}

/** Notes and tells each session once in each tenant. */
async function tellEnded(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { personId, endedBy, reason, grants }: Ending & { grants: readonly LiveGrant[] },
): Promise<string[]> {
  const places = new Map(grants.map((grant) => [`${grant.tenantId} ${grant.sessionId}`, grant]));
  if (places.size === 0) return [];
  const endedAt = new Date();
  const ended = [...places.values()].map(({ tenantId, sessionId }) => ({ tenantId, sessionId, endedAt }));
  await service.models.EndedSession.insertMany(ended);
  await queueLogoutNotices(service, { personId, concerned: grants });
  for (const { tenantId, sessionId } of ended) {
    await emit('arthemiz.session.ended.v1', {
      subject: personId,
      tenantId,
      data: { sessionId, personId, endedBy, reason },
    });
  }
  return [...new Set(grants.map(({ sessionId }) => sessionId))];
}
