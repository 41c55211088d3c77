// The database's clock. Leases are compared between copies of this program, and two machines' clocks may differ
// by seconds; the one clock that all copies share is MongoDB's.
import type { Connection } from 'mongoose';
import { z } from 'zod';

export interface DatabaseClock {
  /** Milliseconds since the epoch by MongoDB's clock, carried on by this process's monotonic clock in between. */
  now(): number;
  /**
   * Asks MongoDB for its time. False, and the clock goes on as before, when the answer took too long to be of
   * use: ask again later. @throws when MongoDB doesn't answer.
   */
  synchronize(): Promise<boolean>;
}

const hello = z.object({ localTime: z.date() });

/**
 * The answer was made somewhere between asking and its arrival; the middle is wrong by half of that at most. One that
 * had to wait for a server, as after a restart of MongoDB, was made at the very end.
 */
const longestRoundTripMs = 300;

/** Reads this machine's clock until the first `synchronize` that succeeds. */
export function databaseClock(connection: Connection): DatabaseClock {
  let offset = performance.timeOrigin;
  return {
    now: () => Math.round(performance.now() + offset),
    async synchronize() {
      const asked = performance.now();
      const { localTime } = hello.parse(await connection.getClient().db('admin').command({ hello: 1 }));
      const answered = performance.now();
      if (answered - asked > longestRoundTripMs) return false;
      offset = localTime.getTime() - (asked + answered) / 2;
      return true;
    },
  };
}
