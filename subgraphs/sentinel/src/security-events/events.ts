// What this subgraph does about the facts of others: it keeps them, looks through them, and shows them to whoever watches.
import type { BatchHandler } from '@supergraph/chassis/event-batches';
import type { EventHandlers } from '@supergraph/chassis/event-handlers';
import type { AnyCloudEvent } from '@supergraph/chassis/events';
import type { Sentinel } from '../context.ts';
import { noteGap } from '../gaps/noting.ts';
import { accessOf } from './rules.ts';
import { store, storedOf, turns } from './storing.ts';

/** All types together, because rules look at several. */
const taking: BatchHandler<Sentinel> = {
  turns,
  known: ({ events, service }) =>
    storedOf(
      service,
      events.map(({ id }) => id),
    ),
  handleAll: ({ events, service, emit, push }) => store(service, events.flatMap(told), { emit, push }),
  givenUp({ event, service }) {
    const at = new Date(event.time);
    const count = event.sampledrate ?? 1;
    return noteGap(service, { source: 'sentinel', reason: 'SET_ASIDE', from: at, until: at, count });
  },
};

export const handlers: EventHandlers<Sentinel> = {
  'arthemiz.sign-in.succeeded.v1': taking,
  'arthemiz.sign-in.failed.v1': taking,
  'arthemiz.refresh-token.reused.v1': taking,
  'arthemiz.token.exchanged.v1': taking,
  'arthemiz.consent.given.v1': taking,
  'arthemiz.code.reused.v1': taking,
  'gateway.field.denied.v1': taking,
  'gateway.address.denied.v1': taking,
};

function told(event: AnyCloudEvent) {
  const access = accessOf(event);
  return access === null ? [] : [{ eventId: event.id, occurredAt: new Date(event.time), access }];
}
