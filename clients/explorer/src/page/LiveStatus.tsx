import type { LiveConnection } from '@supergraph/session/live';
import { useSyncExternalStore } from 'react';
import { describeLiveState } from './live-words.ts';

/** How the subscription's connection stands, also read aloud when it changes. */
export function LiveStatus({ live }: { live: LiveConnection }) {
  const state = useSyncExternalStore(live.watch, live.state);
  // Always in the document: an element that appears together with its text is not read aloud.
  return (
    <output className="live-status" aria-live="polite" data-phase={state.phase}>
      {describeLiveState(state, (ms) => new Date(ms).toLocaleTimeString())}
    </output>
  );
}
