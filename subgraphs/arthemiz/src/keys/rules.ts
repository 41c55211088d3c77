// When a signing key is published, signs, and goes. Pure: keys and the time in, decisions out.

const day = 86_400_000;

/** How long one key signs. */
export const rotateAfterMs = 30 * day;
/** How long a key is published before it signs, so that every verifier has fetched it by then. */
export const publishAheadMs = day;
/** The same when a key may have leaked: long enough for every copy of arthemiz to publish the successor. */
export const emergencyAheadMs = 60_000;
/** Longest life of any token: access tokens and ID tokens alike. */
export const tokenLifetimeSeconds = 900;
/** Copies notice a successor a little late and go on signing meanwhile; clocks differ a little too. */
export const lateSigningMs = 600_000;

export interface KeySchedule {
  readonly sequence: number;
  readonly activeFrom: Date;
}

export type KeyState = 'upcoming' | 'active' | 'retired' | 'expired';

/** The state of each key, for keys in order of sequence: one signs, if any is there yet. */
export function keyStates(keys: readonly KeySchedule[], now: Date): KeyState[] {
  return keys.map((key, index) => {
    // Not always by the next one: a key that was added after a leak signs before a successor that waits already.
    const supersededAt = Math.min(...keys.slice(index + 1).map(({ activeFrom }) => activeFrom.getTime()));
    if (supersededAt > now.getTime()) return key.activeFrom > now ? 'upcoming' : 'active';
    const lastTokenExpires = supersededAt + lateSigningMs + tokenLifetimeSeconds * 1000;
    return lastTokenExpires > now.getTime() ? 'retired' : 'expired';
  });
}

/** The next key that has to exist now, or null while the newest one suffices. */
export function dueKey(keys: readonly KeySchedule[], now: Date): KeySchedule | null {
  const newest = keys.at(-1);
  // Nobody can have cached a key set before there was one, so the first key need not wait.
  if (newest === undefined) return { sequence: 1, activeFrom: now };
  const activeFrom = newest.activeFrom.getTime() + rotateAfterMs;
  if (activeFrom - publishAheadMs > now.getTime()) return null;
  // After a long stop the successor is late already; it is still published ahead of its use.
  return {
    sequence: newest.sequence + 1,
    activeFrom: new Date(Math.max(activeFrom, now.getTime() + publishAheadMs)),
  };
}
