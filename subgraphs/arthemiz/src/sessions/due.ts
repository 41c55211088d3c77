// Ending the sessions of very many people by one change, as when a tenant closes the connection that let them in. The change
// itself makes their grants worth nothing; ending the sessions one by one, each with its event, follows by itself.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import type { Arthemiz } from '../context.ts';
import { endSessions } from './ending.ts';

/** How often a copy looks for sessions that are to end. */
const pollMs = 500;
const batchSize = 200;

/** By which connection people came in, or which people who came in by another way. */
export type DueSessions = { connectionId: string } | { personIds: readonly string[]; notBy: string };

/** To be called in the transaction of the change: from its commit on no token is issued by these sessions. */
export async function letSessionsEnd(
  { models }: Arthemiz,
  { tenantId, endedBy, ...which }: DueSessions & { tenantId: string; endedBy: string },
): Promise<void> {
  const picked =
    'connectionId' in which
      ? { connectionId: which.connectionId }
      : { accountId: { $in: [...which.personIds] }, connectionId: { $ne: which.notBy } };
  await models.OidcArtifact.updateMany(
    { kind: 'Grant', actingTenantId: tenantId, ...picked },
    { $set: { endedBy } },
  );
}

export function createSessionEnds(service: Arthemiz): Worker {
  return createPolling({
    name: 'session ends',
    pauseMs: pollMs,
    look: () => endDueSessions(service),
    onFailure: (error) =>
      service.logger.error({ err: error }, 'sessions that are to end could not be ended; trying again'),
  });
}

/** Ends each once, however many copies look. */
async function endDueSessions(service: Arthemiz): Promise<void> {
  const { OidcArtifact } = service.models;
  const due = await OidcArtifact.find({ endedBy: { $exists: true } })
    .limit(batchSize)
    .lean();
  const places = new Map(due.map((row) => [`${row.accountId} ${row.actingTenantId}`, row]));
  for (const { accountId: personId, actingTenantId: tenantId, endedBy } of places.values()) {
    if (!personId || !tenantId || !endedBy) continue;
    const isEnding = ({ isDue }: { isDue: boolean }) => isDue;
    await endSessions(service, { personId, tenantId, endedBy, reason: 'ended', isEnding });
  }
  // Those of which nobody had anything are no sessions.
  if (due.length > 0) await OidcArtifact.deleteMany({ _id: { $in: due.map(({ _id }) => _id) } });
}
