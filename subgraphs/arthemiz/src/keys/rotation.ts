// Keeps the signing keys fresh: rotates when it is time, and notices what another copy has rotated.
import type { Worker } from '@supergraph/chassis/subgraph';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';

export function createKeyRotation(service: Arthemiz): Worker {
  const { keys } = partsOf(service);
  const { logger, config } = service;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function look(): Promise<void> {
    try {
      await keys.refresh();
    } catch (error) {
      // The keys in use stay good for a long while; the next look may succeed.
      logger.error({ err: error }, 'signing keys could not be refreshed');
    }
    if (!isStopped) plan();
  }

  function plan(): void {
    timer = setTimeout(() => {
      running = look();
    }, config.SIGNING_KEY_POLL_MS);
  }

  return {
    name: 'signing keys',
    async start() {
      plan();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
