import { describe, expect, it } from '@jest/globals';
import { readDocument } from './document.ts';
import { creditOf, isSettled, monthNamed, promiseDocument, settledMonth, uptimeOf } from './sla-rules.ts';

const tiers = [
  { belowRatio: 0.999, creditBasisPoints: 1_000 },
  { belowRatio: 0.99, creditBasisPoints: 2_500 },
];
const month = (name: string) => {
  const found = monthNamed(name);
  if (found === null) throw new Error(`${name} is a month.`);
  return found;
};

describe('a month of the platform', () => {
  it('is worth the more the worse it was, and nothing where the promise was kept', () => {
    expect([1, 0.999, 0.9989, 0.99, 0.5].map((uptime) => creditOf(uptime, tiers))).toEqual([
      0, 0, 1_000, 1_000, 2_500,
    ]);
    expect(creditOf(0, [])).toBe(0);
  });

  it('counts bad minutes of all its minutes, so that unknown ones are not bad', () => {
    expect(uptimeOf(month('2026-02'), 0)).toBe(1);
    expect(uptimeOf(month('2026-02'), 28 * 1_440)).toBe(0);
  });

  it('is counted for good three hours after its end, and named like 2026-01', () => {
    const end = Date.parse('2026-02-01T00:00:00Z');
    expect(isSettled(month('2026-01'), end + 2 * 3_600_000)).toBe(false);
    expect(isSettled(month('2026-01'), end + 3 * 3_600_000)).toBe(true);
    expect(settledMonth(end + 2 * 3_600_000).name).toBe('2025-12');
    expect(settledMonth(end + 3 * 3_600_000).name).toBe('2026-01');
    expect(['2026-13', '2026-1', 'x'].map(monthNamed)).toEqual([null, null, null]);
  });

  it('is promised by a document like any other', () => {
    const promise = { slug: 'web', name: 'Web: "front"', serviceId: 'svc_1', target: 0.999 };
    expect(readDocument(promiseDocument(promise)).objective).toMatchObject({
      ...{ name: 'platform-web', displayName: 'Web: "front"', service: 'svc_1', target: 0.999 },
      slices: { sliceMs: 60_000, target: 0.5 },
    });
  });
});
