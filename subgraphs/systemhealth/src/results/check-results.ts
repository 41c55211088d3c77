import type { SubscriptionResolvers } from '../schema.generated.ts';
import { checkResultsTopic, type PushedRun, type PushedRuns } from './live.ts';

export const checkResults: SubscriptionResolvers['checkResults'] = {
  subscribe: (_, { serviceId }, { service, signal, bookmark }) =>
    ofService(service.live.subscribe<PushedRuns>(checkResultsTopic, { signal, bookmark }), serviceId),
};

async function* ofService(pushes: AsyncIterable<PushedRuns>, serviceId: string | null | undefined) {
  for await (const { runs } of pushes) {
    const own = runs.filter((run) => (serviceId ?? run.serviceId) === run.serviceId);
    if (own.length > 0) yield { checkResults: own.map(shown) };
  }
}

function shown({ checkId, serviceId, at, ...found }: PushedRun) {
  return { checkId, serviceId, result: { ...found, at: new Date(at) } };
}
