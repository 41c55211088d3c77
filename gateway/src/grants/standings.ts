// What subjects may do now, read when a change made their tokens say something else, and remembered until the next.
import { LRUCache } from 'lru-cache';
import type { Access, Subject } from './access.ts';
import type { Standing } from './changes.ts';

export interface Standings {
  /** What was read after the change that made `version`; undefined when it has to be read. */
  known(subject: Subject, version: number): Standing | undefined;
  /** Reads it. Those who ask at the same moment share one request. @throws where it cannot be read */
  read(subject: Subject, version: number): Promise<Standing>;
}

export interface StandingsOptions {
  access: Pick<Access, 'standingsOf'>;
  /** Most standings remembered. Default 20,000. */
  maximum?: number;
  /** How long one is of use: as long as tokens live. */
  lifetimeMs: number;
}

/** Arthemiz answers so many at once. */
const batchSize = 500;

interface Reading {
  subject: Subject;
  /** The newest change that the reading will know of: those up to its start. */
  version: number;
  resolve(standing: Standing): void;
  reject(error: unknown): void;
  promise: Promise<Standing>;
}

export function createStandings(options: StandingsOptions): Standings {
  const { access, maximum = 20_000, lifetimeMs } = options;
  const remembered = new LRUCache<string, { version: number; standing: Standing }>({
    max: maximum,
    ttl: lifetimeMs,
  });
  let waiting = new Map<string, Reading>();

  async function readWaiting(): Promise<void> {
    const readings = [...waiting.values()];
    waiting = new Map();
    for (let start = 0; start < readings.length; start += batchSize)
      await readBatch(readings.slice(start, start + batchSize));
  }

  async function readBatch(batch: readonly Reading[]): Promise<void> {
    try {
      const standings = await access.standingsOf(batch.map(({ subject }) => subject));
      for (const [index, { subject, version, resolve }] of batch.entries()) {
        const standing = standings[index] ?? { roles: [], permissions: [] };
        remembered.set(keyOf(subject), { version, standing });
        resolve(standing);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    known(subject, version) {
      const found = remembered.get(keyOf(subject));
      return found !== undefined && found.version >= version ? found.standing : undefined;
    },
    read(subject, version) {
      const key = keyOf(subject);
      const known = waiting.get(key);
      if (known !== undefined) {
        known.version = Math.max(known.version, version);
        return known.promise;
      }
      // A moment later, so that all who are concerned by one change are asked for in one request.
      if (waiting.size === 0) setImmediate(() => void readWaiting());
      const reading = { subject, version, ...withResolvers<Standing>() };
      reading.promise.catch(() => undefined); // those who wait are told
      waiting.set(key, reading);
      return reading.promise;
    },
  };
}

function keyOf({ tenantId, subject }: Subject): string {
  return `${tenantId} ${subject}`;
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}
