// Asks again where an answer or a retry is due. Every copy looks; what two find at once, one of them does.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { continueExport } from './exporting.ts';

/** Most exports in one look, of each region. */
const batchSize = 100;

export function createExportDriver(service: Arthemiz): Worker {
  const { logger, config, regions } = service;
  return createPolling({
    name: 'exports',
    pauseMs: config.PROVISIONING_POLL_MS,
    look: async () => {
      for (const { name: region } of regions)
        await goOn(service, region).catch((error: unknown) =>
          logger.warn({ err: error, region }, 'exports were not looked at; trying again'),
        );
    },
    onFailure: (error) => logger.warn({ err: error }, 'exports were not looked at; trying again'),
  });
}

async function goOn(service: Arthemiz, region: string): Promise<void> {
  const now = new Date();
  const waiting = await acrossTenants(
    'exports of all tenants go on',
    () =>
      service.models.TenantExport.find({ dueAt: { $lte: now }, expiresAt: { $gt: now } }, { tenantId: 1 })
        .sort({ dueAt: 1 })
        .limit(batchSize)
        .lean(),
    { region },
  );
  for (const { _id: exportId, tenantId } of waiting)
    await inTenant(tenantId, () => continueExport(service, { exportId })).catch((error: unknown) =>
      service.logger.warn({ err: error, exportId }, 'an export did not go on; trying again'),
    );
}
