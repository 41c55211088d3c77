import type { SubscriptionResolvers } from '../schema.generated.ts';
import { type AlertChanged, type AlertChangeParent, alertChangedTopic } from './live.ts';

export const alertChanged: SubscriptionResolvers['alertChanged'] = {
  subscribe: (_, { serviceId }, { service, signal, bookmark }) =>
    changes(service.live.subscribe<AlertChanged>(alertChangedTopic, { signal, bookmark }), serviceId),
};

async function* changes(
  pushes: AsyncIterable<AlertChanged>,
  only: string | null | undefined,
): AsyncGenerator<{ alertChanged: AlertChangeParent }> {
  for await (const push of pushes) {
    if (only !== undefined && only !== null && only !== push.serviceId) continue;
    yield { alertChanged: { ...push, occurredAt: new Date(push.occurredAt) } };
  }
}
