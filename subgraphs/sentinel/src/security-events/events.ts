// What this subgraph does about the facts of others: it keeps them, and shows them to whoever watches.

import { isDuplicateKey } from '@supergraph/chassis/database';
import type { EventHandlers, HandlerInput } from '@supergraph/chassis/event-consumer';
import type { EventType } from '@supergraph/chassis/events';
import { DuplicateEvent } from '@supergraph/chassis/inbox';
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { Sentinel } from '../context.ts';
import { pushOf, securityEventStoredTopic } from './live.ts';
import { storedCounter } from './metrics.ts';
import { type Access, addressDenialOf, delegationOf, denialOf, reuseOf, signInOf } from './rules.ts';

export const handlers: EventHandlers<Sentinel> = {
  'arthemiz.sign-in.succeeded.v1': (input) => store(signInOf(input.event), input),
  'arthemiz.sign-in.failed.v1': (input) => store(signInOf(input.event), input),
  'arthemiz.refresh-token.reused.v1': (input) => store(reuseOf(input.event), input),
  'arthemiz.token.exchanged.v1': (input) => store(delegationOf(input.event), input),
  'arthemiz.consent.given.v1': (input) => store(delegationOf(input.event), input),
  'gateway.address.denied.v1': (input) => store(addressDenialOf(input.event), input),
  'arthemiz.code.reused.v1': (input) => store(reuseOf(input.event), input),
  'gateway.field.denied.v1': (input) => store(denialOf(input.event), input),
};

async function store(
  access: Access,
  { event, service, push }: HandlerInput<Sentinel, EventType>,
): Promise<void> {
  const { models, config, metrics } = service;
  const occurredAt = new Date(event.time);
  const stored = new models.SecurityEvent({
    ...access,
    eventId: event.id,
    occurredAt,
    receivedAt: new Date(),
    expiresAt: await keptUntil(service, { since: occurredAt, days: config.SECURITY_EVENT_RETENTION_DAYS }),
  });
  try {
    await stored.save();
  } catch (error) {
    if (isDuplicateKey(error)) throw new DuplicateEvent(event.id, { cause: error });
    throw error;
  }
  push(securityEventStoredTopic, pushOf(stored.toObject()));
  storedCounter(metrics).inc({ type: access.type }, access.count);
}
