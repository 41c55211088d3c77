// What lets somebody act in a tenant who belongs to it no more.
import type { Arthemiz } from '../context.ts';
import { endSessions } from '../sessions/ending.ts';

export interface LeftSessions {
  tenantId: string;
  personId: string;
  endedBy: string;
  /** Who has left and comes back later is signed in anew. */
  before: Date;
}

/** In the running transaction at home. */
export async function endMembersSessions(
  service: Arthemiz,
  { before, tenantId, personId, endedBy }: LeftSessions,
): Promise<void> {
  await endSessions(service, {
    ...{ personId, tenantId, endedBy, reason: 'left' },
    isEnding: ({ signedInAt }) => signedInAt <= before,
  });
  // Programs that were let in and have not come yet are no sessions so far.
  await service.models.OidcArtifact.deleteMany({
    ...{ accountId: personId, actingTenantId: tenantId, kind: 'Grant' },
    $or: [{ signedInAt: { $lte: before } }, { signedInAt: { $exists: false } }],
  });
}
