// Erasing a deleted tenant's data in every subgraph, as it is stored. Each move is one transaction: the new state, the
// request that it takes, the tenant's end; so wherever a process dies, the next answer or look goes on from there.
import { acrossTenants, platformTenantId } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import type { TenantRow } from '../tenants/model.ts';
import type { ErasureRow } from './erasure-model.ts';
import { type BatchAnswer, batchAnswered, type ErasureState, newErasure } from './erasure-rules.ts';
import { tellDeleted } from './events.ts';
import { lifecycleOf } from './openness.ts';
import { patienceOf } from './patience.ts';
import { askNext } from './rounds.ts';
import { begun } from './rules.ts';

/**
 * Begins where the grace is over; every subgraph that has ever declared itself takes part. A move comes to its end first:
 * one that ended later would tell the erased tenant of it.
 */
export function beginErasure(service: Arthemiz, tenantId: string): Promise<void> {
  const { Tenant, TenantMove, StepDeclaration } = service.models;
  return erasing(service, async (unit) => {
    const tenant = await Tenant.findOne({ _id: tenantId }).lean();
    const now = new Date();
    const lifecycle = tenant === null ? null : begun(lifecycleOf(tenant), now);
    if (lifecycle === null) return;
    if ((await TenantMove.exists({ _id: tenantId, status: 'RUNNING' })) !== null) return;
    await Tenant.updateOne({ _id: tenantId }, { $set: { deletion: lifecycle.deletion } });
    const subgraphs = (await StepDeclaration.find().lean()).map(({ _id }) => _id);
    await move(service, unit, { tenantId, state: newErasure(subgraphs, { last: service.name, now }) });
  });
}

/** Takes an answer in, where there is one, and asks for what is due. */
export function continueErasure(
  service: Arthemiz,
  { tenantId, answer }: { tenantId: string; answer?: BatchAnswer },
): Promise<void> {
  return erasing(service, async (unit) => {
    const row = await service.models.TenantErasure.findOne({ _id: tenantId }).lean();
    if (row === null || !row.dueAt) return;
    const before = stateOf(row);
    const at = { now: new Date(), patience: patienceOf(service) };
    const state = answer === undefined ? before : batchAnswered(before, answer, at);
    await move(service, unit, { tenantId, state });
  });
}

/** The tenant's own scope would end with it. */
function erasing(service: Arthemiz, work: (unit: UnitOfWork) => Promise<void>): Promise<void> {
  return acrossTenants('a deleted tenant is erased', () => service.transaction(work));
}

async function move(
  service: Arthemiz,
  unit: UnitOfWork,
  { tenantId, state: reached }: { tenantId: string; state: ErasureState },
): Promise<void> {
  const { state, request } = askNext(reached, { now: new Date(), patience: patienceOf(service) });
  const stored = { parts: [...state.parts], dueAt: state.dueAt };
  await service.models.TenantErasure.updateOne({ _id: tenantId }, { $set: stored }, { upsert: true });
  if (request !== null) {
    await unit.emit('tenancy.erasure.requested.v1', {
      ...{ tenantId, subject: tenantId },
      data: { tenantId, ...request },
    });
  }
  if (state.dueAt === null) await finish(service, unit, { tenantId, state });
}

async function finish(
  service: Arthemiz,
  unit: UnitOfWork,
  { tenantId, state }: { tenantId: string; state: ErasureState },
): Promise<void> {
  const { Tenant } = service.models;
  const tenant = await Tenant.findOne({ _id: tenantId }).orFail().lean();
  const { slug, deletion } = tenant;
  if (!deletion) throw new Error(`The tenant ${tenantId} was erased without having been deleted.`);
  // Its address was in nobody's hands if it never stood.
  if (tenant.status === 'FAILED') await Tenant.deleteOne({ _id: tenantId });
  else
    await Tenant.replaceOne({ _id: tenantId }, tombstoneOf(tenant, { ...deletion, finishedAt: new Date() }));
  const erased = state.parts.reduce((sum, part) => sum + part.erased, 0);
  await tellDeleted(unit, { tenantId, slug, deletedBy: deletion.by, erased, toldTo: platformTenantId });
}

/** What stays: nobody else gets its address, to be taken for it, nor is it made again by a repeated request. */
function tombstoneOf(tenant: TenantRow, deletion: NonNullable<TenantRow['deletion']>): TenantRow {
  const { _id, slug, idempotencyKey, requestDigest, createdAt } = tenant;
  return { _id, slug, name: slug, idempotencyKey, requestDigest, createdAt, status: 'ACTIVE', deletion };
}

function stateOf({ parts, dueAt }: ErasureRow): ErasureState {
  return { parts: parts.map((part) => ({ ...part, error: part.error ?? null })), dueAt: dueAt ?? null };
}
