// Commits changes of checks' status as SystemHealth's scheduler does, for subscribers to hear of.
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { commitChanges } from '../../subgraphs/systemhealth/src/checks/changes.ts';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { type Change, sharedNow } from './changes.ts';

export interface HealthChanges {
  /**
   * Turns the next check's status, marked by the change's `message`. Checks take turns, so that as many changes may be
   * under way as there are checks.
   */
  commit(): Promise<Change>;
}

/** Whose token it is. */
export function tenantOf(token: string): string {
  return z.object({ tenant: z.string() }).parse(decodeJwt(token)).tenant;
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
      const message = `change ${count}`;
      await commitChanges(service, {
        check,
        filter: { _id: check._id },
        update: { $set: { status, statusSince: new Date() } },
        changes: [{ previousStatus, status, occurredAt: Date.now(), message, latencyMs: null }],
      });
      return { mark: JSON.stringify(message), at: sharedNow() };
    },
  };
}
