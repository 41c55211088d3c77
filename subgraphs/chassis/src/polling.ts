// A worker that looks, pauses and looks again. A look that failed is followed by the next one all the same.
import type { Worker } from './service.ts';

export interface PollingOptions {
  name: string;
  pauseMs: number;
  look(): Promise<unknown>;
  onFailure(error: unknown): void;
}

/** Its first look is after the first pause; what is under way at the stop is awaited. */
export function createPolling({ name, pauseMs, look, onFailure }: PollingOptions): Worker {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  const plan = () => {
    if (isStopped) return;
    timer = setTimeout(() => {
      looking = look().catch(onFailure).finally(plan);
    }, pauseMs);
  };

  return {
    name,
    async start() {
      plan();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
