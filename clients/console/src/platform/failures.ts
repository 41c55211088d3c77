// What went wrong, in the person's language, as functions of data alone.
import type { Catalogue } from '../language/catalogue.ts';

/** The parts of urql's CombinedError that say what happened. */
export interface Failure {
  networkError?: Error;
  graphQLErrors?: readonly { message: string; extensions?: Record<string, unknown> }[];
}

/** Why there is no answer, and what to do. The gateway's codes have words of ours; other words are its own. */
export function explainFailure(failure: Failure | undefined, text: Catalogue): string {
  if (failure?.networkError) return text.failure.away;
  const [error] = failure?.graphQLErrors ?? [];
  if (!error) return text.failure.unknown;
  const code = error.extensions?.code;
  if (code === 'FORBIDDEN') return text.failure.forbidden;
  if (code === 'UNAUTHENTICATED') return text.failure.session;
  if (code === 'RATE_LIMITED') return text.failure.tooMany;
  if (code === 'SUBGRAPH_UNAVAILABLE' || code === 'SERVICE_UNAVAILABLE') return text.failure.away;
  return error.message;
}

/** Why a change was refused. What the catalogue has no words for is said as the platform says it, in English. */
export function explainRefusal(
  { __typename, message }: { __typename: string; message: string },
  text: Catalogue,
): string {
  return text.refusals[__typename] ?? message;
}
