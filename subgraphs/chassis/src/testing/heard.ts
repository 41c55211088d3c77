// For tests only.
import type { Live } from '../live.ts';
import { inTenant } from '../tenancy.ts';

/**
 * Waits until Redis has confirmed that a tenant's topic is listened to. All subscribers of a topic in a process share
 * one SUBSCRIBE: when it stands for one, it stands for all that came before.
 */
export async function heard(
  live: Live,
  { topic, tenantId }: { topic: string; tenantId: string },
): Promise<void> {
  await inTenant(tenantId, async () => {
    const messages = live.subscribe(topic);
    await messages.ready;
    await messages.return?.();
  });
}
