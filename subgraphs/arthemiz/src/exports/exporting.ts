// Exporting a tenant's data from every subgraph, as it is stored. Each move is one transaction: the new state and the
// request that it takes; so wherever a process dies, the next answer or look goes on from there.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { isOpenTenant } from '../lifecycle/openness.ts';
import { patienceOf } from '../lifecycle/patience.ts';
import { askNext } from '../lifecycle/rounds.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { takeTurn } from '../turns/taking.ts';
import type { TenantExportRow } from './model.ts';
import { type ExportAnswer, type ExportState, exportAnswered, newExport } from './rules.ts';

/** In the tenant's scope. One that is under way is answered with; one from before is replaced, and so are its files. */
export function startExport(
  service: Arthemiz,
  { tenantId, requestedBy }: { tenantId: string; requestedBy: string },
): Promise<TenantExportRow> {
  const { TenantExport, StepDeclaration } = service.models;
  return inTenantsRegion(service, async (unit) => {
    await takeTurn(service, 'exportsMade');
    const now = new Date();
    const known = await TenantExport.findOne().lean();
    if (known?.dueAt && known.expiresAt > now) return known;
    await TenantExport.deleteMany({});
    const declared = (await StepDeclaration.find({}, { _id: 1 }).lean()).map(({ _id }) => _id);
    const { expiresAt, ...state } = newExport([...declared, service.name], now);
    const [made] = await TenantExport.create([
      { requestedBy, parts: [...state.parts], createdAt: now, expiresAt },
    ]);
    if (made === undefined) throw new Error('The export was not stored.');
    const exportId = made._id;
    await unit.emit('arthemiz.tenant.export-requested.v1', {
      subject: tenantId,
      data: { tenantId, exportId, requestedBy, expiresAt: expiresAt.toISOString() },
    });
    await move(service, unit, { row: made.toObject(), state });
    return TenantExport.findOne({ _id: exportId }).orFail().lean();
  });
}

/** In the tenant's scope. Takes an answer in, where there is one, and asks for what is due. */
export async function continueExport(
  service: Arthemiz,
  { exportId, answer }: { exportId: string; answer?: ExportAnswer },
): Promise<void> {
  const { TenantExport } = service.models;
  await inTenantsRegion(service, async (unit) => {
    const row = await TenantExport.findOne({ _id: exportId }).lean();
    if (row === null || !row.dueAt) return;
    // Nobody of it could fetch it, and what is being erased must not be written anew.
    if (!(await isOpenTenant(service, row.tenantId))) {
      await TenantExport.deleteOne({ _id: exportId });
      return;
    }
    const before = stateOf(row);
    const at = { now: new Date(), patience: patienceOf(service) };
    const state = answer === undefined ? before : exportAnswered(before, answer, at);
    await move(service, unit, { row, state });
  });
}

async function move(
  service: Arthemiz,
  unit: UnitOfWork,
  { row, state: reached }: { row: TenantExportRow; state: ExportState },
): Promise<void> {
  const { _id: exportId, tenantId, expiresAt } = row;
  const now = new Date();
  const { state, request } = askNext(reached, { now, patience: patienceOf(service) });
  const stored = {
    parts: [...state.parts],
    dueAt: state.dueAt,
    finishedAt: state.dueAt === null ? now : null,
  };
  await service.models.TenantExport.updateOne({ _id: exportId }, { $set: stored });
  if (request === null) return;
  await unit.emit('tenancy.export.requested.v1', {
    subject: tenantId,
    data: { tenantId, exportId, expiresAt: expiresAt.toISOString(), ...request },
  });
}

function stateOf({ parts, dueAt }: TenantExportRow): ExportState {
  return { parts: parts.map((part) => ({ ...part, error: part.error ?? null })), dueAt: dueAt ?? null };
}
