import type { LiveState } from '@supergraph/session/live-state';

/** The state in words; empty while nothing is subscribed. */
export function describeLiveState(state: LiveState, timeOf: (ms: number) => string): string {
  switch (state.phase) {
    case 'none':
      return '';
    case 'connecting':
      return 'Connecting…';
    case 'unreachable':
      return 'No live connection yet. Trying again…';
    case 'live':
      return 'Live';
    case 'reconnecting':
      return 'Live connection lost. Reconnecting…';
    case 'restored':
      return `Live again since ${timeOf(state.atMs)}. Events in between were missed.`;
  }
}
