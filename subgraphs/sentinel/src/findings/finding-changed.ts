import type { SubscriptionResolvers } from '../schema.generated.ts';
import { type FindingPush, findingChangedTopic, findingOf } from './live.ts';
import type { FindingParent } from './model.ts';

export const findingChanged: SubscriptionResolvers['findingChanged'] = {
  subscribe: (_, __, { service, signal, bookmark }) =>
    findings(service.live.subscribe<FindingPush>(findingChangedTopic, { signal, bookmark })),
};

async function* findings(
  pushes: AsyncIterable<FindingPush>,
): AsyncGenerator<{ findingChanged: FindingParent }> {
  for await (const push of pushes) yield { findingChanged: findingOf(push) };
}
