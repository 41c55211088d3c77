import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueAt, nextRunAt, phaseOf, sleepMs } from './rules.ts';

const moments = fc.integer({ min: 0, max: 4e12 });
const intervals = fc.integer({ min: 100, max: 86_400_000 });

describe('the schedule of a check', () => {
  it('keeps to one grid, whatever happens, and never stands still', () => {
    fc.assert(
      fc.property(moments, intervals, fc.string(), (startedAt, intervalMs, key) => {
        const rhythm = { intervalMs, phaseMs: phaseOf(key, intervalMs) };
        const next = nextRunAt(startedAt, rhythm);
        expect((next - rhythm.phaseMs) % intervalMs).toBe(0);
        expect(next - startedAt).toBeGreaterThanOrEqual(intervalMs / 4);
        expect(next - startedAt).toBeLessThanOrEqual(intervalMs * 1.25);
        expect(nextRunAt(next, rhythm)).toBe(next + intervalMs);
      }),
    );
  });

  it('spreads checks over their interval and runs equal keys together', () => {
    const phases = Array.from({ length: 1_000 }, (_, index) => phaseOf(`chk_${index}`, 1_000));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const share = phases.filter((phase) => Math.floor(phase / 100) === tenth).length;
      expect(share).toBeGreaterThan(50);
      expect(share).toBeLessThan(150);
    }
    expect(phaseOf('mongodb', 2_000)).toBe(phaseOf('mongodb', 2_000));
  });

  it('is brought forward to settle a pending change, never so near that one blip is seen twice', () => {
    const rhythm = { intervalMs: 10_000, phaseMs: 0 };
    expect(dueAt(20_000, rhythm, null)).toBe(30_000);
    expect(dueAt(20_000, rhythm, 23_000)).toBe(23_000);
    expect(dueAt(20_000, rhythm, 33_000)).toBe(30_000);
    expect(dueAt(20_000, rhythm, 20_000)).toBe(21_000);
    expect(dueAt(20_000, { intervalMs: 100, phaseMs: 0 }, 20_000)).toBe(20_050);
  });

  it('sleeps until the next run, within bounds', () => {
    const bounds = { least: 100, most: 1_000 };
    expect(sleepMs(null, 0, bounds)).toBe(1_000);
    expect(sleepMs(10, 0, bounds)).toBe(100);
    expect(sleepMs(500, 0, bounds)).toBe(500);
    expect(sleepMs(9_000, 0, bounds)).toBe(1_000);
  });
});
