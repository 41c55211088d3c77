// Finishes what a process that died has left: tasks at home, and changes of grants that were not counted there yet.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { countAtHome } from '../grants/counting.ts';
import { finishTask } from './doing.ts';

const pollMs = 1_000;
/** Whoever made the change does it within this time, unless they died. */
const patienceMs = 2_000;
const batchSize = 100;

export function createHomeTasks(service: Arthemiz): Worker {
  return createPolling({
    name: 'tasks at home',
    pauseMs: pollMs,
    look: () => finishLeft(service),
    onFailure: (error) =>
      service.logger.error({ err: error }, 'what follows at home was not looked at; trying again'),
  });
}

async function finishLeft(service: Arthemiz): Promise<void> {
  // Where there is one region, nothing is ever left: it is one with the change.
  if (service.regions.length === 1) return;
  for (const { name: region } of service.regions)
    await finishIn(service, region).catch((error: unknown) =>
      service.logger.warn({ err: error, region }, 'what follows at home was not done; trying again'),
    );
}

async function finishIn(service: Arthemiz, region: string): Promise<void> {
  const { HomeTask, TenantTurns } = service.models;
  const before = new Date(Date.now() - patienceMs);
  const reason = 'changes of all tenants have effects at home';
  const tasks = await acrossTenants(
    reason,
    () =>
      HomeTask.find({ createdAt: { $lte: before } })
        .sort({ createdAt: 1 })
        .limit(batchSize)
        .lean(),
    { region },
  );
  for (const task of tasks)
    await inTenant(task.tenantId, () => finishTask(service, task)).catch((error: unknown) =>
      service.logger.warn(
        { err: error, task: task._id, kind: task.kind },
        'a task at home failed; trying again',
      ),
    );
  const uncounted = await acrossTenants(
    reason,
    () =>
      TenantTurns.find({ uncountedSince: { $lte: before } })
        .limit(batchSize)
        .lean(),
    { region },
  );
  for (const { _id: tenantId } of uncounted) await inTenant(tenantId, () => countAtHome(service, tenantId));
}
