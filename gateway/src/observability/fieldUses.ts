// Uses of fields by client and day, in Redis, where all gateways add theirs.
import type { Redis } from 'ioredis';

export interface FieldUses {
  /** @param uses coordinate → client → how often */
  add(uses: ReadonlyMap<string, ReadonlyMap<string, number>>): Promise<void>;
  /** Who used it within the last days, today (UTC) included; the most frequent first. */
  of(coordinate: string, options: { days: number }): Promise<ClientUses[]>;
}

export interface ClientUses {
  /** OAuth client; `anonymous` without one, `other` for those beyond the first two hundred of a gateway. */
  client: string;
  uses: number;
  /** The last day on which it did, as `2026-11-25`. */
  lastDay: string;
}

/** Longer than the longest question. */
const keptDays = 400;
const dayMs = 86_400_000;
/** Commands of one transaction: others wait for Redis meanwhile. */
const atOnce = 500;

export function createFieldUses(redis: Redis, { namespace }: { namespace: string }): FieldUses {
  const key = (coordinate: string, day: string) => `${namespace}:field-uses:${day}:${coordinate}`;
  return {
    async add(uses) {
      const day = dayOf(Date.now());
      const coordinates = [...uses];
      while (coordinates.length > 0) {
        const transaction = redis.multi();
        for (const [coordinate, clients] of coordinates.splice(0, atOnce)) {
          for (const [client, count] of clients) transaction.hincrby(key(coordinate, day), client, count);
          transaction.expire(key(coordinate, day), keptDays * 86_400);
        }
        await transaction.exec();
      }
    },
    async of(coordinate, { days }) {
      const now = Date.now();
      const asked = Array.from({ length: days }, (_, ago) => dayOf(now - ago * dayMs));
      const pipeline = redis.pipeline();
      for (const day of asked) pipeline.hgetall(key(coordinate, day));
      const found = (await pipeline.exec()) ?? [];
      const byClient = new Map<string, ClientUses>();
      for (const [place, [error, counts]] of found.entries()) {
        if (error) throw error;
        for (const [client, count] of Object.entries(counts as Record<string, string>)) {
          // The newest day comes first.
          const known = byClient.get(client) ?? { client, uses: 0, lastDay: asked[place] ?? '' };
          byClient.set(client, { ...known, uses: known.uses + Number(count) });
        }
      }
      return [...byClient.values()].sort((a, b) => b.uses - a.uses);
    },
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
