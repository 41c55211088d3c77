// Several processes that count together: each `createRateLimits` here stands for one, with a connection of its own.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { connectRedis } from '@supergraph/chassis/redis';
import { eventually, testEnvironment, testViewer } from '@supergraph/chassis/testing';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '@supergraph/chassis/testing/interruptible-proxy';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { rateLimitsShape } from './rateLimitPolicies.ts';
import { createRateLimits, type RateLimits } from './rateLimits.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let environment: Awaited<ReturnType<typeof testEnvironment>>;
let proxy: InterruptibleProxy;
const opened: Array<{ limits: RateLimits; redis: Redis }> = [];
beforeAll(async () => {
  environment = await testEnvironment({ service: 'gateway' });
  proxy = await startInterruptibleProxy(environment.env.REDIS_URL ?? '');
});
afterEach(async () => {
  await proxy.restore();
  for (const { limits, redis } of opened.splice(0)) {
    await limits.stop();
    redis.disconnect();
  }
});
afterAll(async () => {
  await proxy?.stop();
  await environment?.dispose();
});

const nothing = { tenant: null, client: null, person: null, address: null };
async function process(config: object, withoutRedis: 'open' | 'closed' = 'open') {
  const redis = connectRedis({ url: proxy.url, name: 'test', logger });
  const registry = new Registry();
  const limits = createRateLimits({
    ...{ config: rateLimitsShape.parse({ ...nothing, ...config }), redis, withoutRedis },
    ...{ namespace: environment.namespace, logger, registry },
  });
  opened.push({ limits, redis });
  await eventually(() => redis.status === 'ready');
  const metric = async (name: string) => {
    const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.reduce((sum, { value }) => sum + value, 0);
  };
  return { limits, metric };
}

let people = 0;
/** Somebody of whom Redis knows nothing yet. */
const somebody = (given: { tenantId?: string; subject?: string } = {}) => {
  people += 1;
  const viewer = testViewer({ subject: `per_${people}`, tenantId: `ten_${people}`, ...given });
  return { viewer, ipAddress: undefined };
};
const codeOf = async (limits: RateLimits, caller: ReturnType<typeof somebody>) =>
  (await limits.enter(caller)).refusal?.code ?? 'admitted';

describe('a rate limit', () => {
  const person = { operations: 40, seconds: 3_600 };

  it('lets as many through as it says, and tells the next one when to come back', async () => {
    const { limits } = await process({ person });
    const caller = somebody();
    const codes = await Promise.all(Array.from({ length: 50 }, () => codeOf(limits, caller)));
    expect(codes.filter((code) => code === 'admitted')).toHaveLength(40);
    const { refusal, fields } = await limits.enter(caller);
    // One of forty in an hour comes back every 90 s.
    expect(refusal?.extensions).toMatchObject({ code: 'RATE_LIMITED', limit: 'person-operations' });
    expect(refusal?.extensions.retryAfterSeconds).toBeGreaterThan(85);
    expect(refusal?.extensions.retryAfterSeconds).toBeLessThanOrEqual(90);
    expect(fields()).toEqual({
      'ratelimit-policy': '"person-operations";q=40;w=3600',
      ratelimit: `"person-operations";r=0;t=${refusal?.extensions.retryAfterSeconds}`,
    });
  });

  it('holds over all processes, but for a twentieth in each of the others', async () => {
    const all = await Promise.all([process({ person }), process({ person }), process({ person })]);
    const caller = somebody();
    const codes = await Promise.all(
      Array.from({ length: 240 }, (_, turn) => codeOf(all[turn % 3]?.limits as RateLimits, caller)), // three are there
    );
    const admitted = codes.filter((code) => code === 'admitted').length;
    expect(admitted).toBeGreaterThanOrEqual(40);
    expect(admitted).toBeLessThanOrEqual(40 + 2 * 2);
  });

  it('of one is not the limit of another', async () => {
    const { limits } = await process({ person: { operations: 1, seconds: 3_600 } });
    const [one, other] = [somebody(), somebody()];
    expect(await codeOf(limits, one)).toBe('admitted');
    expect(await codeOf(limits, one)).toBe('RATE_LIMITED');
    expect(await codeOf(limits, other)).toBe('admitted');
  });

  it('of a tenant counts all its people, and takes nothing of what a refused one has', async () => {
    const config = { tenant: { operations: 3, seconds: 3_600 }, person: { operations: 2, seconds: 3_600 } };
    const { limits } = await process(config);
    const tenantId = 'ten_shared';
    const [one, other] = [somebody({ tenantId }), somebody({ tenantId })];
    const codes: string[] = [];
    for (const caller of [one, one, one, other, other]) codes.push(await codeOf(limits, caller));
    // The third was refused by its person's limit and took nothing of the tenant's.
    expect(codes).toEqual(['admitted', 'admitted', 'RATE_LIMITED', 'admitted', 'RATE_LIMITED']);
    expect((await limits.enter(other)).refusal?.extensions.limit).toBe('tenant-operations');
  });

  it('answers without waiting once a caller is known', async () => {
    const { limits } = await process({ person: { operations: 1_000, seconds: 60 } });
    const caller = somebody();
    await limits.enter(caller);
    for (let turn = 0; turn < 40; turn += 1) expect(limits.enter(caller)).not.toBeInstanceOf(Promise);
  });

  it('becomes whole again with time', async () => {
    const { limits } = await process({ person: { operations: 2, seconds: 1 } });
    const caller = somebody();
    expect(await codeOf(limits, caller)).toBe('admitted');
    expect(await codeOf(limits, caller)).toBe('admitted');
    expect(await codeOf(limits, caller)).toBe('RATE_LIMITED');
    await eventually(async () => (await codeOf(limits, caller)) === 'admitted');
  });
});

