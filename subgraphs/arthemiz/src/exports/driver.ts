// Asks again where an answer or a retry is due. Every copy looks; what two find at once, one of them does.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { continueExport } from './exporting.ts';

/** Most exports in one look. */
const batchSize = 100;

export function createExportDriver(service: Arthemiz): Worker {
  const { logger, config } = service;
  return createPolling({
    name: 'exports',
    pauseMs: config.PROVISIONING_POLL_MS,
    look: () => goOn(service),
    onFailure: (error) => logger.warn({ err: error }, 'exports were not looked at; trying again'),
  });
}

async function goOn(service: Arthemiz): Promise<void> {
  const now = new Date();
  const waiting = await acrossTenants('exports of all tenants go on', () =>
    service.models.TenantExport.find({ dueAt: { $lte: now }, expiresAt: { $gt: now } }, { tenantId: 1 })
      .sort({ dueAt: 1 })
      .limit(batchSize)
      .lean(),
  );
  for (const { _id: exportId, tenantId } of waiting)
    await inTenant(tenantId, () => continueExport(service, { exportId }));
}
