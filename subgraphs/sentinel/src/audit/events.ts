// Privileged actions of all subgraphs go into the audit trail, each in the transaction that takes its event.

import { orBeginAnew } from '@supergraph/chassis/database';
import type { EventHandlers, HandlerInput, SteppedHandler } from '@supergraph/chassis/event-handlers';
import type { AnyCloudEvent, EventType } from '@supergraph/chassis/events';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Sentinel } from '../context.ts';
import { Turns } from '../turns.ts';
import { genesis, hashOf } from './chain.ts';
import { auditedOf } from './rules.ts';
import { signCheckpoint } from './signing.ts';

export const audited = [
  'arthemiz.api-key.created.v1',
  'arthemiz.api-key.revoked.v1',
  'arthemiz.api-key.rotated.v1',
  'arthemiz.connection.created.v1',
  'arthemiz.connection.updated.v1',
  'arthemiz.connection.deleted.v1',
  'arthemiz.domain.verified.v1',
  'arthemiz.domain.removed.v1',
  'arthemiz.elevation.approved.v1',
  'arthemiz.elevation.declined.v1',
  'arthemiz.elevation.requested.v1',
  'arthemiz.elevation.ended.v1',
  'arthemiz.group.created.v1',
  'arthemiz.group.updated.v1',
  'arthemiz.group.deleted.v1',
  'arthemiz.person.invited.v1',
  'arthemiz.person.joined.v1',
  'arthemiz.person.removed.v1',
  'arthemiz.person.suspended.v1',
  'arthemiz.person.resumed.v1',
  'arthemiz.person.roles-changed.v1',
  'arthemiz.person.scoped-roles-changed.v1',
  'arthemiz.person.groups-changed.v1',
  'arthemiz.session.ended.v1',
  'arthemiz.registered-client.created.v1',
  'arthemiz.registered-client.updated.v1',
  'arthemiz.registered-client.deleted.v1',
  'arthemiz.role.created.v1',
  'arthemiz.role.updated.v1',
  'arthemiz.role.deleted.v1',
  'arthemiz.role.inheritance-changed.v1',
  'arthemiz.separation-of-duties.created.v1',
  'arthemiz.separation-of-duties.deleted.v1',
  'arthemiz.service-client.created.v1',
  'arthemiz.service-client.updated.v1',
  'arthemiz.service-client.credentials-changed.v1',
  'arthemiz.service-client.deleted.v1',
  'arthemiz.tenant.branding-changed.v1',
  'arthemiz.elevation.withdrawn.v1',
  'arthemiz.action.taken.v1',
  'arthemiz.tenant.compliance-changed.v1',
  'arthemiz.tenant.suspended.v1',
  'arthemiz.tenant.resumed.v1',
  'arthemiz.tenant.export-requested.v1',
  'arthemiz.tenant.deletion-scheduled.v1',
  'arthemiz.tenant.deletion-cancelled.v1',
  'sentinel.action.taken.v1',
  'sentinel.response.changed.v1',
  'systemhealth.action.taken.v1',
  'systemhealth.check.paused.v1',
  'systemhealth.check.resumed.v1',
] satisfies EventType[];

const turns = new Turns();

export type Addition = (input: HandlerInput<Sentinel, EventType>) => Promise<void>;

/** The handlers. What else there is to do about some of these events is done in the same transaction. */
export function auditHandlers(additions: readonly Addition[]): EventHandlers<Sentinel> {
  const recording: SteppedHandler<Sentinel, EventType> = {
    run: ({ event, service, once }) =>
      turns.take(event.tenantid, () =>
        once(async (unit) => {
          const input = { event, service, ...unit };
          await record(input);
          for (const add of additions) await add(input);
        }),
      ),
  };
  return Object.fromEntries(audited.map((type) => [type, recording]));
}

async function record({
  event,
  service,
  emit,
}: Pick<HandlerInput<Sentinel, EventType>, 'event' | 'service' | 'emit'>): Promise<void> {
  const { AuditHead, AuditRecord } = service.models;
  const content = auditedOf(event as AnyCloudEvent); // one of them, whichever its type
  const { sequence, hash: previous, unsignedSince } = await takePlace(service);
  const hash = hashOf(previous ?? genesis, { ...content, sequence });
  const { tenantId: _, ...said } = content;
  await AuditRecord.create([
    { ...said, occurredAt: new Date(said.occurredAt), recordedAt: new Date(), sequence, hash },
  ]);
  await AuditHead.updateOne(
    { _id: currentTenant() },
    { $set: { hash, unsignedSince: unsignedSince ?? new Date() } },
  );
  if (sequence % service.config.AUDIT_CHECKPOINT_RECORDS === 0)
    await signCheckpoint(service, { size: sequence, hash }, { emit });
}

/** The next place of the chain; the hash is still that of the one before it. */
function takePlace({ models }: Sentinel): Promise<{
  sequence: number;
  hash?: string | null | undefined;
  unsignedSince?: Date | null | undefined;
}> {
  return orBeginAnew(() =>
    models.AuditHead.findOneAndUpdate(
      { _id: currentTenant() },
      { $inc: { sequence: 1 } },
      { upsert: true, returnDocument: 'after' },
    ).orFail(),
  );
}