describe('a limit of cost', () => {
  const person = { cost: 100, seconds: 3_600 };

  it('is charged by the estimate, and put right by what an operation did cost', async () => {
    const { limits } = await process({ person });
    const caller = somebody();
    const first = await limits.enter(caller);
    first.charge(90);
    const second = await limits.enter(caller);
    expect(() => second.charge(20)).toThrow(/"person-cost" is used up/);
    expect(second.fields()?.ratelimit).toMatch(/^"person-cost";r=10;t=3[56]\d$/);
    first.settle(10);
    expect(() => second.charge(20)).not.toThrow();
    expect(second.fields()?.ratelimit).toMatch(/^"person-cost";r=70;/);
  });

  it('refuses all while more was spent than there was, in every process', async () => {
    const [one, other] = await Promise.all([process({ person }), process({ person })]);
    const caller = somebody();
    const admission = await one.limits.enter(caller);
    admission.charge(60);
    admission.settle(150);
    await one.limits.stop();
    expect(await codeOf(one.limits, caller)).toBe('RATE_LIMITED');
    expect(await codeOf(other.limits, caller)).toBe('RATE_LIMITED');
  });

  it('lets what is larger than itself through when it is whole', async () => {
    const { limits } = await process({ person });
    const caller = somebody();
    (await limits.enter(caller)).charge(130);
    expect(await codeOf(limits, caller)).toBe('RATE_LIMITED');
  });
});

describe('while Redis is away', () => {
  const person = { operations: 5, seconds: 3_600 };

  it('a process counts for itself where that is allowed, says so, and shares again afterwards', async () => {
    const { limits, metric } = await process({ person });
    expect(await metric('gateway_rate_limits_shared')).toBe(1);
    await proxy.cut();
    const caller = somebody();
    const codes: string[] = [];
    for (let turn = 0; turn < 6; turn += 1) codes.push(await codeOf(limits, caller));
    expect(codes).toEqual([...Array(5).fill('admitted'), 'RATE_LIMITED']);
    expect(await metric('gateway_rate_limits_shared')).toBe(0);
    expect(await metric('gateway_rate_limits_unshared_total')).toBe(5);
    await proxy.restore();
    await eventually(async () => (await metric('gateway_rate_limits_shared')) === 1);
  });

  it('nobody is let through where nothing may go uncounted', async () => {
    const { limits, metric } = await process({ person }, 'closed');
    const caller = somebody();
    expect(await codeOf(limits, caller)).toBe('admitted');
    await proxy.cut();
    await eventually(async () => (await codeOf(limits, caller)) === 'SERVICE_UNAVAILABLE');
    expect(await codeOf(limits, somebody())).toBe('SERVICE_UNAVAILABLE');
    await proxy.restore();
    await eventually(async () => (await metric('gateway_rate_limits_shared')) === 1);
    expect(await codeOf(limits, somebody())).toBe('admitted');
  });

  it('a Redis that has gone silent holds up a request for a moment, and the following ones not at all', async () => {
    const { limits } = await process({ person: { operations: 1_000, seconds: 60 } });
    proxy.freeze();
    try {
      const startedAt = performance.now();
      expect(await codeOf(limits, somebody())).toBe('admitted');
      expect(performance.now() - startedAt).toBeLessThan(1_500);
      expect(limits.enter(somebody())).not.toBeInstanceOf(Promise);
    } finally {
      proxy.thaw();
    }
  });

  it('a quota remembers what was spent, and tells it afterwards', async () => {
    const tenantDay = { operations: 10 };
    const [one, other] = await Promise.all([process({ tenantDay }), process({ tenantDay })]);
    const caller = somebody();
    expect(await codeOf(one.limits, caller)).toBe('admitted');
    await proxy.cut();
    for (let turn = 0; turn < 9; turn += 1) expect(await codeOf(one.limits, caller)).toBe('admitted');
    await proxy.restore();
    await eventually(async () => (await one.metric('gateway_rate_limits_shared')) === 1);
    expect(await codeOf(other.limits, caller)).toBe('RATE_LIMITED');
  });
});
