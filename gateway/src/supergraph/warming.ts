// What is used most of one supergraph is made ready for the next one before that is served: else all that clients send
// would be planned anew at the same moment, and everybody would wait.
import { setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '@supergraph/chassis/logging';
import type { OwnOperations } from '../operations.ts';

export interface WarmingOptions {
  from: Pick<OwnOperations, 'mostUsed'>;
  to: Pick<OwnOperations, 'makeReady'>;
  logger: Logger;
  /** Most operations. Default 100. */
  most?: number;
  /** Most time for the work on them. Default 1 s. */
  mostMs?: number;
}

/** Never rejects: what cannot be made ready is told of when somebody asks for it. @returns how many are ready */
export async function warm({
  from,
  to,
  logger,
  most = 100,
  mostMs = 1_000,
}: WarmingOptions): Promise<number> {
  let ready = 0;
  let spentMs = 0;
  for (const { source, times } of from.mostUsed(most)) {
    if (spentMs > mostMs) break;
    // One at a time: the supergraph before is served meanwhile.
    await turn();
    const startedAt = performance.now();
    try {
      const use = to.makeReady(source);
      // What was used long ago counts for ever less.
      if (use) use.times += Math.ceil(times / 2);
      if (use) ready += 1;
    } catch (error) {
      logger.debug({ err: error }, 'an operation could not be made ready for the new supergraph');
    }
    spentMs += performance.now() - startedAt;
  }
  return ready;
}
