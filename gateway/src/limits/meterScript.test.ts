import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestEnvironment, testEnvironment } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { calendarScript } from './calendarScript.ts';
import { Meter } from './meter.ts';
import { bookSpending } from './meterScript.ts';
import type { Policy } from './rateLimitPolicies.ts';

let environment: TestEnvironment;
let redis: Redis;
beforeAll(async () => {
  environment = await testEnvironment({ service: 'gateway' });
  redis = environment.redis();
});
afterAll(() => environment?.dispose());

const meter = (given: Partial<Policy> & { key: string }) =>
  new Meter({
    key: given.key,
    policy: { name: 'test', unit: 'cost', quota: 100, period: 'rolling', seconds: 3_600, ...given },
  });
const book = async (spent: Array<[Meter, number]>) => {
  for (const [each, amount] of spent) each.spend(amount);
  return bookSpending(
    spent.map(([each]) => each),
    { redis, namespace: environment.namespace },
  );
};

describe('allowances in Redis', () => {
  it('are whole until something is spent, and then what is left comes back evenly', async () => {
    const [untouched] = await book([[meter({ key: 'a' }), 0]]);
    expect(untouched).toEqual({ balance: 100, resetMs: 0 });
    const [used] = await book([[meter({ key: 'a' }), 60]]);
    expect(used?.balance).toBe(40);
    expect(used?.resetMs).toBe(0.6 * 3_600_000);
    const [later] = await book([[meter({ key: 'a' }), 0]]);
    expect(later?.balance).toBeGreaterThanOrEqual(40);
    expect(later?.balance).toBeLessThan(41);
  });

  it('are booked together, each by itself, and take what is given back', async () => {
    const [b, c] = [meter({ key: 'b' }), meter({ key: 'c', quota: 10, period: 'day' })];
    expect((await book([[b, 30], [c, 4]])).map(({ balance }) => balance)).toEqual([70, 6]); // biome-ignore format: pairs
    const again = await book([[b, -10], [c, 1]]); // biome-ignore format: pairs
    expect(again.map(({ balance }) => Math.floor(balance))).toEqual([80, 5]);
  });

  it('owe no more than one whole allowance', async () => {
    expect((await book([[meter({ key: 'd' }), 900]]))[0]?.balance).toBe(-100);
  });

  it('of days and months begin anew with them, in UTC', async () => {
    const [day, month] = await book([
      [meter({ key: 'e', period: 'day' }), 1],
      [meter({ key: 'f', period: 'month' }), 1],
    ]);
    const now = new Date();
    const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1);
    const firstOfNext = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
    expect(Math.abs(Date.now() + (day?.resetMs ?? 0) - midnight)).toBeLessThan(2_000);
    expect(Math.abs(Date.now() + (month?.resetMs ?? 0) - firstOfNext)).toBeLessThan(2_000);
    const key = `${environment.namespace}:limits:e`;
    await redis.set(key, `1 ${Date.now() - 86_400_000}`);
    expect((await book([[meter({ key: 'e', period: 'day' }), 0]]))[0]?.balance).toBe(100);
  });

  it('leave nothing behind when they are whole again', async () => {
    const brief = meter({ key: 'g', quota: 1_000, seconds: 1 });
    await book([[brief, 1]]);
    expect(await redis.pttl(`${environment.namespace}:limits:g`)).toBeLessThanOrEqual(1);
  });
});

describe("Redis's calendar", () => {
  it('knows the month around any instant', async () => {
    const instants = fc.sample(fc.integer({ min: 0, max: Date.UTC(2400, 0) }), 2_000);
    const edges = fc
      .sample(fc.record({ year: fc.integer({ min: 1970, max: 2399 }), month: fc.nat(11) }), 500)
      .flatMap(({ year, month }) => [Date.UTC(year, month), Math.max(0, Date.UTC(year, month) - 1)]);
    const all = [...instants, ...edges];
    const script = `${calendarScript}
      local answers = {}
      for _, ms in ipairs(ARGV) do
        local first, following = monthAround(tonumber(ms))
        answers[#answers + 1] = string.format('%d %d', first, following)
      end
      return answers`;
    const expected = all.map((ms) => {
      const date = new Date(ms);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      return `${Date.UTC(year, month)} ${Date.UTC(year, month + 1)}`;
    });
    expect(await redis.eval(script, 0, ...all)).toEqual(expected);
  });
});
