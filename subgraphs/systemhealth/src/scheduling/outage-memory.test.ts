import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { Registry } from 'prom-client';
import { evaluateAll, unobserved } from '../checks/rules.ts';
import { type PlatformProbes, platformProbes } from '../platform/probes.ts';
import { startTarget, type Target } from '../testing/target.ts';
import { schedulingMetrics } from './metrics.ts';
import { type Outage, outageMemory } from './outage.ts';

const policy = { downAfterMs: 1_200, upAfterMs: 0, missingAfterMs: 180_000 };
let target: Target;
let probes: PlatformProbes;
let outage: Outage;

beforeEach(async () => {
  target = await startTarget();
  probes = platformProbes({
    targets: [{ slug: 'web', name: 'Web', kind: 'HTTP', url: target.url }],
    namespace: 'test',
    timeoutMs: 1_000,
    sharedForMs: 30_000,
    now: Date.now,
    abandoned: new AbortController().signal,
    metrics: schedulingMetrics(new Registry()),
  });
  // So long that only what is brought forward happens within a test.
  outage = outageMemory({ probes, intervalMs: 60_000, policy, now: Date.now });
});
afterEach(async () => {
  await outage.stop();
  await probes.close();
  await target.stop();
});

const remembered = () => outage.between('web', 0, Number.POSITIVE_INFINITY);

describe('what is remembered while MongoDB is away', () => {
  it('settles DOWN as soon as it may, however long the interval is', async () => {
    await target.stop();
    outage.begin();
    const observations = await eventually(() => remembered().length >= 2 && remembered());
    const up = { ...unobserved(0), status: 'UP' as const };
    expect(evaluateAll(up, observations, policy).changes).toMatchObject([{ status: 'DOWN' }]);
  });

  it('begins with a look of its own, not with what was seen before', async () => {
    expect(await probes.observe('web', 0)).toMatchObject({ isSuccess: true });
    await target.stop();
    outage.begin();
    const [first] = await eventually(() => remembered().length > 0 && remembered());
    expect(first).toMatchObject({ isSuccess: false });
  });
});
