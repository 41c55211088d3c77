// Somebody got other roles: a security event of its own, beside its place in the audit trail and in the same transaction.
import type { HandlerInput } from '@supergraph/chassis/event-consumer';
import type { CloudEvent } from '@supergraph/chassis/events';
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import type { Sentinel } from '../context.ts';
import { detect } from '../detections/detecting.ts';
import { pushOf, securityEventStoredTopic } from './live.ts';
import { storedCounter } from './metrics.ts';
import type { Access } from './rules.ts';

export const privilegeEvent = 'arthemiz.person.roles-changed.v1';
type RolesChanged = CloudEvent<typeof privilegeEvent>;

export function privilegeChangeOf({ data }: RolesChanged): Access {
  const { personId, changedBy, rolesAdded, rolesRemoved } = data;
  const isPerson = changedBy?.startsWith('per_') === true;
  const said = [...rolesAdded.map((role) => `+${role}`), ...rolesRemoved.map((role) => `-${role}`)];
  return {
    type: rolesAdded.length > 0 ? 'PRIVILEGE_GRANTED' : 'PRIVILEGE_TAKEN',
    actorId: isPerson ? changedBy : null,
    clientId: isPerson ? null : changedBy,
    targetId: personId,
    ...{ email: null, ipAddress: null, userAgent: null },
    reason: said.length === 0 ? null : said.join(' ').slice(0, 500),
    ...{ operationName: null, coordinates: [], requestId: null, count: 1 },
  };
}

export async function storePrivilegeChange({
  event,
  service,
  push,
}: Pick<HandlerInput<Sentinel, typeof privilegeEvent>, 'event' | 'service' | 'push'>): Promise<void> {
  const access = privilegeChangeOf(event);
  const occurredAt = new Date(event.time);
  const days = service.config.SECURITY_EVENT_RETENTION_DAYS;
  const expiresAt = await keptUntil(service, { since: occurredAt, days });
  const stored = new service.models.SecurityEvent({
    ...{ ...access, eventId: event.id, occurredAt, receivedAt: new Date(), expiresAt },
  });
  await stored.save();
  await detect(service, [{ ...access, _id: stored._id, occurredAt }], { push });
  push(securityEventStoredTopic, pushOf(stored.toObject()));
  storedCounter(service.metrics).inc({ type: access.type }, access.count);
}
