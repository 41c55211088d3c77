// How an event of a subgraph becomes what clients get: joined with other subgraphs' fields, masked, written once.
import type { Tracing } from '@supergraph/chassis/tracing';
import { answerText } from '../execution/compileOperation.ts';
import type { SubgraphAnswer } from '../execution/subgraphAnswer.ts';
import type { PreparedOperation } from '../operations.ts';
import type { SubgraphRequest } from './subgraphEvents.ts';

export interface EventCompletion {
  /** Where the events come from, and what is asked for there. */
  subgraph: string;
  request: SubgraphRequest;
  complete(event: SubgraphAnswer): Promise<CompletedEvent>;
}

export interface CompletedEvent {
  /** JSON text. */
  result: string;
  outcome: 'success' | 'failure';
}

/** All that subscriptions know of the executor. @param options `label`: its name in traces */
export function eventCompletion(
  { compiled, variables, request }: PreparedOperation,
  { tracing, label }: { tracing: Pick<Tracing, 'serve'>; label: string },
): EventCompletion {
  const { subgraph, query, operationName, variableNames } = compiled.subscription;
  const context = { ...request.context, isOfEvent: true };
  const asked = variableNames.filter((name) => name in variables);
  return {
    subgraph,
    request: {
      query,
      operationName,
      variables: Object.fromEntries(asked.map((name) => [name, variables[name]])),
    },
    async complete(event) {
      const answer = await tracing.serve({ name: `event ${label}`, carrier: {} }, () =>
        compiled.completeEvent(event, { variables, context }),
      );
      return { result: answerText(answer), outcome: answer.errors.length === 0 ? 'success' : 'failure' };
    },
  };
}
