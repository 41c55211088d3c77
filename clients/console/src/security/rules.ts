// What the security feed makes of answers and changes, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import type { FeedEventFragment, SecurityEventType } from './feed.generated.ts';

/** In the order in which they are offered. */
export const eventTypes: readonly SecurityEventType[] = [
  'SIGN_IN_SUCCEEDED',
  'SIGN_IN_FAILED',
  'FIELD_DENIED',
  'ADDRESS_DENIED',
  'REFRESH_TOKEN_REUSED',
  'CODE_REUSED',
  'TOKEN_EXCHANGED',
  'CONSENT_GIVEN',
  'PRIVILEGE_GRANTED',
  'PRIVILEGE_TAKEN',
  'EXTERNAL',
];

/** So many events are shown; the rest is in the archive. */
export const mostEvents = 200;

/** Newest first, each once, the newest of them. */
export function withEvents(
  known: readonly FeedEventFragment[],
  happened: readonly FeedEventFragment[],
): readonly FeedEventFragment[] {
  const ids = new Set(known.map(({ id }) => id));
  const news = happened.filter(({ id }) => !ids.has(id));
  if (news.length === 0) return known;
  return [...news.reverse(), ...known]
    .sort((a, b) => (a.occurredAt === b.occurredAt ? 0 : a.occurredAt > b.occurredAt ? -1 : 1))
    .slice(0, mostEvents);
}

export function toneOf(type: SecurityEventType): Tone {
  if (type === 'REFRESH_TOKEN_REUSED' || type === 'CODE_REUSED') return 'bad';
  if (type === 'SIGN_IN_FAILED' || type === 'FIELD_DENIED' || type === 'ADDRESS_DENIED') return 'warn';
  return 'neutral';
}

/** The address, and the city and country that it is in as far as they are known. */
export function fromWhere({
  ipAddress,
  place,
}: {
  ipAddress?: string | null | undefined;
  place?: { country: string; city?: string | null | undefined } | null | undefined;
}): string {
  if (!ipAddress) return '–';
  if (!place) return ipAddress;
  return `${ipAddress} (${[place.city, place.country].filter(Boolean).join(', ')})`;
}
