// What was to be used once came again: two parties hold it, and nobody can tell which of them is the thief (RFC 9700,
// 4.14.2; RFC 6749, 4.1.2). So all that the sign-in gave ends, and the tenant is told.
import { inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { actingOf } from '../sessions/acting.ts';
import { type EndingReason, endSessions } from '../sessions/ending.ts';
import { artifactId } from './artifact-model.ts';
import { clientAddress } from './origin.ts';

export interface Reuse {
  grantId: string;
  personId: string;
  reason: EndingReason;
  /** Tells of it, with who sent what was used already. */
  tell(unit: UnitOfWork, sender: Sender): Promise<void>;
}

interface Sender {
  ipAddress: string | null;
  userAgent: string | null;
}

/** Ends the session that the sign-in began, with everything that it gave, and tells the tenant: once, however many requests come again. */
export async function endReused(
  service: Arthemiz,
  { req }: Pick<KoaContextWithOIDC, 'req'>,
  { grantId, personId, reason, tell }: Reuse,
): Promise<void> {
  const { OidcArtifact } = service.models;
  const acting = await actingOf(service, grantId);
  if (acting === null) return;
  await inTenant(acting.tenantId, () =>
    service.transaction(async (unit) => {
      // Without the grant no token of the sign-in is worth anything, whatever is being issued meanwhile.
      const ended = await endSessions(service, {
        ...{ personId, endedBy: null, reason },
        isEnding: (grant) => grant.sessionId === acting.sessionId,
      });
      const { deletedCount } = await OidcArtifact.deleteOne({ _id: artifactId('Grant', grantId) });
      if (ended.length === 0 && deletedCount === 0) return;
      await tell(unit, {
        ipAddress: clientAddress(req),
        userAgent: req.headers['user-agent']?.slice(0, 512) ?? null,
      });
    }),
  );
  await OidcArtifact.deleteMany({ grantId });
}
