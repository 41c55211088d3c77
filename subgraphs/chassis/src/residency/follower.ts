// Keeps one copy of the program informed of the directory, and the directory of the copy: what it acts by, and that it
// lives. What a copy was not told for a while it does not act by any more, so that a move waits for no dead copy.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Directory } from './directory.ts';
import type { Placement } from './placement.ts';

export interface Follower {
  /** Reads the directory for the first time and goes on. */
  start(): Promise<void>;
  /** Reads what is new, now. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

const everyMs = 200;
const beatEveryMs = 2_000;
/** How long a copy acts by what it read. */
export const trustMs = 10_000;

export function createFollower(options: {
  directory: Directory;
  placement: Placement;
  logger: Logger;
}): Follower {
  const { directory, placement, logger } = options;
  const stopping = new AbortController();
  const id = randomUUID();
  let version = -1;
  let settled = -1;
  let draining: Promise<void> = Promise.resolve();
  let reported = { version: -2, beat: 0, at: Number.NEGATIVE_INFINITY };
  let reading: Promise<void> = Promise.resolve();
  let loop: Promise<void> = Promise.resolve();

  const report = async () => {
    const now = performance.now();
    if (reported.version === settled && now - reported.at < beatEveryMs) return;
    const next = { version: settled, beat: reported.beat + 1, at: now };
    await directory.report({ _id: id, version: next.version, beat: next.beat });
    reported = next;
  };

  const read = async () => {
    const askedAt = performance.now();
    const news = await directory.changedSince(version);
    if (news.version !== version) {
      placement.know(news.residences);
      version = news.version;
      // One after the other: a version is acted by when every earlier one is.
      const drained = placement.drained(news.residences);
      draining = draining
        .then(() => drained)
        .then(() => {
          settled = news.version;
        });
      await Promise.race([draining, pause(everyMs)]);
    }
    await report();
    placement.trustUntil(askedAt + trustMs);
  };

  const refresh = () => {
    reading = reading.catch(() => undefined).then(read);
    return reading;
  };

  const follow = async () => {
    let isAway = false;
    while (!stopping.signal.aborted) {
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await refresh().then(
        () => {
          isAway = false;
        },
        (error: unknown) => {
          if (!isAway) logger.warn({ err: error }, 'the directory of regions cannot be read; trying again');
          isAway = true;
        },
      );
    }
  };

  return {
    async start() {
      // Known to movers before it acts by what it reads: a move that begins now waits for it.
      await directory.report({ _id: id, version: -1, beat: 0 });
      await refresh();
      loop = follow();
    },
    refresh,
    async stop() {
      stopping.abort();
      await loop;
      await directory
        .forget(id)
        .catch((error: unknown) => logger.warn({ err: error }, 'movers will wait for this copy'));
    },
  };
}
