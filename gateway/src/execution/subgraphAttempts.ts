// One attempt to ask a subgraph: its circuit, its turn, the request, and what is noted of how it went.
import type { Logger } from '@supergraph/chassis/logging';
import { passportHeader } from '@supergraph/chassis/passport';
import { currentTraceparent } from '@supergraph/chassis/tracing';
import type { OperationContext } from '../context.ts';
import type { FetchingViewers, ViewerAtSubgraph } from './fetchingViewers.ts';
import { Bulkhead } from './resilience/bulkhead.ts';
import { Circuit, type CircuitState } from './resilience/circuit.ts';
import type { Interruption } from './resilience/interruption.ts';
import { openSubgraphHttp } from './subgraphHttp.ts';
import type { SubgraphMetrics } from './subgraphMetrics.ts';
import { type FetchFailure, SubgraphUnavailable } from './subgraphUnavailable.ts';

export interface SubgraphAttemptsOptions {
  name: string;
  url: string;
  viewers: FetchingViewers;
  metrics: SubgraphMetrics;
  logger: Logger;
  connections: number;
  waiting: number;
  maximumAnswerBytes: number;
  breakAfter: number;
  breakForMs: number;
}

/** What is asked, for whom. */
export interface Question {
  body: string;
  context: OperationContext;
  here: ViewerAtSubgraph;
  interruption: Interruption;
}

export interface SubgraphAttempts {
  /** @throws SubgraphUnavailable; its cause is a HttpStatusError where the answer was another than 200. */
  ask(question: Question): Promise<string>;
  close(): Promise<void>;
}

/** An answer other than 200. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  /** Whether it speaks of the subgraph's trouble. If not, gateway and subgraph disagree on schema or keys. */
  readonly isTrouble: boolean;

  constructor(status: number) {
    super(`HTTP status ${status}`);
    this.isTrouble = status >= 500 || status === 429;
  }
}

/** How long a passport is used before the mint is asked again: half of its 60 s at most are over then. */
const passportFreshMs = 5_000;
const circuitLevels: Record<CircuitState, number> = { closed: 0, open: 1, 'half-open': 2 };

export function createSubgraphAttempts(options: SubgraphAttemptsOptions): SubgraphAttempts {
  const { name, url, viewers, metrics, logger } = options;
  const { connections, waiting, maximumAnswerBytes, breakAfter, breakForMs } = options;
  const http = openSubgraphHttp({ url, connections, maximumAnswerBytes });
  const bulkhead = new Bulkhead({ atOnce: connections, waiting });
  const circuit = new Circuit({
    ...{ breakAfter, breakForMs, failureShare: 0.5, leastCalls: 20 },
    onChange(state) {
      metrics.breakers.set({ target: name }, circuitLevels[state]);
      logger.warn({ target: name, state }, 'circuit changed');
    },
  });
  metrics.breakers.set({ target: name }, circuitLevels.closed);
  const measure = measureCalls(name, metrics);
  const stopLooking = metrics.watch(name, bulkhead);

  async function post({ here, context, body, interruption }: Question): Promise<string> {
    if (performance.now() > here.passportIsFreshUntil) {
      here.passport = await viewers.mintPassport(context.session.viewer, name);
      here.passportIsFreshUntil = performance.now() + passportFreshMs;
    }
    const headers = ['content-type', 'application/json', 'accept', 'application/json'];
    headers.push(passportHeader, here.passport, 'x-request-id', context.requestId);
    if (context.ipAddress !== undefined) headers.push('x-forwarded-for', context.ipAddress);
    const traceparent = currentTraceparent();
    if (traceparent !== undefined) headers.push('traceparent', traceparent);
    if (interruption.reason) throw interruption.reason;
    const { status, text } = await http.post({ headers, body, interruption });
    if (status !== 200) throw new HttpStatusError(status);
    return text;
  }

  async function askInTurn(question: Question, startedAt: number): Promise<string> {
    const pass = circuit.admit(startedAt);
    if (pass === undefined) throw new SubgraphUnavailable(name, 'rejected');
    try {
      const text = await post(question);
      circuit.succeeded(pass, performance.now());
      return text;
    } catch (error) {
      if (error instanceof HttpStatusError && !error.isTrouble) circuit.succeeded(pass, performance.now());
      else if (error instanceof SubgraphUnavailable && error.outcome === 'left') circuit.abandoned(pass);
      else circuit.failed(pass, performance.now());
      throw error;
    }
  }

  async function ask(question: Question): Promise<string> {
    if (circuit.refuses(performance.now())) throw new SubgraphUnavailable(name, 'rejected');
    if (bulkhead.isFull) throw new SubgraphUnavailable(name, 'overloaded');
    const turn = bulkhead.enter(question.interruption);
    if (turn !== undefined) await turn;
    try {
      return await askInTurn(question, performance.now());
    } finally {
      bulkhead.leave();
    }
  }

  return {
    async ask(question) {
      const startedAt = performance.now();
      try {
        const text = await ask(question);
        measure('success', performance.now() - startedAt);
        return text;
      } catch (error) {
        const failure =
          error instanceof SubgraphUnavailable ? error : new SubgraphUnavailable(name, 'failure', error);
        measure(failure.outcome, performance.now() - startedAt);
        throw failure;
      }
    },
    close() {
      stopLooking();
      return http.close();
    },
  };
}

/** Looks a series up once, not with each call. */
function measureCalls(target: string, { outgoingCalls }: SubgraphMetrics) {
  const series = new Map<string, { observe(seconds: number): void }>();
  return (outcome: 'success' | FetchFailure, milliseconds: number) => {
    let known = series.get(outcome);
    if (known === undefined) {
      known = outgoingCalls.labels({ target, outcome });
      series.set(outcome, known);
    }
    known.observe(milliseconds / 1000);
  };
}
