// Whose checks run next when more are due than can run at once. Pure.

export interface Due {
  readonly _id: string;
  readonly tenantId: string;
}

export interface Room {
  /** How many more may run now. */
  readonly free: number;
  /** How many run at once at most. */
  readonly concurrency: number;
  /** How many run now of each tenant that has some. */
  readonly running: ReadonlyMap<string, number>;
}

/** However many tenants there are, each may run so many at once: a part of no use to anybody is no part. */
const leastShare = 8;

/**
 * How many checks of one tenant may run at once. With n tenants at work each has 1/(n + 1) of the room, so that a part is
 * always left for one that comes: its checks need not wait for those of another to end.
 */
export function shareOf(tenants: number, concurrency: number): number {
  return Math.max(Math.floor(concurrency / (tenants + 1)), Math.min(leastShare, concurrency));
}

/**
 * Chooses from what is due, soonest first: always for the tenant that runs the fewest, and none beyond its share. What is
 * left out stays due.
 */
export function chooseFairly<Check extends Due>(due: readonly Check[], room: Room): Check[] {
  const { free, concurrency } = room;
  const queues = new Map<string, Check[]>();
  for (const check of due) {
    const queue = queues.get(check.tenantId);
    if (queue) queue.push(check);
    else queues.set(check.tenantId, [check]);
  }
  const running = new Map(room.running);
  const share = shareOf(new Set([...running.keys(), ...queues.keys()]).size, concurrency);
  const chosen: Check[] = [];
  // Rounds: one check of each tenant that has as few running as any other.
  for (let level = 0; level < share && chosen.length < free && queues.size > 0; level += 1) {
    for (const [tenantId, queue] of queues) {
      if (chosen.length === free) break;
      const count = running.get(tenantId) ?? 0;
      if (count > level) continue;
      const next = queue.shift();
      if (next === undefined) {
        queues.delete(tenantId);
        continue;
      }
      chosen.push(next);
      running.set(tenantId, count + 1);
    }
  }
  return chosen;
}
