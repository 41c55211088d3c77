import { describe, expect, it } from '@jest/globals';
import type { FeedEventFragment } from './feed.generated.ts';
import { eventTypes, fromWhere, mostEvents, toneOf, withEvents } from './rules.ts';

const event = (second: number, id = String(second)): FeedEventFragment => ({
  ...{ id, type: 'SIGN_IN_FAILED', actor: null, clientId: null, email: null, ipAddress: null, count: 1 },
  ...{ userAgent: null, reason: null, operationName: null, coordinates: [], place: null },
  occurredAt: new Date(second * 1_000).toISOString(),
});

describe('the feed', () => {
  it('shows each event once, newest first, whatever order they come in', () => {
    const shown = withEvents([event(3), event(1)], [event(2), event(3), event(4)]);
    expect(shown.map(({ id }) => id)).toEqual(['4', '3', '2', '1']);
  });

  it('shows the newest of many, and stays the same where nothing is new', () => {
    const many = Array.from({ length: mostEvents + 10 }, (_, second) => event(second));
    const shown = withEvents([], many);
    expect(shown).toHaveLength(mostEvents);
    expect(shown[0]).toEqual(event(mostEvents + 9));
    expect(withEvents(shown, [event(mostEvents + 9)])).toBe(shown);
  });

  it('has a tone for every type, the worst for stolen proofs', () => {
    expect(new Set(eventTypes).size).toBe(11);
    expect(toneOf('CODE_REUSED')).toBe('bad');
    expect(toneOf('SIGN_IN_SUCCEEDED')).toBe('neutral');
  });

  it('says where an address is as far as that is known', () => {
    const place = { country: 'GB', city: 'London' };
    expect(fromWhere({ ipAddress: '192.0.2.1', place })).toBe('192.0.2.1 (London, GB)');
    expect(fromWhere({ ipAddress: '192.0.2.1', place: { ...place, city: null } })).toBe('192.0.2.1 (GB)');
    expect(fromWhere({ ipAddress: '192.0.2.1', place: null })).toBe('192.0.2.1');
    expect(fromWhere({ ipAddress: null, place: null })).toBe('–');
  });
});
