// A case's subgraphs, in process: each answers from the same world, as far as its schema reaches.
import {
  type DocumentNode,
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { Faults, SubgraphAnswer } from './faults.ts';
import type { LoadedCase } from './federatedCase.ts';
import { isThing, type Thing, type World } from './world.ts';

export interface SubgraphRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
}

export type Subgraphs = ReadonlyMap<string, (request: SubgraphRequest) => Promise<SubgraphAnswer>>;

interface Representation extends Readonly<Record<string, unknown>> {
  __typename: string;
}

export interface Behind {
  world: World;
  faults: Faults;
}

const documents = new Map<string, DocumentNode>();

export function createSubgraphs(loaded: LoadedCase, { world, faults }: Behind): Subgraphs {
  const { schemas, model } = loaded;

  function resolveReference(subgraph: string, representation: Representation): unknown {
    const thing = find(subgraph, representation);
    if (!thing) return null;
    const fault = faults.entity(subgraph, thing);
    if (fault === 'throws')
      throw new GraphQLError(`${thing.id} failed in ${subgraph}`, { extensions: { code: 'NOT_FOUND' } });
    return fault === 'missing' ? null : { ...thing, representation };
  }

  function find(subgraph: string, representation: Representation): Thing | undefined {
    const { __typename: typeName } = representation;
    const key = model.keys(subgraph, typeName).find((fields) => has(representation, fields));
    if (!key)
      throw new Error(`${subgraph} got a ${typeName} without a key: ${JSON.stringify(representation)}`);
    const types = Object.values(model.supergraphSchema.getTypeMap()).filter(isObjectType);
    return types
      .filter(({ name }) => model.isOf(name, typeName) && model.nameIn(subgraph, name))
      .flatMap(({ name }) => world.things(name))
      .find((thing) => agrees(world.select(thing, key), representation));
  }

  const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
    const { fieldName, parentType } = info;
    if (!(source === undefined || isThing(source))) return defaultFieldResolver(source, args, context, info);
    const thing = source ?? world.root(parentType.name);
    const fault = model.isKeyField(fieldName) ? undefined : faults.field(thing, fieldName);
    return fault ? failing(fault, thing, fieldName) : world.computed(thing, fieldName, args);
  };

  return new Map(
    [...schemas].map(([subgraph, schema]) => {
      const typeName = (value: unknown): string | undefined =>
        isThing(value) ? (model.nameIn(subgraph, value.type) ?? value.type) : undefined;
      const entities = schema.getQueryType()?.getFields()._entities;
      if (entities) {
        entities.resolve = (
          _source,
          { representations },
          context: Behind & { resolve: typeof resolveReference },
        ) =>
          representations.map((representation: Representation) => {
            try {
              return context.resolve(subgraph, representation);
            } catch (error) {
              return error;
            }
          });
      }
      const union = schema.getType('_Entity');
      if (isUnionType(union)) union.resolveType = typeName;
      return [
        subgraph,
        async ({ query, variables, operationName }) => {
          const document = documents.get(query) ?? parse(query, { noLocation: true });
          documents.set(query, document);
          const { data, errors } = await execute({
            schema,
            document,
            variableValues: variables,
            operationName: operationName ?? null,
            contextValue: { resolve: resolveReference },
            fieldResolver,
            typeResolver: typeName,
          });
          // Over the wire and back, as between services: no undefined, no prototype, no object shared.
          const answer: SubgraphAnswer = JSON.parse(
            JSON.stringify({ ...(data === undefined ? {} : { data }), ...(errors ? { errors } : {}) }),
          );
          return faults.answer({ subgraph, query, variables, answer });
        },
      ];
    }),
  );
}

/** What a resolver with a fault comes to. */
export function failing(fault: 'throws' | 'null', thing: Thing, fieldName: string): null {
  if (fault === 'null') return null;
  const name = `${thing.id}.${fieldName}`;
  // By a code that clients may see, so that the message, which says where, is not masked.
  throw new GraphQLError(`${name} failed`, { extensions: { code: 'CONFLICT' } });
}

function has(value: unknown, { selections }: SelectionSetNode): boolean {
  return selections.every((selection) => {
    if (selection.kind !== Kind.FIELD || typeof value !== 'object' || value === null) return false;
    const inner: unknown = Reflect.get(value, selection.name.value);
    if (inner === undefined) return false;
    return !selection.selectionSet || has(inner, selection.selectionSet);
  });
}

function agrees(known: unknown, sent: unknown): boolean {
  if (typeof known !== 'object' || known === null) return known !== null && known === sent;
  return Object.entries(known).every(
    ([name, value]) => typeof sent === 'object' && sent !== null && agrees(value, Reflect.get(sent, name)),
  );
}
