import type { Context } from '../context.ts';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import { type IncidentChanged, incidentChangedTopic } from './live.ts';

export const incidentChanged: SubscriptionResolvers['incidentChanged'] = {
  subscribe: (_, { incidentId }, { service, signal, bookmark }) =>
    changes(service.live.subscribe<IncidentChanged>(incidentChangedTopic, { signal, bookmark }), incidentId),
  resolve: ({ incidentChanged: { incidentId } }: Change, _: unknown, { loaders }: Context) =>
    loaders.incident.load(incidentId),
};

interface Change {
  incidentChanged: IncidentChanged;
}

async function* changes(
  pushes: AsyncIterable<IncidentChanged>,
  only: string | null | undefined,
): AsyncGenerator<Change> {
  for await (const { incidentId } of pushes) {
    if (only === undefined || only === null || only === incidentId) yield { incidentChanged: { incidentId } };
  }
}
