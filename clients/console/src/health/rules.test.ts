import { describe, expect, it } from '@jest/globals';
import {
  byUrgency,
  countByStatus,
  latencyQuantile,
  mostRuns,
  pointsOf,
  statusNow,
  withEvents,
  withRuns,
  withTiles,
} from './rules.ts';

const tile = (id: string, status: 'UP' | 'DOWN' | 'UNKNOWN') =>
  ({ id, name: id, status, statusSince: '2026-01-01T00:00:00.000Z' }) as const;
const run = (second: number, latencyMs = 10, isSuccess = true) => ({
  observedAt: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
  ...{ latencyMs, isSuccess, isDegraded: false, message: null },
});
const event = (id: string, second: number, status: 'UP' | 'DOWN' = 'DOWN') => ({
  ...{ id, status, previousStatus: 'UP' as const, message: null, check: { id: 'chk_1', name: 'One' } },
  occurredAt: run(second).observedAt,
});

describe('the wall', () => {
  it('puts what is down first, then what is unknown, by name', () => {
    const tiles = [tile('b', 'UP'), tile('a', 'UP'), tile('d', 'UNKNOWN'), tile('c', 'DOWN')];
    expect(byUrgency(tiles).map(({ id }) => id)).toEqual(['c', 'd', 'a', 'b']);
    expect(countByStatus(tiles)).toEqual({ UP: 2, UNKNOWN: 1, DOWN: 1 });
  });

  it('takes the latest of each service, new ones too, and nothing where it is gone', () => {
    const known = new Map([['a', tile('a', 'UP')]]);
    const next = withTiles(known, [tile('a', 'DOWN'), null, tile('b', 'UP')]);
    expect([...next.values()].map(({ status }) => status)).toEqual(['DOWN', 'UP']);
    expect(known.get('a')?.status).toBe('UP');
  });
});

describe('runs of a check', () => {
  it('are shown once each and in their order, however they come, the newest of them', () => {
    const known = [run(3), run(1)];
    expect(withRuns(known, [run(2), run(3)])).toEqual([run(1), run(2), run(3)]);
    const many = Array.from({ length: mostRuns + 5 }, (_, second) => run(second));
    expect(withRuns(many, [])).toEqual(many.slice(5));
  });

  it('have quantiles of those that succeeded', () => {
    const runs = [run(1, 10), run(2, 30), run(3, 20), run(4, 9_000, false)];
    expect(latencyQuantile(runs, 0.5)).toBe(20);
    expect(latencyQuantile(runs, 0.95)).toBe(30);
    expect(latencyQuantile([], 0.5)).toBeNull();
  });

  it('end at the right of their chart, the longest at its top', () => {
    const points = pointsOf([run(1, 50), run(2, 100)], { width: 590, height: 100 });
    expect(points.map(({ x, y }) => [x, y])).toEqual([
      [580, 50],
      [590, 0],
    ]);
  });
});

describe('changes', () => {
  it('are shown once each, newest first', () => {
    const shown = withEvents([event('2', 2), event('1', 1)], [event('3', 3), event('2', 2)]);
    expect(shown.map(({ id }) => id)).toEqual(['3', '2', '1']);
  });

  it('say what a check is now, where they are newer than it', () => {
    const check = { id: 'chk_1', status: 'UP' as const, statusSince: run(5).observedAt };
    expect(statusNow(check, [event('1', 4)])).toBe('UP');
    expect(statusNow(check, [event('2', 6), event('1', 4)])).toBe('DOWN');
    expect(statusNow({ ...check, id: 'chk_2' }, [event('2', 6)])).toBe('UP');
  });
});
