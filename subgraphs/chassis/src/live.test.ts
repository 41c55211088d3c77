import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { type Live, LiveOverflowError, openLive } from './live.ts';
import { acrossTenants, inTenant, TenancyError } from './tenancy.ts';
import { backingUrl, newNamespace, type RecordedLog, recordLog } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';
import { startInterruptibleProxy } from './testing/interruptible-proxy.ts';

interface Tick {
  n: number;
}

describe('live topics', () => {
  const toClose: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
  });

  const open = (
    options: Partial<Parameters<typeof openLive>[0]> = {},
  ): Live & RecordedLog & { metrics: Registry } => {
    const log = recordLog();
    const metrics = new Registry();
    const live = openLive({
      url: backingUrl('REDIS_URL'),
      namespace: newNamespace(),
      service: 'systemhealth',
      logger: log.logger,
      metrics,
      ...options,
    });
    toClose.push(() => live.close());
    return { ...live, ...log, metrics };
  };
  const asA = <T>(work: () => Promise<T>) => inTenant('ten_a', work);
  const asB = <T>(work: () => Promise<T>) => inTenant('ten_b', work);
  const publish = (live: Live, n: number) => eventually(() => live.publish('ticks', { n }).then(() => true));
  const subscribe = async (live: Live, signal?: AbortSignal) => {
    const ticks = live.subscribe<Tick>('ticks', { signal });
    await ticks.ready;
    return ticks;
  };
  const inspect = () => {
    const redis = new Redis(backingUrl('REDIS_URL'));
    toClose.push(() => redis.quit());
    return redis;
  };

  it('reach every subscriber of the tenant, in order, and nobody of another', async () => {
    const namespace = newNamespace();
    const [here, there] = [open({ namespace }), open({ namespace })];
    const [first, second] = await asA(() => Promise.all([subscribe(here), subscribe(there)]));
    const foreign = await asB(() => subscribe(here));
    await asA(async () => {
      for (const n of [1, 2, 3]) await publish(here, n);
    });
    for (const ticks of [first, second]) {
      for (const n of [1, 2, 3]) expect((await ticks.next()).value).toEqual({ n });
    }
    await asB(() => publish(there, 9));
    expect((await foreign.next()).value).toEqual({ n: 9 });
  });

  it('are parsed once and share one Redis subscription per process', async () => {
    const namespace = newNamespace();
    const live = open({ namespace });
    const channel = `${namespace}:live:ten_a:systemhealth.ticks`;
    const iterators = await asA(() => Promise.all(Array.from({ length: 5 }, () => subscribe(live))));
    const redis = inspect();
    expect(await redis.pubsub('NUMSUB', channel)).toEqual([channel, 1]);
    expect(await live.metrics.getSingleMetricAsString('live_subscribers')).toContain('live_subscribers 5');
    await asA(() => publish(live, 1));
    const values = await Promise.all(iterators.map(async (ticks) => (await ticks.next()).value));
    expect(new Set(values).size).toBe(1);

    for (const ticks of iterators) await ticks.return?.();
    await eventually(async () => expect(await redis.pubsub('NUMSUB', channel)).toEqual([channel, 0]));
    const again = await asA(() => subscribe(live));
    await asA(() => publish(live, 2));
    expect((await again.next()).value).toEqual({ n: 2 });
  });

  it('end when returned, aborted, thrown into or closed', async () => {
    const live = open();
    const controller = new AbortController();
    await asA(async () => {
      const returned = await subscribe(live);
      const aborted = await subscribe(live, controller.signal);
      const thrown = await subscribe(live);
      const closed = await subscribe(live);
      const waiting = [returned, aborted, thrown, closed].map((ticks) => ticks.next());
      await returned.return?.();
      controller.abort();
      await expect(thrown.throw?.(new Error('stop it'))).rejects.toThrow('stop it');
      await live.close();
      expect(await Promise.all(waiting)).toEqual(Array(4).fill({ done: true, value: undefined }));
      expect(await closed.next()).toEqual({ done: true, value: undefined });
    });
  });

  it('never begin for a request that was aborted before', async () => {
    const live = open();
    const ticks = await asA(() => subscribe(live, AbortSignal.abort()));
    expect(await ticks.next()).toEqual({ done: true, value: undefined });
  });

  it('drop a subscriber that does not read, with an error, and nobody else', async () => {
    const live = open({ bufferSize: 3 });
    await asA(async () => {
      const [slow, quick] = [await subscribe(live), await subscribe(live)];
      for (const n of [1, 2, 3, 4]) {
        await publish(live, n);
        expect((await quick.next()).value).toEqual({ n });
      }
      await expect(slow.next()).rejects.toThrow(LiveOverflowError);
      expect(await slow.next()).toEqual({ done: true, value: undefined });
    });
  });

  const proxied = async () => {
    const proxy = await startInterruptibleProxy(backingUrl('REDIS_URL'));
    toClose.push(() => proxy.stop());
    return proxy;
  };
  const noticed = (live: RecordedLog, msg: string, connection: string) =>
    eventually(() => live.lines.some((line) => line.msg === msg && line.connection === connection));
  const lost = 'Redis is not reachable; reconnecting';
  const publishedBy = async (live: { metrics: Registry }) => {
    const counted = await live.metrics.getSingleMetric('live_published_total')?.get();
    return Object.fromEntries((counted?.values ?? []).map(({ labels, value }) => [labels.outcome, value]));
  };

  it('are kept while Redis is away, and told in their order with its return', async () => {
    const proxy = await proxied();
    const namespace = newNamespace();
    const live = open({ url: proxy.url, namespace });
    const other = open({ namespace });
    await asA(async () => {
      const ticks = await subscribe(live);
      await proxy.cut();
      await noticed(live, lost, 'systemhealth-live-publisher');
      const late = live.subscribe<Tick>('ticks');
      for (const n of [1, 2, 3]) await live.publish('ticks', { n });
      await proxy.restore();
      for (const n of [1, 2, 3]) {
        expect((await ticks.next()).value).toEqual({ n });
        expect((await late.next()).value).toEqual({ n });
      }
      await eventually(async () => expect(await publishedBy(live)).toEqual({ delayed: 3 }));
      await publish(other, 4);
      expect((await ticks.next()).value).toEqual({ n: 4 });
      expect((await late.next()).value).toEqual({ n: 4 });
      await publish(live, 5);
      expect((await ticks.next()).value).toEqual({ n: 5 });
      expect(await publishedBy(live)).toEqual({ delayed: 3, sent: 1 });
    });
  });

  it('reach a copy that finds Redis again a little later than the one that pushes', async () => {
    const [near, far] = [await proxied(), await proxied()];
    const namespace = newNamespace();
    const live = open({ url: near.url, namespace, settleMs: 4_000 });
    const slower = open({ url: far.url, namespace });
    await asA(async () => {
      const ticks = await subscribe(slower);
      await Promise.all([near.cut(), far.cut()]);
      await noticed(live, lost, 'systemhealth-live-publisher');
      await live.publish('ticks', { n: 1 });
      await near.restore();
      await noticed(live, 'Redis is back', 'systemhealth-live-publisher');
      // Pushed after the return and before the other listens again: it waits its turn too.
      await live.publish('ticks', { n: 2 });
      await far.restore();
      for (const n of [1, 2]) expect((await ticks.next()).value).toEqual({ n });
    });
  });

  it('are kept when Redis has gone silent, too', async () => {
    const proxy = await proxied();
    const namespace = newNamespace();
    const live = open({ url: proxy.url, namespace, commandTimeoutMs: 100, settleMs: 0 });
    const other = open({ namespace });
    await asA(async () => {
      const ticks = await subscribe(other);
      await publish(live, 1);
      proxy.freeze();
      await live.publish('ticks', { n: 2 });
      await proxy.cut();
      proxy.thaw();
      await proxy.restore();
      for (const n of [1, 2]) expect((await ticks.next()).value).toEqual({ n });
    });
  });

  it('that still wait at the close count as lost', async () => {
    const proxy = await proxied();
    const live = open({ url: proxy.url });
    await proxy.cut();
    await noticed(live, lost, 'systemhealth-live-publisher');
    await asA(() => live.publish('ticks', { n: 1 }));
    await live.close();
    expect(await publishedBy(live)).toEqual({ lost: 1 });
  });

  it('notice a connection that has gone silent', async () => {
    const proxy = await proxied();
    const namespace = newNamespace();
    const live = open({ url: proxy.url, namespace, heartbeatMs: 20, silenceMs: 100 });
    const other = open({ namespace });
    await asA(async () => {
      const ticks = await subscribe(live);
      proxy.freeze();
      const redis = inspect();
      const channel = `${namespace}:live:ten_a:systemhealth.ticks`;
      await eventually(() => live.lines.length > 0);
      await proxy.cut();
      proxy.thaw();
      await proxy.restore();
      await eventually(async () => expect(await redis.pubsub('NUMSUB', channel)).toEqual([channel, 1]));
      await publish(other, 1);
      expect((await ticks.next()).value).toEqual({ n: 1 });
    });
  });

  it('belong to a tenant: across tenants one is named to publish, and nobody subscribes', async () => {
    const live = open();
    expect(() => live.subscribe('ticks')).toThrow(TenancyError);
    await expect(live.publish('ticks', {})).rejects.toThrow(TenancyError);
    const ticks = await asA(() => subscribe(live));
    await acrossTenants('a test', async () => {
      expect(() => live.subscribe('ticks')).toThrow(TenancyError);
      await expect(live.publish('ticks', {})).rejects.toThrow(TenancyError);
      await eventually(() => live.publish('ticks', { n: 1 }, { tenantId: 'ten_a' }).then(() => true));
    });
    expect((await ticks.next()).value).toEqual({ n: 1 });
    await asA(() => expect(live.publish('ticks', {}, { tenantId: 'ten_b' })).rejects.toThrow(TenancyError));
  });

  it('drop what is no JSON object', async () => {
    const namespace = newNamespace();
    const live = open({ namespace });
    const ticks = await asA(() => subscribe(live));
    const redis = inspect();
    for (const text of ['no json', '1', 'null'])
      await redis.publish(`${namespace}:live:ten_a:systemhealth.ticks`, text);
    await asA(() => publish(live, 1));
    expect((await ticks.next()).value).toEqual({ n: 1 });
    expect(live.lines.filter(({ msg }) => msg === 'live message is not a JSON object; dropped')).toHaveLength(
      3,
    );
  });
});
