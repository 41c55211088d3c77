// A fetch whose answers may be kept: what is known is not asked for again, and the rest is asked for as if it were all.
import type { GraphQLFormattedError } from 'graphql';
import type { KeptFetch } from '../caching/fetchCache.ts';
import type { OperationContext } from '../context.ts';
import type { DividedFetch, FetchBody } from './fetchBody.ts';
import { entitiesIn, parseSubgraphAnswer } from './subgraphAnswer.ts';
import type { SubgraphClient } from './subgraphClient.ts';

export interface KeptFetchOptions {
  kept: KeptFetch;
  body: Pick<FetchBody, 'divided'>;
}

/** The subgraph told nothing, or nothing that could be read (the cause), of those entities that were not known. */
export class OnlyKnownEntities extends Error {
  override readonly name = 'OnlyKnownEntities';
  /** The entities that are known, as JSON texts in their places. */
  readonly texts: readonly (string | undefined)[];

  constructor(texts: readonly (string | undefined)[], cause: unknown) {
    super('Some entities are known, and the others could not be asked for.', { cause });
    this.texts = texts;
  }
}

/** The subgraph's client, for this fetch alone. Its `fetch` may throw `OnlyKnownEntities` too. */
export function keepingClient(client: SubgraphClient, { kept, body }: KeptFetchOptions): SubgraphClient {
  async function root(request: DividedFetch, context: OperationContext): Promise<string> {
    const lookup = await kept.root(context.session.viewer, request.variables);
    const [known] = lookup.texts;
    if (known !== undefined) return known;
    let brought: string | undefined;
    try {
      const text = await client.fetch(request, context);
      brought = isWhole(text) ? text : undefined;
      return text;
    } finally {
      lookup.settle([brought]);
    }
  }

  async function entities(
    request: DividedFetch & { representations: readonly string[] },
    context: OperationContext,
  ): Promise<string> {
    const { representations, variables } = request;
    const lookup = await kept.entities(context.session.viewer, variables, representations);
    const texts = [...lookup.texts];
    const missing = representations.flatMap((_, index) => (texts[index] === undefined ? [index] : []));
    if (missing.length === 0) return `{"data":{"_entities":[${texts.join(',')}]}}`;
    const isAll = missing.length === representations.length;
    const brought: (string | undefined)[] = [];
    try {
      const asked = isAll
        ? request
        : body.divided(
            variables,
            missing.map((index) => representations[index] ?? ''),
          );
      const text = await client.fetch(asked, context);
      const { data, errors = [] } = parseSubgraphAnswer(text);
      // Without data it has errors, and what is known already stays known.
      const told = data ? entitiesIn(data, missing.length) : missing.map(() => null);
      for (const [position, index] of missing.entries()) {
        const entity = JSON.stringify(told[position] ?? null);
        texts[index] = entity;
        // That there is nothing may be over at any time, and no event says so of what nobody knew.
        if (errors.length === 0 && entity !== 'null') brought[index] = entity;
      }
      if (isAll) return text;
      const remarks = errors.length > 0 ? `,"errors":${JSON.stringify(errors.map(inPlace(missing)))}` : '';
      return `{"data":{"_entities":[${texts.join(',')}]}${remarks}}`;
    } catch (error) {
      if (isAll) throw error;
      throw new OnlyKnownEntities(lookup.texts, error);
    } finally {
      lookup.settle(brought);
    }
  }

  return {
    ...client,
    // Whoever compiled the fetch made its requests, too, by `compileFetchBody`.
    fetch(request, context) {
      const { variables = '', representations } = request as Partial<DividedFetch>;
      return representations
        ? entities({ ...request, variables, representations }, context)
        : root({ ...request, variables }, context);
    },
  };
}

/** Whether an answer has something for every root field. */
function isWhole(text: string): boolean {
  const { data, errors } = parseSubgraphAnswer(text);
  return errors === undefined && Object.values(data ?? {}).every((value) => value !== null);
}

/** An error of a part of the entities, as one of all. */
function inPlace(missing: readonly number[]) {
  return (error: GraphQLFormattedError): GraphQLFormattedError => {
    const [field, position, ...rest] = error.path ?? [];
    const index = typeof position === 'number' ? missing[position] : undefined;
    return field === undefined || index === undefined ? error : { ...error, path: [field, index, ...rest] };
  };
}
