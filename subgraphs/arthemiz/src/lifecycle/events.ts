// Facts about a tenant's life. Those that change what everybody in it may do are noted for gateways in the same
// transaction.
import { newId } from '@supergraph/chassis/identifiers';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { storeGrantChange } from '../grants/storing.ts';
import { ownPermissionsOf } from '../roles/rules.ts';
import type { Lifecycle } from './rules.ts';

export async function tellSuspended(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { tenantId, lifecycle: { suspension } }: { tenantId: string; lifecycle: Lifecycle },
): Promise<void> {
  if (suspension === null) return;
  const { reason, by: suspendedBy } = suspension;
  const removed = await noteClosing(service, tenantId);
  await emit('arthemiz.tenant.suspended.v1', {
    subject: tenantId,
    data: { tenantId, reason, suspendedBy, ...removed },
  });
}

export async function tellResumed(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { tenantId, resumedBy }: { tenantId: string; resumedBy: string },
): Promise<void> {
  await noteOpening(service, tenantId);
  await emit('arthemiz.tenant.resumed.v1', { subject: tenantId, data: { tenantId, resumedBy } });
}

export async function tellDeletionScheduled(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { tenantId, lifecycle: { deletion } }: { tenantId: string; lifecycle: Lifecycle },
): Promise<void> {
  if (deletion === null) return;
  const { by: scheduledBy, eraseAt } = deletion;
  const removed = await noteClosing(service, tenantId);
  await emit('arthemiz.tenant.deletion-scheduled.v1', {
    subject: tenantId,
    data: { tenantId, scheduledBy, eraseAt: eraseAt.toISOString(), ...removed },
  });
}

export async function tellDeletionCancelled(
  service: Arthemiz,
  { emit }: UnitOfWork,
  { tenantId, cancelledBy }: { tenantId: string; cancelledBy: string },
): Promise<void> {
  await noteOpening(service, tenantId);
  await emit('arthemiz.tenant.deletion-cancelled.v1', { subject: tenantId, data: { tenantId, cancelledBy } });
}

export function tellDeleted(
  { emit }: UnitOfWork,
  { toldTo, ...data }: { tenantId: string; slug: string; deletedBy: string; erased: number; toldTo: string },
): Promise<void> {
  return emit('arthemiz.tenant.deleted.v1', { tenantId: toldTo, subject: data.tenantId, data });
}

/** Everybody loses everything: what that is stands there for gateways that can't ask what is left. */
async function noteClosing(service: Arthemiz, tenantId: string) {
  const roles = await service.models.Role.find().lean();
  const removed = {
    rolesRemoved: roles.map(({ name }) => name),
    permissionsRemoved: ownPermissionsOf(roles),
  };
  await storeGrantChange(service, { _id: newId('gch'), tenantId, subject: null, ...removed });
  return removed;
}

/** Tokens from before are worth what they say again, and gateways have to ask. */
function noteOpening(service: Arthemiz, tenantId: string): Promise<void> {
  const removed = { rolesRemoved: [], permissionsRemoved: [] };
  return storeGrantChange(service, { _id: newId('gch'), tenantId, subject: null, ...removed });
}
