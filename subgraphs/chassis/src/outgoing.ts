// The one way to call something outside of this process: with a deadline, a circuit breaker per target, retries
// only of what may be repeated, metrics and the trace passed on.
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import type { Logger } from 'pino';
import { unlessAborted } from './deadline.ts';
import { type HttpClient, type HttpClientOptions, openHttpClient } from './http-client.ts';
import type { Metrics } from './metrics.ts';
import { inSpan } from './tracing.ts';

/** A call that did not succeed. The message names the target, never the address. */
export class OutgoingError extends Error {
  override readonly name = 'OutgoingError';
  readonly target: string;
  /** `failure`: it answered wrongly or not at all; `deadline`: not in time; `rejected`: not tried, its circuit is open. */
  readonly outcome: 'failure' | 'deadline' | 'rejected';

  constructor(target: string, outcome: OutgoingError['outcome'], cause?: unknown) {
    const what = {
      failure: 'failed',
      deadline: 'did not answer in time',
      rejected: 'is failing and was not tried',
    };
    super(`${target} ${what[outcome]}.`, { cause });
    this.target = target;
    this.outcome = outcome;
  }
}

export interface GuardOptions {
  /** Most time for a call with all its attempts. Default 5,000. */
  deadlineMs?: number;
  /** Most attempts of a call that may be repeated. Default 3. */
  attempts?: number;
  /** Upper bound of the first pause between attempts; it doubles each time. Default 100. */
  firstPauseMs?: number;
  /** Failures in a row that open the circuit. Default 5. */
  breakAfter?: number;
  /** How long an open circuit waits before one call tries again. Default 10,000. */
  breakForMs?: number;
  /** Errors that say nothing about the target's health, such as its refusal of our input. Default: none. */
  isRefusal?: (error: unknown) => boolean;
}

export interface CallOptions {
  /** `safe` only when doing it twice does no more than doing it once: then it is retried. */
  repetition: 'safe' | 'unsafe';
  /** Ends the call early. */
  signal?: AbortSignal | undefined;
}

export interface Guard {
  readonly target: string;
  readonly isOpen: boolean;
  /**
   * Runs `work`, which must heed the signal.
   * @throws OutgoingError, or what `isRefusal` recognised, as it was thrown.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, options: CallOptions): Promise<T>;
}

export interface Outgoing {
  /** The guard of a target; the same name gives the same circuit, with the options of its first use. */
  guard(target: string, options?: GuardOptions): Guard;
  /** An HTTP client for one target with its own connection pool. Close is left to `Outgoing.close`. */
  http(target: string, options?: GuardOptions & HttpClientOptions): HttpClient;
  close(): Promise<void>;
}

export function createOutgoing({ metrics, logger }: { metrics: Metrics; logger: Logger }): Outgoing {
  const guards = new Map<string, Guard>();
  const clients = new Map<string, HttpClient>();
  const guard: Outgoing['guard'] = (target, options = {}) => {
    const known = guards.get(target);
    if (known !== undefined) return known;
    const created = createGuard(target, options, { metrics, logger });
    guards.set(target, created);
    return created;
  };
  return {
    guard,
    http(target, options = {}) {
      const known = clients.get(target);
      if (known !== undefined) return known;
      const client = openHttpClient(
        (guardOptions) => guard(target, { ...options, ...guardOptions }),
        options,
      );
      clients.set(target, client);
      return client;
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
}

function createGuard(
  target: string,
  options: GuardOptions,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
): Guard {
  const {
    deadlineMs = 5_000,
    attempts = 3,
    firstPauseMs = 100,
    breakAfter = 5,
    breakForMs = 10_000,
  } = options;
  const isRefusal = options.isRefusal ?? (() => false);
  const breaker = circuitBreaker(
    handleWhen((error) => !isRefusal(error) && !(error instanceof CallerLeft)),
    { halfOpenAfter: breakForMs, breaker: new ConsecutiveBreaker(breakAfter) },
  );
  metrics.breakers.set({ target }, 0);
  breaker.onStateChange((state) => {
    metrics.breakers.set(
      { target },
      state === CircuitState.Closed ? 0 : state === CircuitState.HalfOpen ? 2 : 1,
    );
    logger.warn({ target, state: CircuitState[state] }, 'circuit changed');
  });

  async function attempt<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const startedAt = performance.now();
    const measure = (outcome: string) =>
      metrics.outgoingCalls.observe({ target, outcome }, (performance.now() - startedAt) / 1000);
    try {
      const result = await breaker.execute(() => unlessAborted(work(signal), signal));
      measure('success');
      return result;
    } catch (error) {
      if (isRefusal(error)) {
        measure('refused');
        throw error;
      }
      const outcome =
        error instanceof BrokenCircuitError
          ? 'rejected'
          : error instanceof DeadlinePassed
            ? 'deadline'
            : 'failure';
      measure(outcome);
      throw new OutgoingError(target, outcome, error);
    }
  }

  return {
    target,
    get isOpen() {
      return breaker.state === CircuitState.Open;
    },
    run(work, { repetition, signal: given }) {
      const signal = deadlineSignal(deadlineMs, given);
      return inSpan(`call ${target}`, { 'peer.service': target }, async (span) => {
        const most = repetition === 'safe' ? attempts : 1;
        for (let number = 1; ; number++) {
          try {
            return await attempt(work, signal.signal);
          } catch (error) {
            const isWorthMore = error instanceof OutgoingError && error.outcome === 'failure';
            if (number >= most || !isWorthMore || signal.signal.aborted) throw error;
            span.addEvent('retry', { attempt: number });
            // Full jitter: callers that failed together do not come back together.
            await pause(Math.random() * firstPauseMs * 2 ** (number - 1), signal.signal);
            if (signal.signal.aborted) throw new OutgoingError(target, 'deadline', error);
          }
        }
      }).finally(signal.clear);
    },
  };
}

class DeadlinePassed extends Error {}
class CallerLeft extends Error {}

function deadlineSignal(
  deadlineMs: number,
  given: AbortSignal | undefined,
): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DeadlinePassed()), deadlineMs);
  const leave = () => controller.abort(new CallerLeft());
  if (given?.aborted === true) leave();
  given?.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      given?.removeEventListener('abort', leave);
    },
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
  });
}
