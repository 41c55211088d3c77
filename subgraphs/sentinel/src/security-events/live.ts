// What is pushed to subscribers when a security event was stored.
import type { SecurityEventParent } from './model.ts';

/** Live topic of a tenant. */
export const securityEventStoredTopic = 'security-event-stored';

type Instants = 'occurredAt' | 'receivedAt';

/** The event as it travels: instants as text. */
export type SecurityEventPush = Omit<SecurityEventParent, Instants> & Record<Instants, string>;

export function pushOf({ occurredAt, receivedAt, ...event }: SecurityEventParent): SecurityEventPush {
  return { ...event, occurredAt: occurredAt.toISOString(), receivedAt: receivedAt.toISOString() };
}

export function eventOf({ occurredAt, receivedAt, ...event }: SecurityEventPush): SecurityEventParent {
  return { ...event, occurredAt: new Date(occurredAt), receivedAt: new Date(receivedAt) };
}
