// Opens subscribers by WebSocket on behalf of a benchmark and notes when frames come, in a process of its own: reading
// 100,000 frames a second is work too. Speaks the protocol itself: a client library would be measured.
import { WebSocket } from 'ws';
import { z } from 'zod';

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
const seen = new Map<string, number[]>();

function note(frame: string): void {
  const at = sharedNow();
  const start = frame.indexOf(before);
  if (start < 0) return;
  const mark = frame.slice(start + before.length, frame.indexOf('"', start + before.length));
  const times = seen.get(mark);
  if (times === undefined) seen.set(mark, [at]);
  else times.push(at);
}

/** Resolves when its subscription has been sent. */
function subscribe({ url, query, token }: { url: string; query: string; token: string }): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) => {
      reject(new Error(`a subscriber was closed: ${code} ${reason}`));
      process.exitCode = 1;
    });
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    socket.on('message', (data) => {
      const frame = String(data);
      if (frame.startsWith('{"id"') || frame.includes('"type":"next"')) note(frame);
      else if (frame.includes('"type":"ping"')) socket.send('{"type":"pong"}');
      else if (frame.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        resolve();
      }
    });
  });
}

async function grant(wish: SubscribersWish): Promise<unknown> {
  switch (wish.wish) {
    case 'open': {
      const { url, query, tokens, batch } = wish;
      for (let opened = 0; opened < tokens.length; opened += batch)
        await Promise.all(
          tokens.slice(opened, opened + batch).map((token) => subscribe({ url, query, token })),
        );
      return {};
    }
    case 'count':
      return { count: seen.get(wish.mark)?.length ?? 0 };
    case 'latencies': {
      const all = wish.since.flatMap(({ mark, at }) => (seen.get(mark) ?? []).map((time) => time - at));
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
