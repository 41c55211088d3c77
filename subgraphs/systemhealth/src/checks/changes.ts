// Changes of status: the checks' new states, the facts for people, the events for other subgraphs and the live pushes, all
// in one transaction. Changes of one tenant that come together are committed together.
import { randomUUID } from 'node:crypto';
import { newId } from '@supergraph/chassis/identifiers';
import { daysKept, endOf } from '@supergraph/chassis/retention/keeping';
import { inTenant } from '@supergraph/chassis/tenancy';
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
  readonly update: { readonly $set: object };
  /** Oldest first. */
  readonly changes: readonly StatusChange[];
}

/** False, and nothing is changed or told, when `filter` no longer matches. */
export async function commitChanges(service: SystemHealth, changed: CheckChanges): Promise<boolean> {
  const [isOurs = false] = await commitTogether(service, [changed]);
  return isOurs;
}

/** Of checks of one tenant. Says of each whether it was still ours; of those that were not nothing is changed or told. */
export async function commitTogether(
  service: SystemHealth,
  all: readonly CheckChanges[],
): Promise<readonly boolean[]> {
  const [first] = all;
  if (first === undefined) return [];
  return inTenant(first.check.tenantId, () =>
    service.transaction(async ({ emit, push }) => {
      const isOurs = await change(service, all);
      const events = all.filter((_, index) => isOurs[index]).flatMap(eventsOf);
      if (events.length === 0) return isOurs;
      const kept = { days: await daysKept(service, { days: historyDays }) };
      await service.models.HealthEvent.insertMany(
        events.map((event) => ({
          ...event,
          ...{ occurredAt: new Date(event.occurredAt), expiresAt: endOf(new Date(event.occurredAt), kept) },
        })),
      );
      for (const event of events) {
        const { checkId, serviceId, previousStatus, status, message } = event;
        const data = { checkId, serviceId, previousStatus, status, message };
        await emit('systemhealth.check.changed.v1', { subject: checkId, data });
        push(healthChangedTopic, event);
      }
      tellStatusPage(push);
      return isOurs;
    }),
  );
}

async function change({ models }: SystemHealth, all: readonly CheckChanges[]): Promise<readonly boolean[]> {
  // Each leaves a mark of its own, by which it is known again where not all were ours.
  const batch = randomUUID();
  const marks = all.map((_, index) => `${batch}:${index}`);
  const { matchedCount } = await models.Check.bulkWrite(
    all.map(({ filter, update: { $set } }, index) => ({
      updateOne: { filter, update: { $set: { ...$set, recordedBy: marks[index] } } },
    })),
  );
  if (matchedCount === all.length) return marks.map(() => true);
  if (matchedCount === 0) return marks.map(() => false);
  const ids = all.map(({ check }) => check._id);
  const checks = await models.Check.find({ _id: { $in: ids } }, { recordedBy: 1 }).lean();
  const left = new Set(checks.map(({ recordedBy }) => recordedBy));
  return marks.map((mark) => left.has(mark));
}

function eventsOf({ check, changes }: CheckChanges): HealthChanged[] {
  const subject = { checkId: check._id, serviceId: check.serviceId };
  return changes.map((change) => ({ _id: newId('hev'), ...subject, ...change }));
}
