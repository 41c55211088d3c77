// While MongoDB is away nothing can be claimed or recorded, and MongoDB is itself one of the watched parts. So
// the platform's parts are asked on without it, and what they answered is remembered, to be told on its return.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CheckState,
  confirmationDueAt,
  evaluate,
  type Observation,
  type StatusPolicy,
  unobserved,
} from '../checks/rules.ts';
import type { PlatformProbes } from '../platform/probes.ts';
import { dueAt, phaseOf } from './rules.ts';

export interface Outage {
  /** MongoDB doesn't answer: begins to ask the platform's parts and remember. */
  begin(): void;
  /** MongoDB answers again. What is remembered stays for a while, since checks are claimed one after another. */
  end(): void;
  /** Keeps what was observed but could not be recorded. */
  keep(slug: string, observation: Observation): void;
  /** What is remembered of a part, oldest first, between two moments (both excluded). */
  between(slug: string, after: number, before: number): readonly Observation[];
  stop(): Promise<void>;
}

export interface OutageOptions {
  probes: PlatformProbes;
  intervalMs: number;
  /** When a platform check changes its status. */
  policy: StatusPolicy;
  now: () => number;
}

/** Of each part: an hour's worth at the usual interval of two seconds. The oldest are forgotten first. */
const mostRemembered = 1_800;
/** By then every platform check has been claimed by some copy and has been told. */
const rememberedAfterReturnMs = 60_000;

export function outageMemory({ probes, intervalMs, policy, now }: OutageOptions): Outage {
  const remembered = new Map<string, Observation[]>();
  const stopping = new AbortController();
  let watching: { isOver: boolean; done: Promise<unknown> } | null = null;
  let endedAt: number | null = null;

  function keep(slug: string, observation: Observation): void {
    const known = remembered.get(slug) ?? [];
    // A shared probe is observed for several checks and remembered once.
    if (known.some(({ at }) => at === observation.at)) return;
    known.push(observation);
    known.sort((one, other) => one.at - other.at);
    if (known.length > mostRemembered) known.shift();
    remembered.set(slug, known);
  }

  /** Asks one part when a claimed check would: at its usual times, and earlier where that settles a change. */
  async function watch(slug: string, current: { isOver: boolean }): Promise<void> {
    const rhythm = { intervalMs, phaseMs: phaseOf(slug, intervalMs) };
    const began = now();
    // What is recorded cannot be read now. Taken for UP, a part that is DOWN is asked a little too often at first.
    let state: CheckState = { ...unobserved(began), status: 'UP' };
    // A shared probe from before the trouble would put the first look off by an interval.
    let newerThan = began;
    while (!current.isOver && !stopping.signal.aborted) {
      const startedAt = now();
      try {
        const observation = await probes.observe(slug, newerThan);
        keep(slug, observation);
        newerThan = observation.at;
        state = evaluate(state, observation, policy).state;
      } catch {
        return; // abandoned: this program stops
      }
      const next = dueAt(startedAt, rhythm, confirmationDueAt(state, policy));
      // A timer may ring a millisecond early, and a run before the moment settles nothing.
      const restMs = Math.max(0, next - now()) + 1;
      await sleep(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    begin() {
      endedAt = null;
      if (watching !== null || stopping.signal.aborted) return;
      const current = { isOver: false };
      const parts = probes.slugs.map((slug) => watch(slug, current));
      watching = Object.assign(current, { done: Promise.all(parts) });
    },
    end() {
      if (watching !== null) watching.isOver = true;
      watching = null;
      endedAt ??= now();
      if (now() - endedAt > rememberedAfterReturnMs) remembered.clear();
    },
    keep,
    between: (slug, after, before) =>
      (remembered.get(slug) ?? []).filter(({ at }) => at > after && at < before),
    async stop() {
      stopping.abort();
      await watching?.done;
    },
  };
}
