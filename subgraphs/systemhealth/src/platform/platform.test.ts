import { afterEach, describe, expect, it } from '@jest/globals';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { config, type PlatformTarget } from '../config.ts';
import { operatorOf, sumOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { startTarget, type Target } from '../testing/target.ts';

let target: Target | null = null;
let platform: TestPlatform | null = null;
afterEach(async () => {
  await platform?.stop();
  await target?.stop();
  platform = null;
  target = null;
});

async function started(names: readonly string[], extra: Record<string, string> = {}) {
  target = await startTarget();
  platform = await testPlatform(partsOf(target, names), extra);
  return { target, platform };
}

function partsOf({ url }: Target, names: readonly string[]): PlatformTarget[] {
  return names.map((slug) => ({ slug, name: slug.toUpperCase(), kind: 'HTTP', url: `${url}/${slug}` }));
}

const query = '{ services(first: 100) { nodes { id name checks { id name status } } } }';

describe("a new tenant's view of the platform", () => {
  it('is one service with one check for each part, however often the news arrives', async () => {
    const { platform } = await started(['gateway', 'edge']);
    const copy = await platform.start();
    await platform.createTenant(copy, 'ten_a');
    const before = await platform.execute(copy, { query, viewer: operatorOf('ten_a') });
    expect(before.data.services.nodes.map(({ name }: { name: string }) => name).sort()).toEqual([
      'EDGE',
      'GATEWAY',
    ]);

    // Another event of the same fact is no redelivery: the inbox lets it through.
    await platform.createTenant(copy, 'ten_a');
    await platform.createTenant(copy, 'ten_b');
    const after = await platform.execute(copy, { query, viewer: operatorOf('ten_a') });
    const idsOf = (nodes: Array<{ id: string; checks: Array<{ id: string }> }>) =>
      nodes.map(({ id, checks }) => [id, ...checks.map((check) => check.id)]);
    expect(idsOf(after.data.services.nodes)).toEqual(idsOf(before.data.services.nodes));
  });

  it('is taken back when it is asked to, and not made again by a request from before', async () => {
    const { platform } = await started(['gateway']);
    const copy = await platform.start();
    await platform.createTenant(copy, 'ten_a');
    const ask = (action: 'provision' | 'compensate', sequence: number) =>
      copy.service.events.publish('tenancy.step.requested.v1', {
        tenantId: 'ten_a',
        data: {
          ...{ tenantId: 'ten_a', slug: 'a', name: 'A', action, sequence },
          ...{ subgraph: 'systemhealth', step: 'default-checks' },
        },
      });
    const services = async () => {
      const { data } = await platform.execute(copy, { query, viewer: operatorOf('ten_a') });
      return data.services.nodes.length;
    };
    await ask('compensate', 3);
    await eventually(async () => (await services()) === 0);
    // As out of a retry queue, or of the dead letters.
    await ask('provision', 2);
    const inbox = copy.service.connection.collection('inbox');
    await eventually(async () => (await inbox.countDocuments({ type: 'tenancy.step.requested.v1' })) === 3);
    expect(await services()).toBe(0);
    await ask('provision', 4);
    await eventually(async () => (await services()) === 1);
  });

  it('asks each part once for all tenants that are due together', async () => {
    const { platform, target } = await started(['gateway']);
    const copy = await platform.start({ PLATFORM_INTERVAL_MS: '400' });
    for (const tenantId of ['ten_a', 'ten_b', 'ten_c']) await platform.createTenant(copy, tenantId);
    const runsBefore = await sumOf(copy, 'systemhealth_runs_total');
    const askedBefore = target.seen.requests;
    await eventually(async () => (await sumOf(copy, 'systemhealth_runs_total')) >= runsBefore + 15);
    const runs = (await sumOf(copy, 'systemhealth_runs_total')) - runsBefore;
    expect(target.seen.requests - askedBefore).toBeLessThanOrEqual(runs / 2);
    expect(await sumOf(copy, 'systemhealth_platform_up')).toBe(1);
  });
});

describe('a change of the platform between two starts', () => {
  it('adds the new part for known tenants, renames, and follows a part that moved', async () => {
    const { platform, target } = await started(['gateway']);
    const first = await platform.start();
    await platform.createTenant(first, 'ten_a');
    await first.stop();

    const elsewhere = await startTarget();
    const moved = [
      { slug: 'gateway', name: 'The gateway', kind: 'HTTP', url: `${elsewhere.url}/gateway` },
      { slug: 'edge', name: 'Edge', kind: 'HTTP', url: `${elsewhere.url}/edge` },
    ];
    const asked = target.seen.requests;
    const env = { PLATFORM_TARGETS: JSON.stringify(moved) };
    const [second] = await Promise.all([platform.start(env), platform.start(env)]);
    await eventually(async () => {
      const { data } = await platform.execute(second, { query, viewer: operatorOf('ten_a') });
      const found = data.services.nodes.map(
        (service: { name: string; checks: Array<{ status: string }> }) => [
          service.name,
          service.checks.map(({ status }) => status),
        ],
      );
      expect(found).toEqual([
        ['The gateway', ['UP']],
        ['Edge', ['UP']],
      ]);
    });
    expect(target.seen.requests).toBe(asked);
    await elsewhere.stop();
  });

  it('leaves a part that is gone unasked: its status becomes UNKNOWN and is told', async () => {
    const { platform } = await started(['gateway']);
    const first = await platform.start();
    await platform.createTenant(first, 'ten_a');
    await eventually(async () => (await sumOf(first, 'systemhealth_runs_total')) > 1);
    await first.stop();
    const second = await platform.start({ PLATFORM_TARGETS: '[]' });
    // As if several intervals had passed; in truth that is 15 s at least.
    await acrossTenants('arranging a test', () =>
      second.service.models.Check.updateMany(
        {},
        { $set: { missingAt: new Date(Date.now() - 1), 'latestResult.at': new Date(Date.now() - 20_000) } },
      ),
    );
    const watch = await platform.watch(second, { viewer: operatorOf('ten_a') });
    expect(await watch.next()).toMatchObject({
      previousStatus: 'UP',
      status: 'UNKNOWN',
      message: 'no result for several intervals',
    });
    const { data } = await platform.execute(second, { query, viewer: operatorOf('ten_a') });
    expect(data.services.nodes[0].checks[0].status).toBe('UNKNOWN');
  });
});

describe('the environment', () => {
  const read = (targets: unknown) => config.shape.PLATFORM_TARGETS.safeParse(JSON.stringify(targets));
  const gateway = { slug: 'gateway', name: 'Gateway', kind: 'HTTP', url: 'http://127.0.0.1:1/' };

  it('may name no part twice and no URL of another kind', () => {
    expect(read([gateway]).success).toBe(true);
    expect(read([gateway, gateway]).success).toBe(false);
    expect(read([{ ...gateway, url: 'redis://127.0.0.1:1' }]).success).toBe(false);
    expect(read([{ ...gateway, kind: 'PING' }]).success).toBe(false);
  });

  it('names networks as address and bits', () => {
    const networks = (value: unknown) =>
      config.shape.TENANT_TARGET_NETWORKS.safeParse(JSON.stringify(value)).success;
    expect(networks(['10.1.0.0/16', 'fd00::/8'])).toBe(true);
    for (const wrong of ['10.1.0.0', '10.1.0.0/33', 'example.com/8', '10.0.0.0/8/8', 'fd00::/129']) {
      expect(networks([wrong])).toBe(false);
    }
  });

  it('never shows a URL of a part, which may hold a password', async () => {
    const { platform } = await started(['gateway']);
    const copy = await platform.start();
    await platform.createTenant(copy, 'ten_a');
    const stored = await acrossTenants('looking in a test', () => copy.service.models.Check.find().lean());
    expect(JSON.stringify(stored)).not.toContain('http://');
  });
});
