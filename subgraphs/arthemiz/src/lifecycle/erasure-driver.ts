// Begins erasures whose day has come, and asks again where an answer or a retry is due. Every copy looks; what two find at
// once, one of them does.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import type { Arthemiz } from '../context.ts';
import { beginErasure, continueErasure } from './erasing.ts';

/** Most tenants in one look. */
const batchSize = 100;

export function createErasureDriver(service: Arthemiz): Worker {
  const { logger, config } = service;
  return createPolling({
    name: 'erasures',
    pauseMs: config.PROVISIONING_POLL_MS,
    look: () => goOn(service),
    onFailure: (error) => logger.warn({ err: error }, 'deleted tenants were not looked at; trying again'),
  });
}

async function goOn(service: Arthemiz): Promise<void> {
  const { Tenant, TenantErasure } = service.models;
  const due = { $lte: new Date() };
  const toBegin = await Tenant.find({ 'deletion.eraseAt': due, 'deletion.begunAt': null }, { _id: 1 })
    .limit(batchSize)
    .lean();
  for (const { _id } of toBegin) await beginErasure(service, _id);
  const waiting = await TenantErasure.find({ dueAt: due }, { _id: 1 }).limit(batchSize).lean();
  for (const { _id: tenantId } of waiting) await continueErasure(service, { tenantId });
}
