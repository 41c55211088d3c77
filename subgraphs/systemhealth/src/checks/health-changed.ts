import { currentTenant } from '@supergraph/chassis/tenancy';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import type { HealthEventParent } from './event-model.ts';
import { type HealthChanged, healthChangedTopic } from './live.ts';

export const healthChanged: SubscriptionResolvers['healthChanged'] = {
  subscribe: (_, { serviceId }, { service, signal, bookmark }) => {
    const tenantId = currentTenant();
    return events(service.live.subscribe<HealthChanged>(healthChangedTopic, { signal, bookmark }), {
      tenantId,
      serviceId,
    });
  },
};

async function* events(
  pushes: AsyncIterable<HealthChanged>,
  { tenantId, serviceId }: { tenantId: string; serviceId: string | null | undefined },
): AsyncGenerator<{ healthChanged: HealthEventParent }> {
  for await (const push of pushes) {
    if (serviceId !== undefined && serviceId !== null && serviceId !== push.serviceId) continue;
    yield { healthChanged: { ...push, tenantId, occurredAt: new Date(push.occurredAt) } };
  }
}
