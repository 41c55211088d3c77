// What a grant's tokens speak for, kept with the grant: the tenant, and the session that its person sees and ends.
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { artifactId } from '../oidc/artifact-model.ts';
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import { connectionOf } from '../sso/realm.ts';
import { hasEnded } from './ended.ts';
import { networkOf, sessionIdOf } from './rules.ts';

/**
 * Notes with a grant that was just saved for which tenant it is, by which connection, and from where it was given.
 * @returns false where its session has ended while it was saved, or its connection lets nobody in any more; then it is gone
 * again
 */
export async function noteGrant(
  service: Arthemiz,
  { oidc, req }: KoaContextWithOIDC,
  { grantId, tenantId, connectionId }: { grantId: string; tenantId: string; connectionId: string | null },
): Promise<boolean> {
  const { OidcArtifact } = service.models;
  const { session, client } = oidc;
  const now = new Date();
  const isProgram = client?.applicationType === 'native';
  const sessionUid = isProgram ? undefined : session?.uid;
  const sessionId = sessionIdOf(sessionUid === undefined ? { grantId } : { sessionUid });
  const _id = artifactId('Grant', grantId);
  await OidcArtifact.updateOne(
    { _id },
    {
      $set: {
        grantId,
        actingTenantId: tenantId,
        sessionId,
        ...(sessionUid === undefined ? {} : { sessionUid, lastUsedAt: now }),
        ...(connectionId === null ? {} : { connectionId }),
        clientId: client?.clientId,
        ...whereFrom(req),
        amr: session?.amr,
        signedInAt: new Date((session?.loginTs ?? now.getTime() / 1_000) * 1_000),
      },
    },
  );
  const isOpen =
    connectionId === null || (await connectionOf(service, { ownerId: tenantId, connectionId })) !== null;
  if (isOpen && !(await hasEnded(service, sessionId))) return true;
  await OidcArtifact.deleteOne({ _id });
  return false;
}

export interface Acting {
  tenantId: string;
  /** None for a grant from before sessions were kept. */
  sessionId: string | undefined;
  /** The tenant's connection that the person came in by; null for none. */
  connectionId: string | null;
  lastUsedAt: Date | null;
}

/** What a grant's tokens speak for; null when the grant is gone, or about to. */
export async function actingOf(service: Arthemiz, grantId: string): Promise<Acting | null> {
  const grant = await partsOf(service).artifacts(artifactId('Grant', grantId));
  if (!grant?.actingTenantId || grant.endedBy) return null;
  const { actingTenantId: tenantId, sessionId, connectionId = null, lastUsedAt = null } = grant;
  return { tenantId, sessionId: sessionId ?? undefined, connectionId, lastUsedAt };
}

/** People see to the minute when a session was used last, so that most tokens are issued without a write. */
const useNotedEveryMs = 60_000;

/**
 * Notes that a token of the grant was asked for, and from where.
 * @returns false where the grant is gone meanwhile, so that whoever ended it was not overtaken by a token
 */
export async function noteUse(
  { models }: Arthemiz,
  { req }: KoaContextWithOIDC,
  { grantId, lastUsedAt }: { grantId: string; lastUsedAt: Date | null },
): Promise<boolean> {
  const now = new Date();
  if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < useNotedEveryMs) return true;
  const { matchedCount } = await models.OidcArtifact.updateOne(
    { _id: artifactId('Grant', grantId) },
    { $set: { lastUsedAt: now, ...whereFrom(req) } },
  );
  return matchedCount === 1;
}

function whereFrom(request: KoaContextWithOIDC['req']) {
  return {
    network: networkOf(clientAddress(request)),
    userAgent: request.headers['user-agent']?.slice(0, 512),
  };
}
