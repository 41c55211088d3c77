// Liveness: the process runs its event loop. Readiness: it is right to send requests here.
import type { Logger } from 'pino';
import { inTime } from './deadline.ts';

/** One part that the service leans on. */
export interface HealthCheck {
  name: string;
  /**
   * `required`: without it no query can be answered, so the service is not ready.
   * `degrading`: without it queries are still answered, only something beside them waits; shown, and ready.
   */
  necessity: 'required' | 'degrading';
  /** Resolves when the part works; rejects, with a reason for the log, when it does not. */
  check(): Promise<void>;
}

export type Phase = 'starting' | 'ready' | 'draining';

export interface Readiness {
  status: 'ready' | 'degraded' | 'unavailable' | 'starting' | 'draining';
  checks: Record<string, 'up' | 'down'>;
}

export interface Health {
  /** Where the service is in its life; set by whoever starts and stops it. */
  phase: Phase;
  /** Adds a part once it has been opened. @returns what takes it away again. */
  add(check: HealthCheck): () => void;
  readiness(): Promise<Readiness>;
}

export interface HealthOptions {
  /** Most time that one check may take. Default 1,000. */
  deadlineMs?: number;
  /** Is told when a part's state changes while the service is ready. */
  logger?: Logger;
}

export function createHealth({ deadlineMs = 1_000, logger }: HealthOptions = {}): Health {
  const checks = new Set<HealthCheck>();
  const known = new Map<string, 'up' | 'down'>();
  let running: Promise<Readiness> | undefined;

  function tell(part: string, state: 'up' | 'down', reason: unknown): void {
    // While starting, what is "down" has not been connected yet; while draining it has been closed already.
    if (health.phase !== 'ready' || (known.get(part) ?? 'up') === state) return;
    known.set(part, state);
    if (state === 'up') logger?.info({ part, state }, 'readiness check changed');
    else logger?.warn({ part, state, err: reason }, 'readiness check changed');
  }

  async function state({ name, check }: HealthCheck): Promise<'up' | 'down'> {
    let reason: unknown;
    const otherwise = () => {
      throw new Error(`no answer within ${deadlineMs} ms`);
    };
    const result = await inTime(check(), { deadlineMs, otherwise }).then(
      () => 'up' as const,
      (error: unknown) => {
        reason = error;
        return 'down' as const;
      },
    );
    tell(name, result, reason);
    return result;
  }

  async function evaluate(): Promise<Readiness> {
    const results = await Promise.all([...checks].map(async (part) => ({ part, result: await state(part) })));
    const down = results.filter(({ result }) => result === 'down').map(({ part }) => part.necessity);
    const ready = down.includes('required') ? 'unavailable' : down.length > 0 ? 'degraded' : 'ready';
    return {
      status: health.phase === 'ready' ? ready : health.phase,
      checks: Object.fromEntries(results.map(({ part, result }) => [part.name, result])),
    };
  }

  const health: Health = {
    phase: 'starting',
    add(check) {
      checks.add(check);
      return () => {
        checks.delete(check);
        known.delete(check.name);
      };
    },
    readiness() {
      // Probes that come together share one look, so that they cannot load what they look at.
      running ??= evaluate().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
  return health;
}
