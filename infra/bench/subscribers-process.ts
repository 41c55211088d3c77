// Opens subscribers by WebSocket on behalf of a benchmark and notes when frames come, in a process of its own: reading
// 100,000 frames a second is work too.
import { sharedNow } from './changes.ts';
import { openRawWebSocket } from './raw-web-socket.ts';
import { quantile } from './rounds.ts';
import { type SubscribersWish, subscribersWishShape } from './subscribers-wishes.ts';

/** Frames are searched for what stands behind this, not parsed: at this rate that would be most of the work. */
let beforeMark = '';
const [comma, brace] = Buffer.from(',}');
const seen = new Map<string, Times>();

/** When each frame with a mark came. */
interface Times {
  at: Float64Array;
  count: number;
  /** The first frame, where an event came with errors; the others are the same. */
  failed: string | undefined;
}
let subscribers = 0;

function note(frame: Buffer): void {
  const at = sharedNow();
  const found = frame.indexOf(beforeMark, 0, 'latin1');
  if (found < 0) return;
  const start = found + beforeMark.length;
  let end = start;
  while (end < frame.length && frame[end] !== comma && frame[end] !== brace) end += 1;
  const mark = frame.toString('latin1', start, end);
  let times = seen.get(mark);
  if (times === undefined) {
    const failed = frame.includes('"errors":') ? frame.toString() : undefined;
    times = { at: new Float64Array(subscribers), count: 0, failed };
    seen.set(mark, times);
  }
  times.at[times.count] = at;
  times.count += 1;
}

/** Resolves when its subscription has been sent. */
function subscribe(given: { url: string; query: string; authorization: string }): Promise<void> {
  const { url, query, authorization } = given;
  return new Promise((resolve, reject) => {
    let send: (message: object) => void = () => undefined;
    openRawWebSocket({
      url: new URL(url),
      protocol: 'graphql-transport-ws',
      opened(socket) {
        send = (message) => socket.send(JSON.stringify(message));
        send({ type: 'connection_init', payload: { authorization } });
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
      const { url, query, markedBy, authorizations, batch } = wish;
      beforeMark = `"${markedBy}":`;
      subscribers += authorizations.length;
      for (let opened = 0; opened < authorizations.length; opened += batch)
        await Promise.all(
          authorizations
            .slice(opened, opened + batch)
            .map((authorization) => subscribe({ url, query, authorization })),
        );
      return {};
    }
    case 'count': {
      const times = seen.get(wish.mark);
      if (times?.failed !== undefined) return { problem: `An event came with errors: ${times.failed}` };
      return { count: times?.count ?? 0 };
    }
    case 'latencies': {
      const all = wish.since.flatMap(({ mark, at }) => {
        const times = seen.get(mark);
        return times === undefined ? [] : [...times.at.subarray(0, times.count)].map((time) => time - at);
      });
      const sorted = Float64Array.from(all).sort();
      const at = (part: number) => quantile(sorted, part);
      return { frames: all.length, p50Ms: at(0.5), p99Ms: at(0.99), longestMs: at(1) };
    }
  }
}

process.on('message', async (message) => process.send?.(await grant(subscribersWishShape.parse(message))));
process.on('disconnect', () => process.exit(0));
