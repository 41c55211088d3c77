import { type HealthChanged, healthChangedTopic } from '../checks/live.ts';
import type { Context } from '../context.ts';
import type { SubscriptionResolvers } from '../schema.generated.ts';

export const serviceStatus: SubscriptionResolvers['serviceStatus'] = {
  subscribe: (_, { serviceId }, { service, signal, bookmark }) =>
    changes(service.live.subscribe<HealthChanged>(healthChangedTopic, { signal, bookmark }), serviceId),
  resolve: ({ serviceStatus: { serviceId } }: ServiceChange, _: unknown, { loaders }: Context) =>
    loaders.service.load(serviceId),
};

interface ServiceChange {
  serviceStatus: { serviceId: string };
}

async function* changes(
  pushes: AsyncIterable<HealthChanged>,
  only: string | null | undefined,
): AsyncGenerator<ServiceChange> {
  for await (const { serviceId } of pushes) {
    if (only === undefined || only === null || only === serviceId) yield { serviceStatus: { serviceId } };
  }
}
