// Somebody got other roles: a security event of its own, beside its place in the audit trail and in the same transaction.
import type { HandlerInput } from '@supergraph/chassis/event-handlers';
import type { AnyCloudEvent, CloudEvent, EventType } from '@supergraph/chassis/events';
import type { Sentinel } from '../context.ts';
import type { Access } from './rules.ts';
import { store } from './storing.ts';

type RolesChanged = CloudEvent<'arthemiz.person.roles-changed.v1'>;

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
  emit,
  push,
}: Pick<HandlerInput<Sentinel, EventType>, 'event' | 'service' | 'emit' | 'push'>): Promise<void> {
  const told = event as AnyCloudEvent; // one of them, whichever its type
  if (told.type !== 'arthemiz.person.roles-changed.v1') return;
  const access = privilegeChangeOf(told);
  await store(service, [{ eventId: told.id, occurredAt: new Date(told.time), access }], { emit, push });
}
