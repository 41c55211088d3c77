import { parseInput } from '@supergraph/chassis/input';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import { watchInput } from './filter.ts';
import { eventOf, type SecurityEventPush, securityEventStoredTopic } from './live.ts';
import type { SecurityEventParent } from './model.ts';
import type { SecurityEventType } from './rules.ts';

export const securityEvent: SubscriptionResolvers['securityEvent'] = {
  subscribe: (_, given, { service, signal, bookmark }) => {
    const { types } = parseInput(watchInput, given);
    return events(
      service.live.subscribe<SecurityEventPush>(securityEventStoredTopic, { signal, bookmark }),
      types,
    );
  },
};

async function* events(
  pushes: AsyncIterable<SecurityEventPush>,
  types: readonly SecurityEventType[] | null | undefined,
): AsyncGenerator<{ securityEvent: SecurityEventParent }> {
  for await (const push of pushes) {
    if (types && !types.includes(push.type)) continue;
    yield { securityEvent: eventOf(push) };
  }
}
