// What it takes to make an operation ready that nobody has sent before (parsing, validation, decisions, plan) is all the
// time of the gateway's own that one request can take, up to half a second, and within all other limits. Each caller
// has an allowance of it in each process, counted by what it did take. What is remembered is free.
import { PlatformError, rateLimited } from '@supergraph/chassis/errors';
import { LRUCache } from 'lru-cache';
import type { OperationContext } from '../context.ts';
import { networkOf } from './network.ts';
import type { RateLimitsConfig } from './rateLimitPolicies.ts';
import { TokenBucket } from './tokenBucket.ts';

/** Whose allowance it is. */
export type Payer = Pick<OperationContext, 'session' | 'ipAddress'>;

export interface Planning {
  /**
   * Does what is remembered for the next time, and charges what it took; free of charge where nobody is to pay. What takes
   * more than is left is done, and paid off before anything else is.
   * @throws PlatformError RATE_LIMITED where nothing is left
   */
  spend<T>(payer: Payer | undefined, work: () => T): T;
}

export interface PlanningOptions {
  /** Null: everything is free. */
  config: RateLimitsConfig['planning'];
  /** Told of each refusal. */
  onRefused(): void;
  /** Told how long each work took. */
  onSpent(milliseconds: number): void;
  /** Most callers remembered. Default 50,000. */
  cacheSize?: number;
}

export function createPlanning(options: PlanningOptions): Planning {
  const { config, onRefused, onSpent, cacheSize = 50_000 } = options;
  const allowances = new LRUCache<string, TokenBucket>({ max: cacheSize });

  function allowanceOf({ session: { viewer }, ipAddress }: Payer): TokenBucket | undefined {
    if (config === null) return undefined;
    const key = viewer.isAnonymous ? `address ${networkOf(ipAddress)}` : `person ${viewer.subject}`;
    const known = allowances.get(key);
    if (known !== undefined) return known;
    const { milliseconds: burst, seconds } = config;
    const allowance = new TokenBucket({ perSecond: burst / seconds, burst });
    allowances.set(key, allowance);
    return allowance;
  }

  function demandSome(allowance: TokenBucket): void {
    const waitMs = allowance.waitMs();
    if (waitMs === 0 || config === null) return;
    onRefused();
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    const resetAt = new Date(Date.now() + retryAfterSeconds * 1000).toISOString();
    const message = `The limit "planning" is used up: new operations that take ${config.milliseconds} ms to plan in ${config.seconds} s. Wait ${retryAfterSeconds} s and send it again; operations that were sent before are answered meanwhile.`;
    throw rateLimited(message, { extensions: { limit: 'planning', retryAfterSeconds, resetAt } });
  }

  return {
    spend(payer, work) {
      const allowance = payer && allowanceOf(payer);
      if (allowance) demandSome(allowance);
      const startedAt = performance.now();
      try {
        return work();
      } finally {
        const milliseconds = performance.now() - startedAt;
        allowance?.spend(milliseconds);
        onSpent(milliseconds);
      }
    },
  };
}

/** How long to wait with what was refused for want of an allowance; undefined for other errors. */
export function planningWaitMs(error: unknown): number | undefined {
  if (!(error instanceof PlatformError) || error.extensions.limit !== 'planning') return undefined;
  return 1_000 * Number(error.extensions.retryAfterSeconds);
}
