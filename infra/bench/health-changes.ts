// Commits changes of checks' status as SystemHealth's scheduler does, for subscribers to hear of.
import { inTenant } from '@supergraph/chassis/tenancy';
import { commitChanges } from '../../subgraphs/systemhealth/src/checks/changes.ts';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { sharedNow } from './subscribers-process.ts';

/** A change that was committed: what its event says, and when the commit was known. */
export interface Change {
  mark: string;
  at: number;
}

export interface HealthChanges {
  /** Turns the next check's status. Checks take turns, so that as many changes may be under way as there are checks. */
  commit(): Promise<Change>;
}

export async function openHealthChanges(
  service: SystemHealth,
  { tenantId, checks }: { tenantId: string; checks: number },
): Promise<HealthChanges> {
  const { Check, Service } = service.models;
  const createdAt = new Date();
  const settings = { name: 'Benchmark', kind: 'HTTP', target: 'http://benchmark.invalid/' };
  const schedule = { intervalMs: 86_400_000, timeoutMs: 5_000, downAfterMs: 0, upAfterMs: 0 };
  const watched = await inTenant(tenantId, () => new Service({ name: 'Benchmark', createdAt }).save());
  const make = () =>
    inTenant(tenantId, async () => {
      // Paused: nothing but this changes it.
      const state = { status: 'UP', statusSince: createdAt, dueAt: createdAt, isPaused: true };
      const made = new Check({ ...settings, ...schedule, ...state, serviceId: watched._id, createdAt });
      await made.save();
      return { _id: made._id, tenantId, serviceId: watched._id };
    });
  const made = await Promise.all(Array.from({ length: checks }, make));
  let count = 0;
  return {
    async commit() {
      const check = made[count % made.length];
      if (check === undefined) throw new Error('there is no check');
      const isUp = Math.floor(count / made.length) % 2 === 0;
      const [previousStatus, status] = isUp ? (['UP', 'DOWN'] as const) : (['DOWN', 'UP'] as const);
      count += 1;
      const mark = `change ${count}`;
      const change = { previousStatus, status, occurredAt: Date.now(), message: mark, latencyMs: null };
      await commitChanges(service, {
        check,
        filter: { _id: check._id },
        update: { $set: { status, statusSince: new Date() } },
        changes: [change],
      });
      return { mark, at: sharedNow() };
    },
  };
}
