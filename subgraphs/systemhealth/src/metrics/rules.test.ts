import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  boundariesOf,
  isLate,
  keptMs,
  latenessMs,
  marksAfter,
  mostSteps,
  nothingDirty,
  planRange,
  rollAtOf,
  rollableUntil,
  seriesIdOf,
} from './rules.ts';
import { aggregated, aggregations, mergeSummaries, type Sample, summarise } from './summary.ts';

const minute = 60_000;
const hour = 3_600_000;
const now = Date.UTC(2026, 0, 31, 10, 20, 40);
const minuteOf = (minutes: number) => Date.UTC(2026, 0, 31, 10, minutes);

describe('a series', () => {
  it('is the same for the same labels in any order, and another for another tenant', () => {
    const [a, b] = [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ] as const;
    expect(seriesIdOf('ten_a', 'm', [a, b])).toBe(seriesIdOf('ten_a', 'm', [b, a]));
    expect(seriesIdOf('ten_a', 'm', [a])).not.toBe(seriesIdOf('ten_b', 'm', [a]));
    expect(seriesIdOf('ten_a', 'm', [a])).not.toBe(seriesIdOf('ten_a', 'm', [b]));
  });
});

describe('a range', () => {
  it('has a step for which there is data, 1,500 at most, that begin at multiples of themselves', () => {
    const plan = fc.record({
      agoMs: fc.integer({ min: 1_000, max: keptMs.HOUR }),
      lengthMs: fc.integer({ min: 1_000, max: keptMs.HOUR }),
      stepMs: fc.integer({ min: 1_000, max: 24 * hour }),
    });
    fc.assert(
      fc.property(plan, ({ agoMs, lengthMs, stepMs }) => {
        const from = now - agoMs;
        const to = from + Math.min(lengthMs, agoMs);
        const told = planRange({ from, to, stepMs }, now);
        expect(told.length).toBeLessThanOrEqual(mostSteps);
        expect(told.from % told.stepMs).toBe(0);
        expect(told.from).toBeLessThanOrEqual(from);
        expect(told.from).toBeGreaterThan(from - told.stepMs);
        if (told.length < mostSteps) expect(told.to).toBeGreaterThanOrEqual(to);
        if (told.resolution !== 'RAW') expect(told.stepMs % minute).toBe(0);
        if (told.resolution === 'RAW') expect(from).toBeGreaterThanOrEqual(now - keptMs.RAW);
        if (told.resolution === 'MINUTE') expect(from).toBeGreaterThanOrEqual(now - keptMs.MINUTE);
      }),
    );
  });
});

describe('what is rolled up', () => {
  it('are whole minutes, half a minute after their end', () => {
    expect(rollableUntil(now)).toBe(minuteOf(20));
    expect(rollableUntil(minuteOf(20) + 29_000)).toBe(minuteOf(19));
  });

  it('waits for a sample in time, and is done again soon for a late one', () => {
    expect(isLate(minuteOf(20), now)).toBe(false);
    expect(isLate(minuteOf(18), now)).toBe(true);
    expect(rollAtOf(minuteOf(20), now)).toBe(minuteOf(21) + 30_000);
    expect(rollAtOf(minuteOf(18), now)).toBe(now + 30_000);
  });

  const seen = { dirtyFrom: minuteOf(19), latestMinute: minuteOf(20), lateMarkedAt: null };
  it('goes on minute by minute, rests until the hour is whole, and then is done', () => {
    const to = minuteOf(20);
    expect(marksAfter(seen, { to, now })).toEqual({ dirtyFrom: to, rollAt: minuteOf(21) + 30_000 });
    const idle = { ...seen, latestMinute: minuteOf(19) };
    expect(marksAfter(idle, { to, now })).toEqual({ dirtyFrom: to, rollAt: minuteOf(60) + 30_000 });
    expect(marksAfter(idle, { to: minuteOf(60), now: minuteOf(61) })).toEqual({
      ...{ dirtyFrom: nothingDirty, rollAt: nothingDirty },
    });
  });

  it('says of nothing that it is done while a late sample may be on its way, and gives up on none too old to come', () => {
    const late = { ...seen, dirtyFrom: minuteOf(5), lateMarkedAt: now - 1_000 };
    const to = minuteOf(20);
    expect(marksAfter(late, { to, now })).toEqual({ dirtyFrom: minuteOf(5), rollAt: now + 30_000 });
    const old = { ...late, dirtyFrom: now - 3 * latenessMs };
    expect(marksAfter(old, { to, now }).dirtyFrom).toBeGreaterThan(now - latenessMs - 2 * minute);
    expect(marksAfter({ ...late, lateMarkedAt: now - 60_000 }, { to, now }).dirtyFrom).toBe(to);
  });

  it('answers up to where it goes, hours in whole ones', () => {
    expect(boundariesOf(minuteOf(20), 'HOUR')).toEqual({ hours: minuteOf(0), minutes: minuteOf(20) });
    expect(boundariesOf(minuteOf(20), 'MINUTE').hours).toBe(Number.NEGATIVE_INFINITY);
    expect(boundariesOf(minuteOf(20), 'RAW').minutes).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('a summary', () => {
  const sample = fc.record({
    at: fc.integer({ min: 0, max: 100_000 }),
    value: fc.integer({ min: 0, max: 1_000 }),
  });
  it('of parts of time is what the whole gives, for each aggregation', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20_000 }),
        (samples, lengthMs) => {
          const whole = summarise(samples);
          const parts = new Map<number, Sample[]>();
          for (const each of samples) {
            const key = Math.floor(each.at / lengthMs);
            parts.set(key, [...(parts.get(key) ?? []), each]);
          }
          const merged = mergeSummaries(
            [...parts.values()].reverse().flatMap((part) => summarise(part) ?? []),
          );
          for (const aggregation of aggregations)
            expect(aggregated(merged, aggregation)).toEqual(aggregated(whole, aggregation));
        },
      ),
    );
  });

  it('counts a sample that is told twice once, in whatever order', () => {
    const samples = [
      { at: 2, value: 5 },
      { at: 1, value: 3 },
    ];
    expect(summarise([...samples, ...samples])).toEqual(summarise(samples));
    expect(summarise([])).toBeNull();
    expect(mergeSummaries([])).toBeNull();
    expect(aggregated(null, 'COUNT')).toBeNull();
  });

  it('takes a counter that falls for one that was begun anew', () => {
    const counter = [10, 30, 5, 15].map((value, index) => ({ at: index * 1_000, value }));
    expect(summarise(counter)?.increase).toBe(20 + 5 + 10);
    expect(aggregated(summarise(counter), 'RATE')).toBeCloseTo(35 / 3, 9);
    expect(aggregated(summarise(counter.slice(0, 1)), 'RATE')).toBeNull();
    expect(aggregated(summarise(counter.slice(1)), 'RATE', summarise(counter.slice(0, 1)))).toBeCloseTo(
      35 / 3,
      9,
    );
  });
});
