// Decides whom to tell that a session has ended, in the transaction that ends it; delivery.ts tells them.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { isRegisteredClientId } from '../registered-clients/reading.ts';
import { listInReach } from '../residency/searching.ts';
import { giveUpAfterMs } from './rules.ts';

/** A client that got tokens in a session that has ended. */
export interface Concerned {
  clientId: string;
  sessionId: string;
}

/** For those of the clients that want to hear of it. */
export async function queueLogoutNotices(
  service: Arthemiz,
  { personId, concerned }: { personId: string; concerned: readonly Concerned[] },
): Promise<void> {
  const once = new Map(
    concerned
      .filter(({ clientId }) => isRegisteredClientId(clientId))
      .map((one) => [`${one.clientId} ${one.sessionId}`, one]),
  );
  if (once.size === 0) return;
  const ids = [...once.values()].map(({ clientId }) => clientId);
  const { models } = service;
  const reason = 'a session ends in all tenants of its person';
  // A region that is away must not keep somebody signed in: its applications are not told then.
  const clients = await listInReach(service, {
    reason,
    list: () =>
      models.RegisteredClient.find(
        { _id: { $in: ids }, backchannelLogoutUri: { $ne: null } },
        { tenantId: 1 },
      ).lean(),
  });
  await acrossTenants(reason, async () => {
    const tenantOf = new Map(clients.map(({ _id, tenantId }) => [_id, tenantId]));
    const now = new Date();
    const notices = [...once.values()].flatMap(({ clientId, sessionId }) => {
      const tenantId = tenantOf.get(clientId);
      if (tenantId === undefined) return [];
      const giveUpAt = new Date(now.getTime() + giveUpAfterMs);
      return { tenantId, clientId, personId, sessionId, dueAt: now, attempts: 0, giveUpAt };
    });
    if (notices.length > 0) await models.LogoutNotice.insertMany(notices);
  });
}
