import { describe, expect, it } from '@jest/globals';
import { type StatusChangeSeen, shownDays, uptimeByDay } from './rules.ts';

const hour = 3_600_000;
const now = Date.parse('2026-03-10T12:00:00Z');
const today = Date.parse('2026-03-10T00:00:00Z');
const long = now - 400 * 24 * hour;
const change = (
  at: number,
  previousStatus: 'UP' | 'DOWN' | 'UNKNOWN',
  status: 'UP' | 'DOWN' | 'UNKNOWN',
  checkId = 'a',
) => ({ checkId, at, previousStatus, status }) satisfies StatusChangeSeen;
const check = (status: 'UP' | 'DOWN' | 'UNKNOWN', statusSince: number, checkId = 'a') => ({
  checkId,
  status,
  statusSince,
});

describe('the uptime of a service', () => {
  it('is by the day, the last being today so far', () => {
    const changes = [change(today + 3 * hour, 'UP', 'DOWN'), change(today + 6 * hour, 'DOWN', 'UP')];
    const { days, uptime } = uptimeByDay({ checks: [check('UP', today + 6 * hour)], changes }, now);
    expect(days).toHaveLength(shownDays);
    expect(days.at(-1)).toEqual({ date: '2026-03-10', uptime: 0.75 });
    expect(days.at(-2)).toEqual({ date: '2026-03-09', uptime: 1 });
    expect(uptime).toBeCloseTo(1 - 3 / (89 * 24 + 12), 9);
  });

  it('knows nothing of before its first result, and of gaps', () => {
    const begun = uptimeByDay({ checks: [check('UP', today - 2 * hour)], changes: [] }, now);
    expect(begun.days.at(-3)?.uptime).toBeNull();
    expect(begun.days.at(-2)?.uptime).toBe(1);
    const gap = [change(today - 24 * hour, 'UP', 'UNKNOWN'), change(today + hour, 'UNKNOWN', 'DOWN')];
    const { days } = uptimeByDay({ checks: [check('DOWN', today + hour)], changes: gap }, now);
    expect(days.slice(-3).map(({ uptime }) => uptime)).toEqual([1, null, 0]);
    expect(uptimeByDay({ checks: [], changes: [] }, now).uptime).toBeNull();
  });

  it('is down while one of its checks is, and says nothing for a check that was never known', () => {
    const checks = [check('UP', long), check('UP', today + 6 * hour, 'b'), check('UNKNOWN', long, 'c')];
    const changes = [change(today, 'UP', 'DOWN', 'b'), change(today + 6 * hour, 'DOWN', 'UP', 'b')];
    expect(uptimeByDay({ checks, changes }, now).days.at(-1)?.uptime).toBe(0.5);
  });
});
