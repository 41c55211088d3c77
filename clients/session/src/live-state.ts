// How the live connection stands for the person who watches a subscription, as functions of data alone.

export type LiveState =
  | { phase: 'none' | 'connecting' | 'unreachable' | 'live' | 'reconnecting' }
  /** Live again after a gap. */
  | { phase: 'restored'; atMs: number };

/** The first subscription begins, the connection is accepted, is lost or can't be made, the last subscription ends. */
export type LiveEvent = 'begun' | 'connected' | 'lost' | 'ended';

export const noLiveConnection: LiveState = { phase: 'none' };

/** The state after the event; the same object where nothing changes. */
export function nextLiveState(state: LiveState, event: LiveEvent, nowMs: number): LiveState {
  switch (event) {
    case 'begun':
      return state.phase === 'none' ? { phase: 'connecting' } : state;
    case 'ended':
      return noLiveConnection;
    case 'connected':
      if (state.phase === 'reconnecting') return { phase: 'restored', atMs: nowMs };
      return isTrying(state) ? { phase: 'live' } : state;
    case 'lost':
      if (isTrying(state)) return { phase: 'unreachable' };
      return state.phase === 'live' || state.phase === 'restored' ? { phase: 'reconnecting' } : state;
  }
}

function isTrying({ phase }: LiveState): boolean {
  return phase === 'connecting' || phase === 'unreachable';
}

const longestDelayMs = 8_000;

/**
 * How long to wait before connecting again.
 *
 * @param attempts that have failed since the connection was last there
 * @param spread from 0 to 1: many pages that lost one gateway must not all come back in the same moment
 */
export function reconnectDelayMs(attempts: number, spread: number): number {
  const delayMs = Math.min(1_000 * 2 ** attempts, longestDelayMs);
  return Math.round(delayMs * (0.5 + spread / 2));
}
