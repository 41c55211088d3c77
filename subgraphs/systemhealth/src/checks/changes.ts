// A change of status: the check's new state, the fact for people, the event for other subgraphs and the live
// push, all in one transaction.
import { keptUntil } from '@supergraph/chassis/retention/keeping';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { UpdateQuery } from 'mongoose';
import type { SystemHealth } from '../context.ts';
import { tellStatusPage } from '../status-page/live.ts';
import { historyDays } from './event-model.ts';
import { type HealthChanged, healthChangedTopic } from './live.ts';
import type { CheckRow } from './model.ts';
import type { StatusChange } from './rules.ts';

export interface CheckChanges {
  readonly check: Pick<CheckRow, '_id' | 'tenantId' | 'serviceId'>;
  /** Matches the check only while the change is still ours to make. */
  readonly filter: Record<string, unknown>;
  readonly update: UpdateQuery<CheckRow>;
  /** Oldest first. */
  readonly changes: readonly StatusChange[];
}

/** False, and nothing is changed or told, when `filter` no longer matches. */
export function commitChanges(
  service: SystemHealth,
  { check, filter, update, changes }: CheckChanges,
): Promise<boolean> {
  const { Check, HealthEvent } = service.models;
  return inTenant(check.tenantId, () =>
    service.transaction(async ({ emit, push }) => {
      const { matchedCount } = await Check.updateOne(filter, update);
      if (matchedCount === 0) return false;
      for (const { previousStatus, status, occurredAt, message, latencyMs } of changes) {
        const subject = { checkId: check._id, serviceId: check.serviceId };
        const facts = { ...subject, previousStatus, status, message };
        const since = new Date(occurredAt);
        const expiresAt = await keptUntil(service, { since, days: historyDays });
        const event = new HealthEvent({ ...facts, occurredAt: since, latencyMs, expiresAt });
        await event.save();
        await emit('systemhealth.check.changed.v1', { subject: check._id, data: facts });
        tellStatusPage(push);
        push(healthChangedTopic, { ...facts, _id: event._id, occurredAt, latencyMs } satisfies HealthChanged);
      }
      return true;
    }),
  );
}
