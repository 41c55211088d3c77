// Puts null and an error where a denied field was asked, and answers in the order that was asked.
import { type Denial, denialError, type Policy } from '@supergraph/chassis/policy';
import { isViewers } from '@supergraph/chassis/policy/rules';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getLocation,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AuthorizedOperation } from './authorizeOperation.ts';
import type { Ownership } from './denials.ts';

export type ResponseData = Record<string, unknown> | null;
type Path = readonly (string | number)[];

export interface ResultToMask {
  schema: GraphQLSchema;
  policy: Policy;
  viewer: Viewer;
  /** Of the document that `authorized` was made of. */
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced, with defaults. */
  variables: Record<string, unknown>;
  authorized: Pick<AuthorizedOperation, 'denials' | 'argumentDenials' | 'ownerships' | 'typenameKey'>;
  /** What the pruned operation answered. */
  data: ResponseData;
}

export interface MaskedResult {
  data: ResponseData;
  /** One for each denied field that the answer would hold, as many as are worth reading. */
  errors: GraphQLFormattedError[];
  /** Coordinates of those fields. */
  coordinates: ReadonlySet<string>;
  /**
   * Keys (`placeOf`) of the places that were denied because the object is not the viewer's. The subgraph says the same
   * of each; once is enough.
   */
  disowned: ReadonlySet<string>;
}

/** A path as a key. */
export function placeOf(path: readonly (string | number)[]): string {
  return path.join(' '); // no name holds a space
}

// A null that a non-null field passes up to the nearest place that may be null.
const propagated = Symbol('propagated null');

/** The answer to the operation as it was asked, from the answer to its permitted part. */
export function maskResult(result: ResultToMask): MaskedResult {
  const { schema, operation } = result;
  const errors: GraphQLFormattedError[] = [];
  const coordinates = new Set<string>();
  const disowned = new Set<string>();
  const { denials, argumentDenials, ownerships, typenameKey } = result.authorized;
  const root = schema.getRootType(operation.operation);
  if (!root || result.data === null) return { data: null, errors, coordinates, disowned };

  const data = object(root, [operation.selectionSet], { value: result.data, path: [] });
  return { data: data === propagated ? null : data, errors, coordinates, disowned };

  function object(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    { value, path }: { value: Record<string, unknown>; path: Path },
  ): Record<string, unknown> | typeof propagated {
    // Without a prototype: `__proto__` is an alias like any other.
    const answer: Record<string, unknown> = Object.create(null);
    for (const [key, nodes] of collectFields(result, type, sets)) {
      const completed = field(type, nodes, { value: value[key], path: [...path, key], object: value });
      if (completed === propagated) return propagated;
      answer[key] = completed;
    }
    return answer;
  }

  function field(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    at: { value: unknown; path: Path; object: Record<string, unknown> },
  ): unknown {
    const [node] = nodes;
    const fieldName = node?.name.value ?? '';
    const coordinate = `${type.name}.${fieldName}`;
    // Nodes that are answered as one have equal arguments.
    const ofArguments = node && argumentDenials.get(node)?.get(type.name);
    const ownership = ownerships.get(coordinate);
    const ofOwnership = ownership && denialOfOwnership(ownership, at.object, result.viewer);
    if (ofOwnership) disowned.add(placeOf(at.path));
    const denial = denials.get(coordinate) ?? ofArguments ?? ofOwnership;
    if (denial) {
      coordinates.add(coordinate);
      if (errors.length < maximumErrors)
        errors.push(formattedDenial(denial, result.policy, { type, nodes, path: at.path }));
    }
    const fieldType = type.getFields()[fieldName]?.type;
    // `__schema` is non-null; `__typename` and `__type` pass as they came.
    if (!fieldType) return denial ? (fieldName === '__schema' ? propagated : null) : at.value;
    return complete(fieldType, nodes, denial ? { value: null, path: at.path } : at);
  }

  function complete(
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    at: { value: unknown; path: Path },
  ): unknown {
    if (isNonNullType(type)) {
      const completed = complete(type.ofType, nodes, at);
      return completed === null ? propagated : completed;
    }
    const { value, path } = at;
    if (value === null || value === undefined) return null;
    if (isLeafType(type)) return value;
    if (isListType(type)) {
      if (!Array.isArray(value)) return null;
      const items = value.map((item: unknown, index) =>
        complete(type.ofType, nodes, { value: item, path: [...path, index] }),
      );
      return items.includes(propagated) ? null : items;
    }
    const completed = composite(type.name, nodes, { value, path });
    return completed === propagated ? null : completed;
  }

  function composite(typeName: string, nodes: readonly FieldNode[], at: { value: unknown; path: Path }) {
    if (!isRecord(at.value)) return null;
    const declared = schema.getType(typeName);
    const name = isAbstractType(declared) ? at.value[typenameKey] : typeName;
    const type = typeof name === 'string' ? schema.getType(name) : undefined;
    if (!isObjectType(type)) return null;
    const sets = nodes.flatMap((node) => node.selectionSet ?? []);
    return object(type, sets, { value: at.value, path: at.path });
  }
}

function denialOfOwnership(
  { anyOf, denial }: Ownership,
  object: Record<string, unknown>,
  viewer: Viewer,
): Denial | undefined {
  const isOwned = anyOf.some((allOf) =>
    allOf.every(({ key, equals }) => isViewers(object[key], viewer, equals)),
  );
  return isOwned ? undefined : denial;
}

/**
 * A denial without the stack that a GraphQLError takes: a list has one for each of its items. What is denied in more
 * places than this is null there without a word.
 */
const maximumErrors = 100;

function formattedDenial(
  denial: Denial,
  policy: Policy,
  at: { type: GraphQLObjectType; nodes: readonly FieldNode[]; path: Path },
): GraphQLFormattedError {
  const fieldName = at.nodes[0]?.name.value ?? '';
  const { message, extensions } = denialError(denial, { typeName: at.type.name, fieldName }, policy);
  const locations = at.nodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
  return { message, locations, path: at.path, extensions };
}

/** Fields to answer on a value of `type`, by response key, in the order asked (GraphQL §6.3.2). */
function collectFields(
  { schema, fragments, variables }: ResultToMask,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        fields.set(key, [...(fields.get(key) ?? []), selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (applies(selection.typeCondition?.name.value)) collect(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment && applies(fragment.typeCondition.name.value)) collect(fragment.selectionSet);
      }
    }
  };
  const applies = (condition: string | undefined): boolean => {
    if (condition === undefined || condition === type.name) return true;
    const conditionType = schema.getType(condition);
    return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
  };
  for (const set of sets) collect(set);
  return fields;
}

function isIncluded(selection: SelectionNode, variables: Record<string, unknown>): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.if !== true && include?.if !== false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
