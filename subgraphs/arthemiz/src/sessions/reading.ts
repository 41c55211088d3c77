// A person's sessions. They are not kept beside what lets them in: the provider's grants are what they are made of, so
// that what has ended is never listed, and what lets in is never missing.
import type { Arthemiz } from '../context.ts';
import { type GrantFacts, type PersonSession, sessionsFrom } from './rules.ts';

export interface LiveGrant extends GrantFacts {
  /** Under which the provider's document is stored. */
  artifactId: string;
  grantId: string;
  /** Of the browser's session; null for a program's. */
  sessionUid: string | null;
  /** The tenant's connection that the person came in by; null for none. */
  connectionId: string | null;
  /** How its person signed in (RFC 8176). */
  amr: readonly string[];
  /** Whether it lets nobody in any more, and its session has yet to be ended. */
  isDue: boolean;
}

/** A person signs in at fewer places than that; of more, those that were used last are seen. */
const maximumGrants = 1_000;
/** Most sessions that are shown. */
const maximumSessions = 100;

/** In all tenants, or in one of them. */
export interface WhoseSessions {
  personId: string;
  tenantId?: string;
}

export async function liveGrants(
  { models }: Arthemiz,
  { personId, tenantId }: WhoseSessions,
): Promise<LiveGrant[]> {
  const rows = await models.OidcArtifact.find({
    accountId: personId,
    kind: 'Grant',
    // Of a program that was never let in in the end, nobody has anything.
    lastUsedAt: { $ne: null },
    expiresAt: { $gt: new Date() },
    ...(tenantId === undefined ? {} : { actingTenantId: tenantId }),
  })
    .sort({ lastUsedAt: -1 })
    .limit(maximumGrants)
    .lean();
  return rows.flatMap((row) => {
    const { sessionId, actingTenantId, clientId, grantId, signedInAt, lastUsedAt } = row;
    if (!sessionId || !actingTenantId || !clientId || !grantId || !signedInAt || !lastUsedAt) return [];
    const { _id: artifactId, network = null, userAgent = null, sessionUid = null } = row;
    const { connectionId = null, endedBy, amr } = row;
    return {
      ...{ artifactId, grantId, sessionId, tenantId: actingTenantId, clientId },
      ...{ network, userAgent, sessionUid, signedInAt, lastUsedAt, connectionId },
      amr: amr ?? [],
      isDue: Boolean(endedBy),
    };
  });
}

/** Last used first. */
export async function sessionsOf(service: Arthemiz, whose: WhoseSessions): Promise<PersonSession[]> {
  return sessionsFrom(await liveGrants(service, whose)).slice(0, maximumSessions);
}

/** Whose session it is, where it acts in the tenant. */
export async function personOfSession(
  { models }: Arthemiz,
  { sessionId, tenantId }: { sessionId: string; tenantId: string },
): Promise<string | null> {
  const grant = await models.OidcArtifact.findOne({ sessionId, actingTenantId: tenantId }).lean();
  return grant?.accountId ?? null;
}

/** How a person signed in (RFC 8176) who acts by a session; null for whoever acts without one. */
export async function proofsOf(
  { models }: Arthemiz,
  { subject, sessionId }: { subject: string; sessionId?: string | undefined },
): Promise<readonly string[] | null> {
  if (sessionId === undefined) return null;
  const grant = await models.OidcArtifact.findOne({ sessionId, accountId: subject, kind: 'Grant' }).lean();
  return grant?.amr ?? [];
}
