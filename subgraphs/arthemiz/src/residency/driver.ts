// Repeats requests that nobody has answered for a while. Every copy looks; subgraphs do nothing twice.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import type { Arthemiz } from '../context.ts';
import { repeatRequest } from './moving.ts';

const pauseMs = 10_000;
const repeatMs = 60_000;
const batchSize = 100;

export function createMoveDriver(service: Arthemiz): Worker {
  return createPolling({
    name: 'moves of tenants',
    pauseMs,
    async look() {
      const askedAt = { $lt: new Date(Date.now() - repeatMs) };
      const waiting = await service.models.TenantMove.find({ status: 'RUNNING', askedAt })
        .limit(batchSize)
        .lean();
      for (const move of waiting) await repeatRequest(service, move);
    },
    onFailure: (error) => service.logger.warn({ err: error }, 'moves were not looked at; trying again'),
  });
}
