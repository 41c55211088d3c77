// What is shown of something that changes all the time: the present, asked for once, and every change from then on. A cut
// loses nothing: what was missed is told when the connection is back, or the present is asked for anew.
import type { Followed, LiveConnection, Operation } from '@supergraph/session/live';
import { type Freshness, freshnessOf } from './rules.ts';

export interface FollowingOptions<State, Change> {
  connection: LiveConnection;
  /** Asks for the present. */
  load(): Promise<State>;
  changes: Operation;
  /**
   * The present after these, oldest first. One that the present has already must not change it. Null where changes don't
   * tell enough, as of a sum: then the present is asked for again, as often as `againMs` at most.
   */
  apply: ((state: State, changes: readonly Change[]) => State) | null;
  /** Default a second. */
  againMs?: number;
}

export interface Shown<State> {
  state: State | undefined;
  /** Why nothing newer is known. */
  error: unknown;
  freshness: Freshness;
}

export interface Following<State> {
  /** A new object whenever something of it changed. */
  shown(): Shown<State>;
  watch(listener: () => void): () => void;
  /** Tries again at once. */
  again(): void;
  stop(): void;
}

/** Changes are shown together so often, however many there are: ten times a second looks immediate. */
const showEveryMs = 100;
/** More changes than this before the present is there are as good as a new present. */
const mostWaiting = 5_000;
const againAfterMs = 5_000;

export function follow<State, Change>(options: FollowingOptions<State, Change>): Following<State> {
  const { connection, load, changes, apply, againMs = 1_000 } = options;
  const listeners = new Set<() => void>();
  let shown: Shown<State> = { state: undefined, error: undefined, freshness: { phase: 'loading' } };
  let waiting: Change[] = [];
  let loads = 0;
  let isLoaded = false;
  let showing: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stopSubscription: (() => void) | undefined;

  function show(news: Partial<Shown<State>>): void {
    shown = { ...shown, ...news };
    for (const listener of listeners) listener();
  }

  function tellFreshness(): void {
    const { phase } = connection.state();
    const freshness = freshnessOf({ phase, isLoaded, previous: shown.freshness, nowMs: Date.now() });
    if (freshness !== shown.freshness) show({ freshness });
  }

  function showWaiting(): void {
    showing = undefined;
    if (!isLoaded || shown.state === undefined || waiting.length === 0) return;
    if (apply === null) return void refresh();
    const state = apply(shown.state, waiting);
    waiting = [];
    if (state !== shown.state) show({ state });
  }

  async function begin(): Promise<void> {
    loads += 1;
    const own = loads;
    isLoaded = false;
    waiting = [];
    try {
      const state = await load();
      if (own !== loads) return;
      isLoaded = true;
      if (apply !== null) {
        show({ state: waiting.length > 0 ? apply(state, waiting) : state, error: undefined });
        waiting = [];
      } else {
        show({ state, error: undefined });
        if (waiting.length > 0) showing ??= setTimeout(showWaiting, againMs);
      }
      tellFreshness();
    } catch (error) {
      if (own === loads) fail(error);
    }
  }

  /** What is shown stays and counts as live meanwhile: what has changed since is asked for after it. */
  async function refresh(): Promise<void> {
    loads += 1;
    const own = loads;
    waiting = [];
    try {
      const state = await load();
      if (own === loads) show({ state, error: undefined });
    } catch (error) {
      if (own === loads) fail(error);
    }
  }

  function fail(error: unknown): void {
    isLoaded = false;
    show({ error });
    tellFreshness();
    clearTimeout(retry);
    retry = setTimeout(again, againAfterMs);
  }

  const sink: Followed = {
    begun: () => void begin(),
    next(data) {
      waiting.push(Object.values(data)[0] as Change); // the one field of the subscription
      if (apply === null) waiting.length = 1; // that there was one is enough
      if (waiting.length > mostWaiting) return void begin();
      showing ??= setTimeout(showWaiting, apply === null ? againMs : showEveryMs);
    },
    error: fail,
  };

  function again(): void {
    clearTimeout(retry);
    stopSubscription?.();
    stopSubscription = connection.follow(changes, sink);
  }

  const unwatch = connection.watch(tellFreshness);
  again();
  return {
    shown: () => shown,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    again,
    stop() {
      loads += 1;
      clearTimeout(retry);
      clearTimeout(showing);
      unwatch();
      stopSubscription?.();
    },
  };
}
