// The database's clock. Leases are compared between copies of this program, and two machines' clocks may differ
// by seconds; the one clock that all copies share is MongoDB's.
import type { Connection } from 'mongoose';
import { z } from 'zod';

export interface DatabaseClock {
  /** Milliseconds since the epoch by MongoDB's clock, carried on by this process's monotonic clock in between. */
  now(): number;
  /** Asks MongoDB for its time. @throws when it doesn't answer. */
  synchronize(): Promise<void>;
}

const hello = z.object({ localTime: z.date() });

/** Reads this machine's clock until the first `synchronize`. */
export function databaseClock(connection: Connection): DatabaseClock {
  let offset = performance.timeOrigin;
  return {
    now: () => Math.round(performance.now() + offset),
    async synchronize() {
      const asked = performance.now();
      const { localTime } = hello.parse(await connection.getClient().db('admin').command({ hello: 1 }));
      // The answer was made somewhere between asking and now; the middle is wrong by half of that at most.
      offset = localTime.getTime() - (asked + performance.now()) / 2;
    },
  };
}
