// How fresh what is shown is, as functions of data alone.
import type { LiveState } from '@supergraph/session/live-state';

export type Freshness =
  | { phase: 'loading' | 'live' }
  /** What is shown was true at this instant, and may be no longer. */
  | { phase: 'stale'; sinceMs: number };

export interface FreshnessFacts {
  /** Of the connection. */
  phase: LiveState['phase'];
  /** Whether the present was asked for, and is kept up to date from then on. */
  isLoaded: boolean;
  previous: Freshness;
  nowMs: number;
}

/** The same object where nothing changes. */
export function freshnessOf({ phase, isLoaded, previous, nowMs }: FreshnessFacts): Freshness {
  const isConnected = phase === 'live' || phase === 'restored';
  if (isConnected && isLoaded) return previous.phase === 'live' ? previous : { phase: 'live' };
  // It was known once, or it would be loading still.
  if (previous.phase === 'live') return { phase: 'stale', sinceMs: nowMs };
  return previous;
}
