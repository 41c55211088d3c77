// Probes of the platform's own parts. All tenants watch the same parts, so one probe serves all checks that are
// due in the same second.
import type { Gauge, Histogram } from 'prom-client';
import type { Observation } from '../checks/rules.ts';
import type { PlatformTarget } from '../config.ts';
import { platformProbe } from '../probes/kinds.ts';
import { measure, type Probe } from '../probes/probe.ts';

export interface PlatformProbes {
  readonly slugs: readonly string[];
  /**
   * What a part answers: the probe in flight or just finished if it began after `newerThan`, else a new one.
   * @throws RangeError for a slug that is not configured; the reason for which it was abandoned.
   */
  observe(slug: string, newerThan: number): Promise<Observation>;
  close(): Promise<void>;
}

export interface PlatformProbeOptions {
  targets: readonly PlatformTarget[];
  /** Of the services, as their queues are called. */
  namespace: string;
  timeoutMs: number;
  /** How old a probe may be and still speak for another check. */
  sharedForMs: number;
  now: () => number;
  /** Gives up the probes that are under way. */
  abandoned: AbortSignal;
  metrics: { up: Gauge<'slug'>; duration: Histogram<'kind'> };
}

interface Part {
  readonly target: PlatformTarget;
  readonly probe: Probe;
  latest: { startedAt: number; observation: Promise<Observation>; isRunning: boolean } | null;
}

export function platformProbes(options: PlatformProbeOptions): PlatformProbes {
  const { targets, namespace, timeoutMs, sharedForMs, now, abandoned, metrics } = options;
  const parts = new Map<string, Part>(
    targets.map((target) => [
      target.slug,
      { target, probe: platformProbe(target.kind, { ...target, namespace }), latest: null },
    ]),
  );

  async function ask({ target, probe }: Part): Promise<Observation> {
    const observation = await measure(probe, { timeoutMs, now, abandoned });
    metrics.up.set({ slug: target.slug }, observation.isSuccess ? 1 : 0);
    metrics.duration.observe({ kind: target.kind }, observation.latencyMs / 1_000);
    return observation;
  }

  return {
    slugs: [...parts.keys()],
    async observe(slug, newerThan) {
      const part = parts.get(slug);
      if (part === undefined) throw new RangeError(`PLATFORM_TARGETS has no ${slug}.`);
      const startedAt = now();
      const { latest } = part;
      const isFresh = latest !== null && (latest.isRunning || startedAt - latest.startedAt <= sharedForMs);
      if (isFresh && latest.startedAt > newerThan) return latest.observation;
      const probing = { startedAt, observation: ask(part), isRunning: true };
      part.latest = probing;
      try {
        return await probing.observation;
      } finally {
        probing.isRunning = false;
      }
    },
    async close() {
      await Promise.all([...parts.values()].map(({ probe }) => probe.close()));
    },
  };
}
