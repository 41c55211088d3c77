// Counting uses of fields, told to a real Redis.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { type TestEnvironment, testEnvironment } from '@supergraph/chassis/testing';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createFieldUsage } from './fieldUsage.ts';
import { createFieldUses, type FieldUses } from './fieldUses.ts';

const logger = createLogger({ service: 'test', level: 'silent' });
let environment: TestEnvironment;
let redis: Redis;
let uses: FieldUses;
let registry: Registry;
beforeAll(async () => {
  environment = await testEnvironment({ service: 'gateway' });
  redis = environment.redis();
});
afterAll(() => environment?.dispose());

let tests = 0;
function usageOf(options: { maximumUntold?: number; add?: FieldUses['add'] } = {}) {
  tests += 1;
  uses = createFieldUses(redis, { namespace: `${environment.namespace}:${tests}` });
  registry = new Registry();
  const { maximumUntold = 1_000, add = uses.add } = options;
  return createFieldUsage({ uses: { add }, registry, logger, tellMs: 3_600_000, maximumUntold });
}
const used = (...all: string[]) => ({ all, deprecated: all.filter((name) => name.endsWith('old')) });
const today = new Date().toISOString().slice(0, 10);

describe('uses of fields', () => {
  it('add up over operations and gateways, by client', async () => {
    const one = usageOf();
    const list = one.of(used('Query.a', 'Query.b'));
    for (const client of ['web', 'web', 'job']) list.count(client);
    one.of(used('Query.a')).count('job');
    await one.tell();
    list.count('web');
    await one.stop();
    expect(await uses.of('Query.a', { days: 30 })).toEqual([
      { client: 'web', uses: 3, lastDay: today },
      { client: 'job', uses: 2, lastDay: today },
    ]);
    expect(await uses.of('Query.b', { days: 1 })).toEqual([
      { client: 'web', uses: 3, lastDay: today },
      { client: 'job', uses: 1, lastDay: today },
    ]);
    expect(await uses.of('Query.never', { days: 30 })).toEqual([]);
  });

  it('are kept for later while Redis is away', async () => {
    let isAway = true;
    const usage = usageOf({
      add: (told) => (isAway ? Promise.reject(new Error('away')) : uses.add(told)),
    });
    const operation = usage.of(used('Query.a'));
    operation.count('web');
    await usage.tell();
    isAway = false;
    operation.count('web');
    await usage.stop();
    expect(await uses.of('Query.a', { days: 1 })).toMatchObject([{ client: 'web', uses: 2 }]);
  });

  it('lose nothing when more operations come than are kept apart', async () => {
    const usage = usageOf({ maximumUntold: 2 });
    const operations = Array.from({ length: 10 }, () => usage.of(used('Query.a')));
    for (const operation of [...operations, ...operations]) operation.count('web');
    await usage.stop();
    expect(await uses.of('Query.a', { days: 1 })).toMatchObject([{ client: 'web', uses: 20 }]);
  });

  it('are metrics too where the field is deprecated', async () => {
    const usage = usageOf();
    usage.of(used('Query.a', 'Query.old')).count('web');
    await usage.stop();
    const text = await registry.getSingleMetricAsString('gateway_deprecated_fields_used_total');
    expect(text).toMatch(/\{coordinate="Query.old",client="web"\} 1$/m);
    expect(text).not.toMatch(/Query\.a/);
  });
});
