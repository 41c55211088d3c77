// One run of a claimed check: ask, then record.
import { addressGuard } from '@supergraph/chassis/addresses';
import { type CheckRow, checkSettings } from '../checks/model.ts';
import { missingAfterMs, type Observation } from '../checks/rules.ts';
import { openSecrets } from '../checks/secrets.ts';
import type { SystemHealth } from '../context.ts';
import { awaitHeartbeat } from '../heartbeats/awaiting.ts';
import { platformProbes } from '../platform/probes.ts';
import { nameLookup } from '../probes/name-lookup.ts';
import { measure } from '../probes/probe.ts';
import { type AskingKind, tenantProbe } from '../probes/tenant-probe.ts';
import type { Claim } from './claims.ts';
import type { DatabaseClock } from './clock.ts';
import type { SchedulingMetrics } from './metrics.ts';
import { type Outage, outageMemory } from './outage.ts';
import { createRecorder } from './recorder.ts';

export interface Runner {
  /** The parts of the platform that can be asked from here. */
  readonly slugs: readonly string[];
  readonly outage: Outage;
  /** When the check is due next; null when the run came to nothing because the lease was lost. */
  run(claim: Claim): Promise<number | null>;
  /** Gives up the runs that are under way; they record nothing. */
  abandon(): void;
  close(): Promise<void>;
}

/** Checks of one part that are due within this time of each other share a probe. */
const sharedForMs = 1_000;

export function createRunner(
  service: SystemHealth,
  { clock, metrics }: { clock: DatabaseClock; metrics: SchedulingMetrics },
): Runner {
  const { config } = service;
  const abandoning = new AbortController();
  const guard = addressGuard(config.TENANT_TARGET_NETWORKS, { lookup: nameLookup() });
  const probes = platformProbes({
    targets: config.PLATFORM_TARGETS,
    namespace: config.NAMESPACE,
    timeoutMs: config.PLATFORM_TIMEOUT_MS,
    sharedForMs: Math.min(sharedForMs, config.PLATFORM_INTERVAL_MS / 2),
    now: clock.now,
    abandoned: abandoning.signal,
    metrics,
  });
  const intervalMs = config.PLATFORM_INTERVAL_MS;
  const policy = {
    downAfterMs: config.PLATFORM_DOWN_AFTER_MS,
    upAfterMs: config.PLATFORM_UP_AFTER_MS,
    missingAfterMs: missingAfterMs({ intervalMs, timeoutMs: config.PLATFORM_TIMEOUT_MS }),
  };
  const outage = outageMemory({ probes, intervalMs, policy, now: clock.now });
  const recorder = createRecorder(service);

  async function observe(check: CheckRow): Promise<Observation> {
    const { platformSlug, kind, target, timeoutMs, degradedAfterMs = null } = check;
    if (platformSlug) return probes.observe(platformSlug, check.latestResult?.at.getTime() ?? 0);
    const measuring = { timeoutMs, degradedAfterMs, now: clock.now, abandoned: abandoning.signal };
    const settings = checkSettings(check);
    if (kind === 'HEARTBEAT' || !target || settings === null)
      throw new Error(`Check ${check._id} has no target to ask.`);
    const secrets = openSecrets(service, check);
    const asked = { url: secrets.target ?? target, headers: secrets.headers, guard };
    // The settings were parsed by the schema of this very kind.
    const probe = tenantProbe<AskingKind>(kind, asked, settings as never);
    const observation = await measure(probe, measuring);
    metrics.duration.observe({ kind }, observation.latencyMs / 1_000);
    return observation;
  }

  async function runHeartbeat(claim: Claim): Promise<number | null> {
    const { scheduledAt, check } = claim;
    const awaiting = awaitHeartbeat(check, { now: clock.now(), scheduledAt });
    if ('observation' in awaiting) return recorder.record(claim, [awaiting.observation]);
    await recorder.postpone(claim, awaiting);
    return awaiting.dueAt.getTime();
  }

  /** What was observed of this part while MongoDB was away, and after the check's latest result. */
  function missed({ platformSlug, latestResult }: CheckRow, before: number): readonly Observation[] {
    if (!platformSlug || !latestResult) return [];
    return outage.between(platformSlug, latestResult.at.getTime(), before);
  }

  return {
    slugs: probes.slugs,
    outage,
    async run(claim) {
      const { check } = claim;
      metrics.lag.observe(Math.max(0, claim.claimedAt - claim.scheduledAt) / 1_000);
      // Held up for so long that the lease could end during the run: another copy will do it.
      if (clock.now() + check.timeoutMs > claim.leaseEndsAt) return null;
      if (check.kind === 'HEARTBEAT') return runHeartbeat(claim);
      metrics.running.inc();
      try {
        const observation = await observe(check);
        const dueAt = await recorder
          .record(claim, [...missed(check, observation.at), observation])
          .catch((error: unknown) => {
            if (check.platformSlug) outage.keep(check.platformSlug, observation);
            throw error;
          });
        metrics.runs.inc({
          outcome: dueAt === null ? 'lost' : observation.isSuccess ? 'success' : 'failure',
        });
        return dueAt;
      } finally {
        metrics.running.dec();
      }
    },
    abandon: () => abandoning.abort(new Error('The scheduler stops.')),
    async close() {
      await outage.stop();
      await probes.close();
    },
  };
}
