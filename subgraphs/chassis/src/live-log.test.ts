// Topics that keep a log: what was missed is told later, once and in its order, and what cannot be is said to be lost.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { type Live, type LiveLogLimits, openLive } from './live.ts';
import { type BookmarkNews, LiveBookmark } from './live-bookmark.ts';
import { compareCursors, isCursor } from './live-cursor.ts';
import type { LiveIterator } from './live-iterator.ts';
import { appendToLog } from './live-log.ts';
import { inTenant } from './tenancy.ts';
import { backingUrl, newNamespace, recordLog } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';
import { startInterruptibleProxy } from './testing/interruptible-proxy.ts';

interface Tick {
  n: number;
}

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

interface Given extends Partial<Parameters<typeof openLive>[0]> {
  log?: Partial<LiveLogLimits>;
}

function open({ log = {}, ...options }: Given = {}): Live {
  const live = openLive({
    url: backingUrl('REDIS_URL'),
    namespace: newNamespace(),
    service: 'notes',
    logger: recordLog().logger,
    metrics: new Registry(),
    logs: { ticks: log },
    ...options,
  });
  toClose.push(() => live.close());
  return live;
}

const as = <T>(work: () => Promise<T>, tenantId = 'ten_a') => inTenant(tenantId, work);
const publish = (live: Live, n: number) => eventually(() => live.publish('ticks', { n }).then(() => true));

interface Followed {
  ticks: LiveIterator<Tick>;
  bookmark: LiveBookmark;
}

async function follow(live: Live, after?: string): Promise<Followed> {
  const bookmark = new LiveBookmark(after);
  const ticks = live.subscribe<Tick>('ticks', { bookmark });
  await ticks.ready;
  return { ticks, bookmark };
}

async function read({ ticks }: Followed, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) seen.push((await ticks.next()).value?.n ?? Number.NaN);
  return seen;
}

function newsOf({ bookmark }: Followed): BookmarkNews[] {
  const news: BookmarkNews[] = [];
  for (let next = bookmark.take(); next !== undefined; next = bookmark.take()) news.push(next);
  return news;
}

