// What was taken in.
import { Counter, type Registry } from 'prom-client';
import { securityEventTypes } from './rules.ts';

// Handlers begin with the first event and have no start of their own; several services may run in one process.
const counters = new WeakMap<Registry, Counter<'type'>>();

/** Counts before the commit, as a handler can: what MongoDB makes repeat, or refuses at the end, counts too. */
export function storedCounter(registry: Registry): Pick<Counter<'type'>, 'inc'> {
  const known = counters.get(registry);
  if (known !== undefined) return known;
  const counter = new Counter({
    name: 'sentinel_security_events_total',
    help: 'What the security events that were stored tell of, by type: one that happened several times counts as often.',
    labelNames: ['type'],
    registers: [registry],
  });
  for (const type of securityEventTypes) counter.inc({ type }, 0);
  counters.set(registry, counter);
  return counter;
}
