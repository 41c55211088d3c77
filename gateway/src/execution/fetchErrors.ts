// What a client is told, and where, when a subgraph could not answer.
import { subgraphUnavailable } from '@supergraph/chassis/errors';
import {
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsIn } from '../fragments.ts';
import { isIncluded } from './collectFields.ts';
import { type JsonObject, own } from './mergeData.ts';
import type { ResponsePath } from './responsePaths.ts';
import { isOfType } from './typeConditions.ts';

/** Of which subgraph what was asked. */
interface FailedFetch {
  serviceName: string;
  operation: string;
}

type Variables = Readonly<Record<string, unknown>>;

const typeKey = '__typename';

/** One answer names at most so many places that one fetch left empty. */
const maximumErrors = 20;

/** An error for each root field of a fetch. */
export function unavailableRootErrors(fetch: FailedFetch) {
  return (variables: Variables): GraphQLFormattedError[] => {
    const { operation, fragments } = read(fetch);
    // Fragments on a root type can only be on that type.
    return keysOf(operation.selectionSet, { fragments, variables, applies: () => true })
      .filter((key) => key !== typeKey)
      .slice(0, maximumErrors)
      .map((key) => unavailableError(fetch, [key]));
  };
}

export interface EmptyPlaces {
  /** Where entities stand. */
  places: ReadonlyMap<JsonObject, ResponsePath[]>;
  entities: Iterable<JsonObject>;
  variables: Variables;
}

/** An error for each field of each entity, wherever that one stands. */
export function unavailableEntityErrors(fetch: FailedFetch, schema: GraphQLSchema) {
  return ({ places, entities, variables }: EmptyPlaces): GraphQLFormattedError[] => {
    const { operation, fragments } = read(fetch);
    const [root] = operation.selectionSet.selections;
    const set = root?.kind === Kind.FIELD ? root.selectionSet : undefined;
    const errors: GraphQLFormattedError[] = [];
    for (const entity of entities) {
      const typeName = String(own(entity, '__typename'));
      // An interface, too: a subgraph can know what implements it as one type.
      const applies = (condition: string) => isOfType(schema, typeName, condition);
      const asked = set ? keysOf(set, { fragments, variables, applies }) : [];
      const keys = asked.filter((key) => key !== typeKey);
      // Where only the type was asked for, nothing of the object can be told.
      const ends = keys.length === 0 && asked.length > 0 ? [[]] : keys.map((key) => [key]);
      for (const at of places.get(entity) ?? []) {
        for (const end of ends) {
          if (errors.length === maximumErrors) return errors;
          errors.push(unavailableError(fetch, [...at, ...end]));
        }
      }
    }
    return errors;
  };
}

function unavailableError({ serviceName }: FailedFetch, path: ResponsePath): GraphQLFormattedError {
  const { message, extensions } = subgraphUnavailable(
    `${serviceName} is not available right now, so this part of the answer is missing. Try again in a moment.`,
  );
  return { message, path, extensions };
}

interface FetchDocument {
  operation: OperationDefinitionNode;
  fragments: Map<string, FragmentDefinitionNode>;
}

function read({ operation: text }: FailedFetch): FetchDocument {
  const document = parse(text, { noLocation: true });
  const operation = getOperationAST(document);
  if (!operation) throw new Error('A fetch has no operation.');
  return { operation, fragments: fragmentsIn(document) };
}

interface AskedOf {
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Variables;
  /** Whether fragments on a type ask of what is asked. */
  applies(condition: string): boolean;
}

/** Response keys of what is asked; `typeKey` for the type, under whatever key. */
function keysOf(set: SelectionSetNode, of: AskedOf): string[] {
  const keys = set.selections.flatMap((selection): string[] => {
    if (!isIncluded(selection, of.variables)) return [];
    if (selection.kind === Kind.FIELD)
      return [selection.name.value === typeKey ? typeKey : (selection.alias ?? selection.name).value];
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? of.fragments.get(selection.name.value) : selection;
    const condition = fragment?.typeCondition?.name.value;
    const applies = condition === undefined || of.applies(condition);
    return fragment && applies ? keysOf(fragment.selectionSet, of) : [];
  });
  return [...new Set(keys)];
}
