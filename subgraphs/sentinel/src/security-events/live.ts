// What is pushed to subscribers when a security event was stored.
import type { SecurityEventParent } from './model.ts';

/** Live topic of a tenant. */
export const securityEventStoredTopic = 'security-event-stored';

type Instants = 'occurredAt' | 'receivedAt';

/** The event as it travels: instants as text. */
export type SecurityEventPush = Omit<SecurityEventParent, Instants> & Record<Instants, string>;

export function pushOf({
  occurredAt,
  receivedAt,
  external,
  ...event
}: SecurityEventParent): SecurityEventPush {
  const instants = { occurredAt: occurredAt.toISOString(), receivedAt: receivedAt.toISOString() };
  if (!external) return { ...event, ...instants };
  const { product, className, activity, actorName } = external;
  return { ...event, ...instants, external: { product, className, activity, actorName } };
}

export function eventOf({ occurredAt, receivedAt, ...event }: SecurityEventPush): SecurityEventParent {
  return { ...event, occurredAt: new Date(occurredAt), receivedAt: new Date(receivedAt) };
}