describe('a topic with a log', () => {
  it('tells who was away what they missed, each message once, and then what happens', async () => {
    const live = open();
    await as(async () => {
      const first = await follow(live);
      for (const n of [1, 2, 3, 4]) await publish(live, n);
      expect(await read(first, 2)).toEqual([1, 2]);
      const second = await follow(live, first.bookmark.cursor);
      expect(await read(second, 2)).toEqual([3, 4]);
      await publish(live, 5);
      expect(await read(second, 1)).toEqual([5]);
      expect(await read(first, 3)).toEqual([3, 4, 5]);
      expect(second.bookmark.cursor).toBe(first.bookmark.cursor);
      expect(newsOf(second)).toEqual([{ cursor: expect.any(String), isLive: true }]);
    });
  });

  it('tells where it stands before anything has happened, and goes on from there', async () => {
    const live = open();
    await as(async () => {
      const first = await follow(live);
      const waiting = first.ticks.next();
      await first.bookmark.hasNews();
      const [begin] = newsOf(first);
      expect(begin).toEqual({ cursor: '0-0', isLive: true });
      await first.ticks.return?.();
      await waiting;
      await publish(live, 1);
      expect(await read(await follow(live, begin?.cursor), 1)).toEqual([1]);
    });
  });

  it('says that something was lost when its log does not reach back, and tells the rest', async () => {
    const live = open({ log: { most: 1 } });
    await as(async () => {
      const first = await follow(live);
      await publish(live, 0);
      await read(first, 1);
      // Redis drops whole nodes of a stream, of a hundred entries.
      for (let n = 1; n <= 250; n++) await live.publish('ticks', { n });
      const second = await follow(live, first.bookmark.cursor);
      const [n = 0] = await read(second, 1);
      expect(n).toBeGreaterThan(1);
      expect(newsOf(second)).toEqual([{ cursor: expect.any(String), hasGap: true }]);
      expect(await read(second, 250 - n)).toEqual(Array.from({ length: 250 - n }, (_, k) => n + 1 + k));
    });
  });

  it('says so, too, when all of the log has expired', async () => {
    const namespace = newNamespace();
    const live = open({ namespace, log: { forMs: 20 } });
    const redis = new Redis(backingUrl('REDIS_URL'));
    toClose.push(() => redis.quit());
    const toldFirst = async (after: string | undefined) => {
      const followed = await follow(live, after);
      const waiting = followed.ticks.next();
      await followed.bookmark.hasNews();
      await followed.ticks.return?.();
      await waiting;
      return newsOf(followed)[0];
    };
    await as(async () => {
      const first = await follow(live);
      for (const n of [1, 2]) await publish(live, n);
      await read(first, 1);
      const early = first.bookmark.cursor;
      await read(first, 1);
      const latest = first.bookmark.cursor;
      const log = `${namespace}:live:ten_a:notes.ticks:log`;
      await eventually(async () => (await redis.exists(log)) === 0);
      expect(await toldFirst(early)).toEqual({ cursor: latest, hasGap: true });
      expect(await toldFirst(latest)).toEqual({ cursor: latest, isLive: true });
    });
  });

  it('loses nothing of what is pushed while a reader is slow', async () => {
    const live = open({ bufferSize: 4 });
    await as(async () => {
      const slow = await follow(live);
      for (let n = 1; n <= 50; n++) await publish(live, n);
      expect(await read(slow, 50)).toEqual(Array.from({ length: 50 }, (_, k) => k + 1));
    });
  });

  it('tells after an outage of Redis what others pushed meanwhile', async () => {
    const proxy = await startInterruptibleProxy(backingUrl('REDIS_URL'));
    toClose.push(() => proxy.stop());
    const namespace = newNamespace();
    const [cutOff, other] = [open({ url: proxy.url, namespace }), open({ namespace })];
    await as(async () => {
      const ticks = await follow(cutOff);
      await publish(other, 1);
      expect(await read(ticks, 1)).toEqual([1]);
      await proxy.cut();
      for (const n of [2, 3]) await publish(other, n);
      await proxy.restore();
      expect(await read(ticks, 2)).toEqual([2, 3]);
      await publish(other, 4);
      expect(await read(ticks, 1)).toEqual([4]);
    });
  });

  it('holds a push once that is repeated because its first attempt was not answered', async () => {
    const namespace = newNamespace();
    const live = open({ namespace });
    const redis = new Redis(backingUrl('REDIS_URL'));
    toClose.push(() => redis.quit());
    await as(async () => {
      const ticks = await follow(live);
      const channel = `${namespace}:live:ten_a:notes.ticks`;
      const said = (n: number) => ({ text: `{"n":${n}}`, key: `a-${n}` });
      const [one, two, three] = [said(1), said(2), said(3)];
      const to = { channel, limits: { most: 10, forMs: 10_000 } };
      const cursors = await appendToLog(redis, { ...to, pushes: [one, two], isRepeated: false });
      expect(await appendToLog(redis, { ...to, pushes: [two, one], isRepeated: true })).toEqual(
        cursors.toReversed(),
      );
      await appendToLog(redis, { ...to, pushes: [one, three], isRepeated: true });
      expect(await read(ticks, 3)).toEqual([1, 2, 3]);
    });
  });

  it('takes what is pushed in one breath together, in its order', async () => {
    const live = open();
    await as(async () => {
      const ticks = await follow(live);
      const numbers = Array.from({ length: 250 }, (_, n) => n);
      await Promise.all(numbers.map((n) => live.publish('ticks', { n })));
      expect(await read(ticks, 250)).toEqual(numbers);
    });
  });

  it('of one tenant goes on for nobody of another, whatever place they name', async () => {
    const live = open();
    const cursor = await as(async () => {
      const mine = await follow(live);
      await publish(live, 1);
      await read(mine, 1);
      return mine.bookmark.cursor ?? '';
    });
    await as(async () => {
      const theirs = await follow(live, '0-1');
      const more = await follow(live, cursor);
      await publish(live, 7);
      expect(await read(theirs, 1)).toEqual([7]);
      expect(await read(more, 1)).toEqual([7]);
    }, 'ten_b');
  });
});

describe('a cursor', () => {
  it('is compared by its numbers', () => {
    expect(compareCursors('9-1', '10-0')).toBeLessThan(0);
    expect(compareCursors('10-2', '10-10')).toBeLessThan(0);
    expect(compareCursors('10-2', '10-2')).toBe(0);
  });

  it.each(['', '1', '1-', '-1', '1-1-1', '(1-1', '+', '$', '9999999999999999-0', 1, null])(
    'is not %p',
    (value) => {
      expect(isCursor(value)).toBe(false);
    },
  );
});
