// A tenant's move as operators ask for it and subgraphs answer. Each subgraph moves its own part (chassis, residency):
// what is kept here is who was asked, and what they said, in one transaction with the request.
import { acrossTenants, platformTenantId } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { lifecycleOf } from '../lifecycle/openness.ts';
import {
  deletionBegun,
  type LifecycleRefusal,
  tenantNotFound,
  tenantProtected,
} from '../lifecycle/refusals.ts';
import { hasBegun } from '../lifecycle/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import type { TenantMoveRow } from './model.ts';
import {
  type Answer,
  answered,
  isRegion,
  type MoveRefusal,
  moveRunning,
  regionOf,
  regionUnknown,
  statusOf,
} from './rules.ts';

export type MoveOutcome = { tenant: TenantRow } | { refusal: MoveRefusal | LifecycleRefusal };

/** Begins to move a tenant. What is on its way there already, or is there, is left as it is. */
export async function moveTenant(
  service: Arthemiz,
  { tenantId, region: to }: { tenantId: string; region: string },
): Promise<MoveOutcome> {
  const { models, config } = service;
  if (tenantId === platformTenantId) return { refusal: tenantProtected() };
  if (!isRegion(config, to)) return { refusal: regionUnknown(config) };
  return service.transaction(async (unit) => {
    // Counted first, so that two who move it at once take turns.
    const tenant = await models.Tenant.findOneAndUpdate(
      { _id: tenantId },
      { $inc: { moves: 1 } },
      { returnDocument: 'after' },
    ).lean();
    if (tenant === null) return { refusal: tenantNotFound() };
    // An erasure asks each subgraph where the tenant lives; beginErasure waits for a move in turn.
    if (hasBegun(lifecycleOf(tenant))) return { refusal: deletionBegun() };
    const last = await models.TenantMove.findOne({ _id: tenantId }).lean();
    const from = regionOf(tenant, config);
    if (last?.status === 'RUNNING') return last.to === to ? { tenant } : { refusal: moveRunning() };
    // After a failure subgraphs may be in both regions, so they are asked also for the one where it is.
    if (from === to && last?.status !== 'FAILED') return { tenant };
    const now = new Date();
    const asked = (await models.StepDeclaration.find().sort({ _id: 1 }).lean()).map(({ _id }) => _id);
    const parts = asked.map((subgraph) => ({ subgraph, status: 'MOVING' as const, error: null }));
    const move: TenantMoveRow = {
      ...{ _id: tenantId, sequence: tenant.moves ?? 1, from, to, parts, status: statusOf(parts) },
      ...{ askedAt: now, startedAt: now, finishedAt: null },
    };
    await models.TenantMove.updateOne(
      { _id: tenantId },
      { $set: { ...move, parts: [...move.parts] } },
      { upsert: true },
    );
    await ask(unit, move);
    if (move.status !== 'RUNNING') await finish(service, unit, move);
    return { tenant };
  });
}

/** Where the tenant's data is meant to lie; null where there is no such tenant. */
export async function regionOfTenant(
  { models, config }: Pick<Arthemiz, 'models' | 'config'>,
  tenantId: string,
): Promise<string | null> {
  const tenant = await models.Tenant.findOne({ _id: tenantId }, { region: 1 }).lean();
  return tenant === null ? null : regionOf(tenant, config);
}

/** The ids of all tenants. */
export async function* everyTenant({ models }: Pick<Arthemiz, 'models'>): AsyncIterable<string> {
  for await (const { _id } of models.Tenant.find({}, { _id: 1 }).lean().cursor()) yield _id;
}

/** Notes what a subgraph says. An answer to an earlier request, or one that was told twice, changes nothing. */
export async function noteAnswer(
  service: Arthemiz,
  unit: Pick<UnitOfWork, 'emit'>,
  { tenantId, sequence, ...answer }: Answer & { tenantId: string; sequence: number },
): Promise<void> {
  const { TenantMove } = service.models;
  const move = await TenantMove.findOne({ _id: tenantId, sequence, status: 'RUNNING' }).lean();
  if (move === null) return;
  const progress = answered(move, answer);
  await TenantMove.updateOne(
    { _id: tenantId },
    { $set: { parts: [...progress.parts], status: progress.status } },
  );
  if (progress.status !== 'RUNNING') await finish(service, unit, { ...move, ...progress });
}

/** Asks again, for whoever lost the request. */
export async function repeatRequest(service: Arthemiz, { _id, sequence }: TenantMoveRow): Promise<void> {
  await service.transaction(async (unit) => {
    const running = { _id, sequence, status: 'RUNNING' } as const;
    const move = await service.models.TenantMove.findOneAndUpdate(running, {
      $set: { askedAt: new Date() },
    }).lean();
    if (move !== null) await ask(unit, move);
  });
}

function ask({ emit }: Pick<UnitOfWork, 'emit'>, { _id: tenantId, to: region, sequence }: TenantMoveRow) {
  // To the platform's own tenant: the tenant's own events wait while it moves.
  return emit('tenancy.move.requested.v1', {
    subject: tenantId,
    tenantId: platformTenantId,
    data: { tenantId, region, sequence },
  });
}

async function finish(
  { models }: Arthemiz,
  { emit }: Pick<UnitOfWork, 'emit'>,
  { _id: tenantId, from, to, status }: TenantMoveRow,
): Promise<void> {
  await models.TenantMove.updateOne({ _id: tenantId }, { $set: { finishedAt: new Date() } });
  if (status !== 'SUCCEEDED') return;
  await models.Tenant.updateOne({ _id: tenantId }, { $set: { region: to } });
  await acrossTenants('a tenant is told that it has moved', () =>
    emit('arthemiz.tenant.moved.v1', { subject: tenantId, tenantId, data: { tenantId, from, to } }),
  );
}
