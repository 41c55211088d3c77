// Doing at home what follows from a change of the tenant in scope. Where the tenant lives at home, it is part of the change's
// own transaction. Elsewhere a note of it is, and it is done once that is committed: at once, or by whoever looks later.
import { newId } from '@supergraph/chassis/identifiers';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { afterCommit } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import type { HomeTaskRow } from './model.ts';
import { type HomeTaskData, type HomeTaskKind, homeTasks, isHomeTask } from './tasks.ts';

/** In the transaction of the change. */
export async function doAtHome<Kind extends HomeTaskKind>(
  service: Arthemiz,
  kind: Kind,
  data: HomeTaskData<Kind>,
): Promise<void> {
  const [tenantId, createdAt] = [currentTenant(), new Date()];
  const before = soonAfter(createdAt);
  if (isAtHome(service.connection)) {
    await service.transaction(
      async () => void (await homeTasks[kind].act(service, { tenantId, data, before })),
      { at: 'home' },
    );
    return;
  }
  const row = { _id: newId('tsk'), tenantId, kind, data, createdAt };
  await service.models.HomeTask.create([row]);
  await afterCommit(`home task ${row._id}`, () => finishTask(service, row));
}

/** In the tenant's scope and in no transaction. */
export async function finishTask(service: Arthemiz, row: HomeTaskRow): Promise<void> {
  const { _id, tenantId, kind, createdAt } = row;
  if (!isHomeTask(kind)) throw new Error(`This version knows no task ${kind}.`);
  const data: unknown = row.data;
  await service.transaction(
    async () => void (await homeTasks[kind].act(service, { tenantId, data, before: soonAfter(createdAt) })),
    { at: 'home' },
  );
  await service.models.HomeTask.deleteOne({ _id });
}

/** Copies' clocks differ; what begins later than that is no part of what the change ends. */
function soonAfter(moment: Date): Date {
  return new Date(moment.getTime() + 5_000);
}
