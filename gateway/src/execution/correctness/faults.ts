// Bad days, repeatable: what fails follows from the seed and from what is asked, never from when.
import type { GraphQLFormattedError } from 'graphql';
import { hash } from './random.ts';
import type { Thing } from './world.ts';

export interface SubgraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly GraphQLFormattedError[];
}

/** What a subgraph was asked, and what it would answer. */
export interface Exchange {
  subgraph: string;
  query: string;
  variables: Readonly<Record<string, unknown>>;
  answer: SubgraphAnswer;
}

/** How much of a world fails. The first two are the resolvers', the last is the connection's. */
export interface Faults {
  /** What a field does instead of answering: throw, or null though the schema says otherwise. */
  field(thing: Thing, fieldName: string): 'throws' | 'null' | undefined;
  /** What a reference comes to in a subgraph. */
  entity(subgraph: string, thing: Thing): 'throws' | 'missing' | undefined;
  /** What becomes of a subgraph's answer on its way. @throws when nothing arrives. */
  answer(exchange: Exchange): SubgraphAnswer;
}

export type FaultKind = 'none' | 'fields' | 'entities' | 'subgraphs';

export function createFaults(kind: FaultKind, seed: string): Faults {
  const roll = (text: string): number => hash(`${seed}!${text}`);
  return {
    field(thing, fieldName) {
      if (kind !== 'fields') return undefined;
      const rolled = roll(`${thing.id}.${fieldName}`) % 16;
      if (rolled < 2) return 'throws';
      return rolled === 2 ? 'null' : undefined;
    },
    entity(subgraph, thing) {
      if (kind !== 'entities') return undefined;
      const rolled = roll(`${subgraph}:${thing.id}`) % 8;
      if (rolled === 0) return 'throws';
      return rolled < 3 ? 'missing' : undefined;
    },
    answer(exchange) {
      if (kind !== 'subgraphs') return exchange.answer;
      // The number of the fetch in its plan says nothing of what is asked: one asks twice, another once.
      const asked = exchange.query.replace(/__\d+/, '');
      const fault = answerFaults[roll(`${exchange.subgraph}:${asked}`) % 12];
      return fault ? fault(exchange) : exchange.answer;
    },
  };
}

const answerFaults: ((exchange: Exchange) => SubgraphAnswer)[] = [
  ({ subgraph }) => {
    throw new Error(`${subgraph} is down.`);
  },
  () => ({ data: null }),
  () => ({}),
  ({ subgraph }) => ({
    data: null,
    errors: [{ message: `${subgraph} says no.`, extensions: { code: 'FORBIDDEN' } }],
  }),
  ({ answer: { data, ...rest } }) => ({
    ...rest,
    data: data && '_entities' in data ? { _entities: 'garbage' } : {},
  }),
  ({ answer }) => withEntities(answer, (entities) => entities.slice(1)),
  ({ answer, variables: { representations } }) =>
    // By what they are, not by their number: one may ask twice of the same, another once.
    withEntities(answer, (entities) =>
      entities.map((entity, index) =>
        hash(JSON.stringify(Array.isArray(representations) ? representations[index] : '')) % 2
          ? null
          : entity,
      ),
    ),
];

function withEntities(answer: SubgraphAnswer, change: (entities: unknown[]) => unknown[]): SubgraphAnswer {
  const entities = answer.data?._entities;
  return Array.isArray(entities) ? { ...answer, data: { _entities: change(entities) } } : answer;
}
