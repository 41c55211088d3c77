// Opens subscribers by WebSocket on behalf of a benchmark and notes when frames come, in a process of its own: reading
// 100,000 frames a second is work too.
import { z } from 'zod';
import { openRawWebSocket } from './raw-web-socket.ts';

const wishShape = z.discriminatedUnion('wish', [
  z.object({
    wish: z.literal('open'),
    url: z.string(),
    query: z.string(),
    /** One for each subscriber. */
    tokens: z.array(z.string()),
    /** Opened at once. */
    batch: z.number(),
  }),
  /** How many frames carry this mark so far. */
  z.object({ wish: z.literal('count'), mark: z.string() }),
  /** From each mark's time to each of its frames. */
  z.object({ wish: z.literal('latencies'), since: z.array(z.object({ mark: z.string(), at: z.number() })) }),
]);
export type SubscribersWish = z.infer<typeof wishShape>;

export const countShape = z.object({ count: z.number() });
export const latenciesShape = z.object({
  frames: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  longestMs: z.number(),
});

/** Milliseconds on a clock that all processes of this machine share. */
export function sharedNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Frames are searched for what stands behind this, not parsed: at this rate that would be most of the work. */
const before = '"message":"';
const seen = new Map<string, Times>();

/** When each frame with a mark came. */
interface Times {
  at: Float64Array;
  count: number;
}
let subscribers = 0;

function note(frame: Buffer): void {
  const at = sharedNow();
  const start = frame.indexOf(before, 0, 'latin1');
  if (start < 0) return;
  const mark = frame.toString(
    'latin1',
    start + before.length,
    frame.indexOf('"', start + before.length, 'latin1'),
  );
  let times = seen.get(mark);
  if (times === undefined) {
    times = { at: new Float64Array(subscribers), count: 0 };
    seen.set(mark, times);
  }
  times.at[times.count] = at;
  times.count += 1;
}

/** Resolves when its subscription has been sent. */
function subscribe({ url, query, token }: { url: string; query: string; token: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    let send: (message: object) => void = () => undefined;
    openRawWebSocket({
      url: new URL(url),
      protocol: 'graphql-transport-ws',
      opened(socket) {
        send = (message) => socket.send(JSON.stringify(message));
        send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      },
      message(bytes) {
        if (bytes.includes('"type":"next"', 0, 'latin1')) note(bytes);
        else if (bytes.includes('"type":"ping"')) send({ type: 'pong' });
        else if (bytes.includes('"connection_ack"')) {
          send({ id: '1', type: 'subscribe', payload: { query } });
          resolve();
        }
      },
      closed(reason) {
        reject(new Error(`a subscriber was closed: ${reason}`));
        process.exitCode = 1;
      },
    });
  });
}

async function grant(wish: SubscribersWish): Promise<unknown> {
  switch (wish.wish) {
    case 'open': {
      const { url, query, tokens, batch } = wish;
      subscribers += tokens.length;
      for (let opened = 0; opened < tokens.length; opened += batch)
        await Promise.all(
          tokens.slice(opened, opened + batch).map((token) => subscribe({ url, query, token })),
        );
      return {};
    }
    case 'count':
      return { count: seen.get(wish.mark)?.count ?? 0 };
    case 'latencies': {
      const all = wish.since.flatMap(({ mark, at }) => {
        const times = seen.get(mark);
        return times === undefined ? [] : [...times.at.subarray(0, times.count)].map((time) => time - at);
      });
      const sorted = Float64Array.from(all).sort();
      const quantile = (part: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
      return { frames: all.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99), longestMs: quantile(1) };
    }
  }
}

if (process.send !== undefined) {
  process.on('message', async (message) => process.send?.(await grant(wishShape.parse(message))));
  process.on('disconnect', () => process.exit(0));
}
