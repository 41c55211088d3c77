// Keeps the signing keys fresh: rotates when it is time, and notices what another copy has rotated.

import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';

export function createKeyRotation(service: Arthemiz): Worker {
  const { keys } = partsOf(service);
  const { logger, config } = service;
  return createPolling({
    name: 'signing keys',
    pauseMs: config.SIGNING_KEY_POLL_MS,
    look: () => keys.refresh(),
    // The keys in use stay good for a long while; the next look may succeed.
    onFailure: (error) => logger.error({ err: error }, 'signing keys could not be refreshed'),
  });
}
