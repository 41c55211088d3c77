// What is kept, in Redis: reading is one round trip and never waited for long; writing is not waited for at all.
import { randomBytes } from 'node:crypto';
import { inTime } from '@supergraph/chassis/deadline';
import type { Logger } from '@supergraph/chassis/logging';
import { longestRetryMs } from '@supergraph/chassis/redis';
import type { Redis } from 'ioredis';

/** An answer to look for, by its key, with the tags that it hangs on. */
export interface Sought {
  key: string;
  tags: readonly string[];
}

/** What Redis said. */
export interface Reading {
  /** By the keys of what was sought; a text is there only if all its tags still have the values it was kept with. */
  texts: ReadonlyMap<string, string>;
  /** By tag; null for one that has none yet. */
  values: ReadonlyMap<string, string | null>;
  /** Whether the viewer changed something a moment ago. */
  hasWritten: boolean;
}

export interface EntryStore {
  /** @returns undefined where Redis is away or slow: then it is gone without */
  read(sought: readonly Sought[], writer: string): Promise<Reading | undefined>;
  /** Keeps texts with the values that their tags had when they were looked for. */
  write(entries: readonly Entry[], values: Reading['values']): void;
  /** Gives tags another value, so that whatever hangs on them is forgotten. @throws when Redis is away */
  change(tags: readonly string[]): Promise<void>;
  /** Remembers for a moment that a viewer changed something. Never rejects. */
  noteWriter(writer: string): Promise<void>;
}

export interface Entry extends Sought {
  text: string;
  ttlSeconds: number;
}

export interface EntryStoreOptions {
  redis: Redis;
  namespace: string;
  logger: Logger;
  /** How long a reading may take. Default 25. */
  readMs?: number;
  /** After as many readings in a row that took too long, Redis is left alone for a second. Default 5. */
  patience?: number;
  /**
   * How long after Redis's return nothing is read: events that could not change anything meanwhile go first. Default
   * 2,000, more than any process takes to connect again and to try.
   */
  settleMs?: number;
  /** How long a viewer is told nothing that was kept after a change of theirs. Default 10 seconds. */
  freshSeconds?: number;
}

/** Longer than any fetch takes. A tag that is gone has no value, and nothing hangs on it any more. */
const tagSeconds = 3_600;
const pauseMs = 1_000;

export function createEntryStore(options: EntryStoreOptions): EntryStore {
  const { redis, namespace, logger, readMs = 25, patience = 5, freshSeconds = 10 } = options;
  const { settleMs = longestRetryMs + 750 } = options;
  const entryKey = (key: string) => `${namespace}:cache:entry:${key}`;
  const tagKey = (tag: string) => `${namespace}:cache:tag:${tag}`;
  const writerKey = (writer: string) => `${namespace}:cache:writer:${writer}`;
  let failures = 0;
  let pausedUntil = 0;
  redis.on('close', () => {
    pausedUntil = Number.POSITIVE_INFINITY;
  });
  redis.on('ready', () => {
    if (pausedUntil > 0) pausedUntil = performance.now() + settleMs;
  });

  function failed(): undefined {
    failures += 1;
    if (failures < patience) return undefined;
    failures = 0;
    pausedUntil = performance.now() + pauseMs;
    logger.debug('Redis is slow: nothing is looked for in the cache for a second');
    return undefined;
  }

  return {
    async read(sought, writer) {
      if (redis.status !== 'ready' || performance.now() < pausedUntil) return undefined;
      const tags = [...new Set(sought.flatMap((each) => each.tags))];
      const keys = [writerKey(writer), ...tags.map(tagKey), ...sought.map(({ key }) => entryKey(key))];
      const answers = await inTime(
        redis.mget(keys).catch(() => undefined),
        { deadlineMs: readMs, otherwise: () => undefined },
      );
      if (answers === undefined) return failed();
      failures = 0;
      const values = new Map(tags.map((tag, index) => [tag, answers[1 + index] ?? null]));
      const texts = new Map<string, string>();
      for (const [index, { key, tags: own }] of sought.entries()) {
        const text = textOf(answers[1 + tags.length + index], stampOf(own, values));
        if (text !== undefined) texts.set(key, text);
      }
      return { texts, values, hasWritten: (answers[0] ?? null) !== null };
    },

    write(entries, values) {
      if (redis.status !== 'ready' || entries.length === 0) return;
      const pipeline = redis.pipeline();
      const given = new Map(values);
      for (const [tag, value] of given) {
        if (value !== null) continue;
        // Where a change has come in between, its value stays, and what is written here counts for nothing.
        const fresh = randomBytes(9).toString('base64url');
        given.set(tag, fresh);
        pipeline.set(tagKey(tag), fresh, 'EX', tagSeconds, 'NX');
      }
      for (const { key, tags, text, ttlSeconds } of entries) {
        const stamp = stampOf(tags, given);
        if (stamp !== undefined) pipeline.set(entryKey(key), `${stamp}\n${text}`, 'EX', ttlSeconds);
      }
      pipeline.exec().catch((error: unknown) => logger.debug({ err: error }, 'nothing was kept'));
    },

    async change(tags) {
      if (tags.length === 0) return;
      const pipeline = redis.pipeline();
      for (const tag of tags)
        pipeline.set(tagKey(tag), randomBytes(9).toString('base64url'), 'EX', tagSeconds);
      const results = (await pipeline.exec()) ?? [];
      for (const [error] of results) if (error) throw error;
    },

    async noteWriter(writer) {
      if (redis.status !== 'ready') return;
      const noted = redis.set(writerKey(writer), '1', 'EX', freshSeconds).catch(() => undefined);
      await inTime(noted, { deadlineMs: readMs, otherwise: () => undefined });
    },
  };
}

/** The values of all tags; undefined where one has none, since then nothing that was kept can be relied on. */
function stampOf(tags: readonly string[], values: Reading['values']): string | undefined {
  let stamp = '';
  for (const tag of tags) {
    const value = values.get(tag) ?? null;
    if (value === null) return undefined;
    stamp += ` ${value}`;
  }
  return stamp;
}

function textOf(entry: string | null | undefined, stamp: string | undefined): string | undefined {
  if (entry === null || entry === undefined || stamp === undefined) return undefined;
  return entry.startsWith(`${stamp}\n`) ? entry.slice(stamp.length + 1) : undefined;
}
