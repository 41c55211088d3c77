// What a subgraph answers (GraphQL over HTTP), read from its text.
import type { Logger } from '@supergraph/chassis/logging';
import type { GraphQLFormattedError } from 'graphql';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from './mergeData.ts';
import { SubgraphUnavailable } from './subgraphUnavailable.ts';

export interface SubgraphAnswer {
  data?: JsonObject | null;
  errors?: readonly GraphQLFormattedError[];
}

const errorsShape = z
  .array(
    z.looseObject({
      message: z.string(),
      path: z
        .array(z.union([z.string(), z.number()]))
        .optional()
        .catch(undefined),
      extensions: z.record(z.string(), z.unknown()).optional().catch(undefined),
    }),
  )
  .min(1);

/** @throws where the text is no GraphQL answer: gateway and subgraph disagree, and that is no fault of the client's. */
export function parseSubgraphAnswer(text: string): SubgraphAnswer {
  return readSubgraphAnswer(JSON.parse(text));
}

/** Only the envelope is looked at: data can be large, and is shaped by the operation. */
export function readSubgraphAnswer(answer: unknown): SubgraphAnswer {
  if (!isJsonObject(answer)) throw new Error('The answer is no object.');
  const { data = null, errors = null } = answer;
  if (data !== null && !isJsonObject(data)) throw new Error('The data of the answer is no object.');
  if (errors !== null && !(Array.isArray(errors) && errors.length === 0))
    return { data, errors: errorsShape.parse(errors) as GraphQLFormattedError[] }; // the shape that was just checked
  if (data === null) throw new Error('The answer has neither data nor errors.');
  return { data };
}

/** What is told of entities, in the order in which they were asked for. @throws where that is not of each of them */
export function entitiesIn({ _entities: told }: JsonObject, asked: number): readonly unknown[] {
  if (Array.isArray(told) && told.length === asked) return told;
  throw new Error(`_entities is not a list of ${asked}.`);
}

/** Logs that an answer could not be read; the client has logged those that did not come. */
export function tellUnreadable(error: unknown, subgraph: string, logger: Logger): void {
  if (!(error instanceof SubgraphUnavailable))
    logger.warn({ err: error, subgraph }, 'the answer of a subgraph could not be read');
}
