// While MongoDB is away nothing can be claimed or recorded, and MongoDB is itself one of the watched parts. So
// the platform's parts are asked on without it, and what they answered is remembered, to be told on its return.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from '../checks/rules.ts';
import type { PlatformProbes } from '../platform/probes.ts';

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
  now: () => number;
}

/** Of each part: an hour's worth at the usual interval of two seconds. The oldest are forgotten first. */
const mostRemembered = 1_800;
/** By then every platform check has been claimed by some copy and has been told. */
const rememberedAfterReturnMs = 60_000;

export function outageMemory({ probes, intervalMs, now }: OutageOptions): Outage {
  const remembered = new Map<string, Observation[]>();
  const stopping = new AbortController();
  let watching: { isOver: boolean; done: Promise<void> } | null = null;
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

  async function watch(current: { isOver: boolean }): Promise<void> {
    while (!current.isOver && !stopping.signal.aborted) {
      const began = performance.now();
      const observeAndKeep = async (slug: string) => {
        keep(slug, await probes.observe(slug, remembered.get(slug)?.at(-1)?.at ?? 0));
      };
      // Settled, because a probe that is abandoned at the stop rejects.
      await Promise.allSettled(probes.slugs.map(observeAndKeep));
      const restMs = Math.max(0, intervalMs - (performance.now() - began));
      await sleep(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    begin() {
      endedAt = null;
      if (watching !== null || stopping.signal.aborted) return;
      const current = { isOver: false, done: Promise.resolve() };
      current.done = watch(current);
      watching = current;
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
