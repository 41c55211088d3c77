// One subgraph over HTTP: identical queries of a viewer asked once, a deadline, and retries of what may be repeated.
// Every operation passes here several times, so this is built for little work per fetch, and not on the chassis's
// `outgoing`, whose guard costs three times as much as the request itself.
import type { Logger } from '@supergraph/chassis/logging';
import type { Outgoing } from '@supergraph/chassis/outgoing';
import { inSpan } from '@supergraph/chassis/tracing';
import type { OperationContext } from '../context.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';
import type { FetchingViewer, FetchingViewers, ViewerAtSubgraph } from './fetchingViewers.ts';
import { Deadlines } from './resilience/deadlines.ts';
import { Interruption } from './resilience/interruption.ts';
import { pauseUnlessInterrupted } from './resilience/pause.ts';
import { RetryBudget } from './resilience/retryBudget.ts';
import { SharedWork } from './sharedWork.ts';
import { createSubgraphAttempts, HttpStatusError } from './subgraphAttempts.ts';
import type { SubgraphMetrics } from './subgraphMetrics.ts';
import { SubgraphUnavailable } from './subgraphUnavailable.ts';

export { SubgraphUnavailable } from './subgraphUnavailable.ts';

export interface SubgraphFetch {
  /** A GraphQL-over-HTTP request as JSON text. */
  body: string;
  kind: 'query' | 'mutation';
}

export interface SubgraphClient {
  /** Its name in the supergraph. */
  readonly name: string;
  /**
   * Identical queries of a viewer that are under way at once are asked once, unless a mutation of theirs ended between,
   * or an event is to be completed.
   * @returns the text of an answer with status 200, whatever it says.
   * @throws SubgraphUnavailable
   */
  fetch(request: SubgraphFetch, context: OperationContext): Promise<string>;
  /** Rejects where the subgraph says that it can't serve now, or says nothing. */
  demandReady(): Promise<void>;
  /** Cuts off what is under way. */
  close(): Promise<void>;
}

/** Bounds of one subgraph's fetches. */
export interface SubgraphBounds {
  /** Most time for one fetch with its turn and its retries. Default 10 seconds. */
  deadlineMs?: number | undefined;
  /** Most fetches at once, each on a connection of its own. Default 64. */
  connections?: number;
  /** Most fetches that wait for their turn; more are refused at once. Default 1,024. */
  waiting?: number;
  /** Largest answer that is read. Default 16 MiB. */
  maximumAnswerBytes?: number;
  /** Most attempts of a query. Default 3. */
  attempts?: number;
  /** Failures in a row that open the circuit. Default 10; it opens too when half of at least 20 fetches failed. */
  breakAfter?: number;
  /** How long an open circuit waits before one fetch tries again. Default 1 second: it is to be noticed soon. */
  breakForMs?: number;
}

export interface SubgraphClientOptions extends SubgraphBounds {
  name: string;
  /** Its GraphQL endpoint on the internal network. */
  url: string;
  viewers: FetchingViewers;
  /** For its readiness, which is asked for apart from what it serves. */
  outgoing: Outgoing;
  metrics: SubgraphMetrics;
  logger: Logger;
}

/** One fetch with all its attempts. */
interface Fetch extends SubgraphFetch {
  context: OperationContext;
  viewer: FetchingViewer;
  here: ViewerAtSubgraph;
  interruption: Interruption;
}

/** Upper bound of the first pause between attempts; it doubles each time. */
const firstPauseMs = 100;

export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const { name, url, viewers, outgoing, metrics, logger } = options;
  const { deadlineMs = 10_000, connections = 64, waiting = 1_024, attempts = 3 } = options;
  const { maximumAnswerBytes = 16 * 1_048_576, breakAfter = 10, breakForMs = 1_000 } = options;
  const { ask, close } = createSubgraphAttempts({
    ...{ name, url, viewers, metrics, logger },
    ...{ connections, waiting, maximumAnswerBytes, breakAfter, breakForMs },
  });
  const budget = new RetryBudget();
  const deadlines = new Deadlines({
    deadlineMs,
    reason: () => new SubgraphUnavailable(name, 'deadline'),
  });
  const left = () => new SubgraphUnavailable(name, 'left');
  /** Identifies this client where viewers keep what is theirs here. */
  const key = {};
  // A storm of failures is told by a few of them.
  const logs = new TokenBucket({ perSecond: 1, burst: 10 });

  // A circuit of its own that never opens: it is asked in order to know whether the subgraph is back.
  const probe = { deadlineMs: 900, attempts: 1, breakAfter: Number.POSITIVE_INFINITY, connections: 1 };
  const readiness = outgoing.http(`${name} readiness`, probe);

  function mayRetry({ kind, interruption }: Fetch, error: unknown, number: number): boolean {
    if (kind === 'mutation' || number >= attempts || interruption.reason !== undefined) return false;
    if (!(error instanceof SubgraphUnavailable) || error.outcome !== 'failure') return false;
    if (error.cause instanceof HttpStatusError && !error.cause.isTrouble) return false;
    const isMade = budget.spend();
    metrics.retries.inc({ subgraph: name, outcome: isMade ? 'made' : 'withheld' });
    return isMade;
  }

  async function run(fetch: Fetch): Promise<string> {
    const { kind, viewer, interruption } = fetch;
    deadlines.begin(interruption, performance.now());
    if (kind === 'query') budget.earn();
    try {
      for (let number = 1; ; number += 1) {
        try {
          return await ask(fetch);
        } catch (error) {
          if (!mayRetry(fetch, error, number)) throw error;
          // Full jitter: fetches that failed together do not come back together.
          await pauseUnlessInterrupted(Math.random() * firstPauseMs * 2 ** (number - 1), interruption);
        }
      }
    } catch (error) {
      const outcome = error instanceof SubgraphUnavailable ? error.outcome : 'failure';
      if (outcome !== 'rejected' && outcome !== 'left' && logs.take())
        logger.warn({ err: error, subgraph: name }, 'a subgraph could not be asked');
      throw error;
    } finally {
      deadlines.end(interruption);
      if (kind === 'mutation') viewer.mutationsEnded += 1;
    }
  }

  function begin(
    { body, kind }: SubgraphFetch,
    context: OperationContext,
    viewer: FetchingViewer,
  ): SharedWork<string> {
    const interruption = new Interruption();
    const fetch = { body, kind, context, viewer, here: viewer.at(key), interruption };
    const startedAt = performance.now();
    return new SharedWork({
      answer: inSpan(`call ${name}`, { 'peer.service': name }, () => run(fetch)),
      // Who comes later asks anew: what is left of the deadline would be too short.
      isOpen: () => interruption.reason === undefined && performance.now() < startedAt + deadlineMs / 2,
      giveUp: () => interruption.interrupt(left()),
    });
  }

  return {
    name,
    async demandReady() {
      await readiness.request({ url: new URL('/health/ready', url) });
    },
    fetch(request, context) {
      const { session, cancellation, ipAddress } = context;
      if (cancellation?.isCancelled) return Promise.reject(left());
      const viewer = viewers.of(session.viewer);
      if (request.kind === 'mutation' || context.isOfEvent)
        return begin(request, context, viewer).join(cancellation, left);
      let isNew = false;
      const work = viewer.at(key).underWay.find({
        key: request.body,
        ...{ viewer, ipAddress },
        begin() {
          isNew = true;
          return begin(request, context, viewer);
        },
      });
      if (!isNew) metrics.shared.inc({ subgraph: name });
      return work.join(cancellation, left);
    },
    close() {
      deadlines.close();
      return close();
    },
  };
}
