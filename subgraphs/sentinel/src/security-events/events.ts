// What this subgraph does about the facts of others: it keeps them, and shows them to whoever watches.

import { isDuplicateKey } from '@supergraph/chassis/database';
import type { EventHandlers, HandlerInput, SteppedHandler } from '@supergraph/chassis/event-consumer';
import type { CloudEvent, EventType } from '@supergraph/chassis/events';
import { DuplicateEvent } from '@supergraph/chassis/inbox';
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { Sentinel } from '../context.ts';
import { detect } from '../detections/detecting.ts';
import { Turns } from '../turns.ts';
import { pushOf, securityEventStoredTopic } from './live.ts';
import { storedCounter } from './metrics.ts';
import { type Access, addressDenialOf, delegationOf, denialOf, reuseOf, signInOf } from './rules.ts';

const turns = new Turns();

export const handlers: EventHandlers<Sentinel> = {
  'arthemiz.sign-in.succeeded.v1': storing(signInOf),
  'arthemiz.sign-in.failed.v1': storing(signInOf),
  'arthemiz.refresh-token.reused.v1': storing(reuseOf),
  'arthemiz.token.exchanged.v1': storing(delegationOf),
  'arthemiz.consent.given.v1': storing(delegationOf),
  'gateway.address.denied.v1': storing(addressDenialOf),
  'arthemiz.code.reused.v1': storing(reuseOf),
  'gateway.field.denied.v1': storing(denialOf),
};

function storing<T extends EventType>(
  accessOf: (event: CloudEvent<T>) => Access,
): SteppedHandler<Sentinel, T> {
  return {
    run: ({ event, service, once }) =>
      turns.take(event.tenantid, () => once(({ push }) => store(accessOf(event), { event, service, push }))),
  };
}

async function store(
  access: Access,
  { event, service, push }: Pick<HandlerInput<Sentinel, EventType>, 'event' | 'service' | 'push'>,
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
  await detect(service, [{ ...access, _id: stored._id, occurredAt }], { push });
  push(securityEventStoredTopic, pushOf(stored.toObject()));
  storedCounter(metrics).inc({ type: access.type }, access.count);
}
