// A fetch for callers that have the request as an object and want the answer as one, and an error at each place that
// stays empty.
import type { GraphQLFormattedError } from 'graphql';
import { z } from 'zod';
import type { OperationContext } from '../context.ts';
import type { SubgraphClient } from './subgraphClient.ts';
import { type SubgraphRequest, unavailableErrors } from './subgraphErrors.ts';

/** What a subgraph said, or what is said in its place when it could not be asked. */
export interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
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

/** Never rejects: what could not be fetched is an error at each place that stays empty. */
export async function askSubgraph(
  client: SubgraphClient,
  request: SubgraphRequest,
  context: OperationContext,
): Promise<SubgraphAnswer> {
  try {
    // Query plans print an operation's keyword first.
    const kind = request.query.startsWith('mutation') ? 'mutation' : 'query';
    return parseAnswer(await client.fetch({ body: JSON.stringify(request), kind }, context));
  } catch {
    // The rest of a plan that nobody waits for any more needs no reasons.
    if (context.signal?.aborted) return { data: null };
    return { data: null, errors: unavailableErrors(client.name, request) };
  }
}

/** The answer as it came; its data can be large, so only the envelope is looked at. */
function parseAnswer(text: string): SubgraphAnswer {
  const answer: unknown = JSON.parse(text);
  answerShape.parse(answer);
  return answer as SubgraphAnswer; // has just been found to be one
}
