// One subgraph over HTTP: a passport for the viewer, a deadline, a circuit, and retries of what may be repeated.
import type { Logger } from '@supergraph/chassis/logging';
import { type Outgoing, OutgoingError } from '@supergraph/chassis/outgoing';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import type { GraphQLFormattedError } from 'graphql';
import { z } from 'zod';
import type { OperationContext } from '../context.ts';
import { type SubgraphRequest, unavailableErrors } from './subgraphErrors.ts';

export type { SubgraphRequest } from './subgraphErrors.ts';

/** What a subgraph said, or what is said in its place when it could not be asked. */
export interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
}

export interface SubgraphClient {
  /** Never rejects: what could not be fetched is an error at each place that stays empty. */
  fetch(request: SubgraphRequest, context: OperationContext): Promise<SubgraphAnswer>;
  /** Rejects where the subgraph says that it can't serve now, or says nothing. */
  demandReady(): Promise<void>;
}

export interface SubgraphClientOptions {
  name: string;
  /** Its GraphQL endpoint on the internal network. */
  url: string;
  mintPassport: PassportMint;
  outgoing: Outgoing;
  logger: Logger;
  /** Most time for one fetch with its retries. Default 10 seconds. */
  deadlineMs?: number;
  /** Most connections. Default 64. */
  connections?: number;
  /** Largest answer that is read. Default 16 MiB. */
  maximumAnswerBytes?: number;
}

/** Enough to know that it is GraphQL, and that a null has its reason; data is shaped by the executor. */
const answerShape = z
  .object({
    data: z.record(z.string(), z.unknown()).nullish(),
    errors: z.array(z.looseObject({ message: z.string() })).optional(),
  })
  .refine(({ data, errors = [] }) => (data ?? null) !== null || errors.length > 0, {
    error: 'neither data nor errors',
  });

export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const { name, url, mintPassport, outgoing, logger } = options;
  const { deadlineMs = 10_000, connections = 64, maximumAnswerBytes = 16 * 1_048_576 } = options;
  // A subgraph that comes back is to be noticed within a second or two, so its circuit is tried again soon.
  const guard = { deadlineMs, breakAfter: 10, breakForMs: 1_000 };
  const http = outgoing.http(name, { ...guard, connections, maximumResponseBytes: maximumAnswerBytes });

  // A circuit of its own that never opens: it is asked in order to know whether the subgraph is back.
  const probe = { deadlineMs: 900, attempts: 1, breakAfter: Number.POSITIVE_INFINITY, connections: 1 };
  const readiness = outgoing.http(`${name} readiness`, probe);

  async function ask(request: SubgraphRequest, context: OperationContext): Promise<SubgraphAnswer> {
    const { session, requestId, ipAddress } = context;
    const answer = await http.request({
      url,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        [passportHeader]: await mintPassport(session.viewer, name),
        'x-request-id': requestId,
        ...(ipAddress === undefined ? {} : { 'x-forwarded-for': ipAddress }),
      },
      body: JSON.stringify(request),
      repetition: isMutation(request.query) ? 'unsafe' : 'safe',
      signal: context.signal,
    });
    // Anything else means that gateway and subgraph disagree on schema or keys: no fault of the client's.
    if (answer.status !== 200) throw new Error(`HTTP status ${answer.status}`);
    return parseAnswer(answer.body);
  }

  return {
    async demandReady() {
      await readiness.request({ url: new URL('/health/ready', url) });
    },
    async fetch(request, context) {
      try {
        // The rest of a plan that nobody waits for any more.
        if (context.signal?.aborted) return { data: null };
        return await ask(request, context);
      } catch (error) {
        const isExpected = error instanceof OutgoingError && error.outcome === 'rejected';
        if (!isExpected && !context.signal?.aborted)
          logger.warn({ err: error, subgraph: name }, 'a subgraph could not be asked');
        return { data: null, errors: unavailableErrors(name, request) };
      }
    },
  };
}

// Query plans print an operation's keyword first.
function isMutation(query: string): boolean {
  return query.startsWith('mutation');
}

/** The answer as it came; its data can be large, so only the envelope is looked at. */
function parseAnswer(text: string): SubgraphAnswer {
  const answer: unknown = JSON.parse(text);
  answerShape.parse(answer);
  return answer as SubgraphAnswer; // has just been found to be one
}
