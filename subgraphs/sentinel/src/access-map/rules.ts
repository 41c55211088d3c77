// Who reached what, from where: security events, summed up. Pure.
import type { SecurityEventType } from '../security-events/rules.ts';

export interface Reaching {
  readonly type: SecurityEventType;
  readonly occurredAt: Date;
  readonly actorId?: string | null | undefined;
  readonly clientId?: string | null | undefined;
  readonly ipAddress?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly coordinates: readonly string[];
  readonly count?: number | null | undefined;
}

export interface Reached {
  readonly kind: 'PERSON' | 'CLIENT';
  readonly principal: string;
  /** A field's coordinate, or what kind of event it was. */
  readonly what: string;
  readonly count: number;
  readonly deniedCount: number;
  readonly addresses: readonly string[];
  readonly lastAt: Date;
}

const denied: ReadonlySet<SecurityEventType> = new Set(['SIGN_IN_FAILED', 'FIELD_DENIED', 'ADDRESS_DENIED']);
const mostAddresses = 10;

/** What was reached last comes first; an event of several fields counts for each. */
export function reachedBy(events: readonly Reaching[]): Reached[] {
  const rows = new Map<string, Reached & { addresses: string[] }>();
  for (const event of events) {
    const { actorId, clientId, ipAddress, occurredAt, type } = event;
    const principal = actorId ?? clientId;
    if (!principal) continue;
    const kind = actorId ? 'PERSON' : 'CLIENT';
    const count = event.count ?? 1;
    const deniedCount = denied.has(type) ? count : 0;
    for (const what of event.coordinates.length > 0 ? event.coordinates : [type]) {
      const key = JSON.stringify([principal, what]);
      const known = rows.get(key);
      const addresses = known?.addresses ?? [];
      if (ipAddress && !addresses.includes(ipAddress) && addresses.length < mostAddresses)
        addresses.push(ipAddress);
      rows.set(key, {
        ...{ kind, principal, what, addresses },
        count: (known?.count ?? 0) + count,
        deniedCount: (known?.deniedCount ?? 0) + deniedCount,
        lastAt: known && known.lastAt > occurredAt ? known.lastAt : occurredAt,
      });
    }
  }
  return [...rows.values()].sort(
    (one, other) =>
      other.lastAt.getTime() - one.lastAt.getTime() ||
      one.principal.localeCompare(other.principal) ||
      one.what.localeCompare(other.what),
  );
}
