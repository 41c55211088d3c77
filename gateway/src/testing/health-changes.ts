// For tests only: changes of a check's status, committed the way that systemhealth commits them.
import { inTenant } from '@supergraph/chassis/tenancy';
import { commitChanges } from '../../../subgraphs/systemhealth/src/checks/changes.ts';
import { healthChangedTopic } from '../../../subgraphs/systemhealth/src/checks/live.ts';
import type { SystemHealth } from '../../../subgraphs/systemhealth/src/context.ts';
import { pushRuns } from '../../../subgraphs/systemhealth/src/results/live.ts';

export interface WatchedService {
  tenantId: string;
  serviceId: string;
  checkId: string;
}

export interface HealthChanges {
  /** A service with one check that nobody ever runs. */
  service(tenantId: string, name?: string): Promise<WatchedService>;
  /** Commits a change of its status and tells of it and of the run that settled it. The message names the change in what subscribers get. */
  change(watched: WatchedService, message: string): Promise<void>;
  /** Resolves once systemhealth hears the tenant's pushes for `subscribers` subscriptions. */
  heard(tenantId: string, subscribers?: number): Promise<void>;
  /** Subscriptions that are open at systemhealth now. */
  subscribers(): Promise<number>;
}

export function openHealthChanges({ service }: { service: SystemHealth }): HealthChanges {
  const { models, live, metrics } = service;
  const subscribers = async () => {
    const metric = await metrics.getSingleMetric('live_subscribers')?.get();
    return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
  };
  return {
    subscribers,
    service: (tenantId, name = 'Shop') =>
      inTenant(tenantId, async () => {
        const createdAt = new Date();
        const created = new models.Service({ name, createdAt });
        await created.save();
        const never = new Date(Date.now() + 86_400_000);
        const check = new models.Check({
          ...{ serviceId: created._id, name: 'Front page', kind: 'HTTP', target: 'http://x.test', createdAt },
          ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0, dueAt: never },
          ...{ status: 'UP', statusSince: createdAt, missingAt: never },
        });
        await check.save();
        return { tenantId, serviceId: created._id, checkId: check._id };
      }),
    async change({ tenantId, serviceId, checkId }, message) {
      const occurredAt = Date.now();
      const change = { previousStatus: 'UP', status: 'DOWN', occurredAt, message, latencyMs: 12 } as const;
      await commitChanges(service, {
        check: { _id: checkId, tenantId, serviceId },
        filter: { _id: checkId },
        update: { $set: { statusSince: new Date(occurredAt) } },
        changes: [change],
      });
      const run = { tenantId, checkId, serviceId, at: occurredAt, isSuccess: false, latencyMs: 12, message };
      await pushRuns(service, [run]);
    },
    async heard(tenantId, expected = 1) {
      const giveUpAt = performance.now() + 10_000;
      while ((await subscribers()) < expected) {
        if (performance.now() > giveUpAt) throw new Error(`systemhealth has no ${expected} subscriptions.`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      // All subscribers of a topic in a process share one SUBSCRIBE: when it stands for one, it stands for all.
      await inTenant(tenantId, async () => {
        const events = live.subscribe(healthChangedTopic);
        await events.ready;
        await events.return?.();
      });
    },
  };
}
