// Whether what one fetch brings may be kept: worked out once per fetch, from the marks beside the fields that it asks
// for. One field without a mark keeps all of it from it.
import type { CacheMarks, ChangeSource } from '@supergraph/chassis/cache-marks';
import type { Requirements } from '@supergraph/chassis/policy';
import { rulesIn } from '@supergraph/chassis/policy/rules';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsIn } from '../fragments.ts';

export interface Cacheability {
  ttlSeconds: number;
  /** Whether it is kept for one subject and client alone. */
  isPrivate: boolean;
  /** What ends it sooner, each once. */
  changedBy: readonly ChangeSource[];
}

export interface CacheabilityOptions {
  /** The supergraph: fetches name types that clients don't see. */
  schema: GraphQLSchema;
  marks: CacheMarks;
  requirements: Requirements;
  /** Type → names of the fields that are its keys. */
  keyFields: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Longer than that nothing is kept, whatever its mark says. */
const longestSeconds = 86_400;

/** @returns undefined where nothing of the fetch may be kept */
export function cacheabilityOf(
  document: DocumentNode,
  options: CacheabilityOptions,
): Cacheability | undefined {
  const { schema, marks, requirements, keyFields } = options;
  const fragments = fragmentsIn(document);
  const operation = getOperationAST(document);
  if (operation?.operation !== OperationTypeNode.QUERY) return undefined;
  const found = { ttlSeconds: Number.POSITIVE_INFINITY, isPrivate: false };
  const sources = new Map<string, ChangeSource>();

  /** @param heldSeconds of what holds the selection; undefined for entities, which nothing holds */
  function mayKeep(set: SelectionSetNode, type: GraphQLNamedType, heldSeconds?: number): boolean {
    return set.selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return mayKeepField(selection, type, heldSeconds);
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) return false;
      const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
      return mayKeep(fragment.selectionSet, condition ?? type, heldSeconds);
    });
  }

  function mayKeepField(node: FieldNode, type: GraphQLNamedType, heldSeconds?: number): boolean {
    const name = node.name.value;
    if (name === '__typename') return true;
    return concreteTypes(type).every((concrete) => {
      const field = concrete.getFields()[name];
      if (field === undefined) return false;
      const valueType = getNamedType(field.type);
      const mark = marks.get(`${concrete.name}.${name}`);
      const rules = rulesIn(requirements.get(concrete.name)?.get(name) ?? []);
      found.isPrivate ||= rules.some(({ kind }) => kind === 'argument' || kind === 'field');
      // What identifies an object can't change.
      if (mark === undefined)
        return isLeafType(valueType) && (keyFields.get(concrete.name)?.has(name) ?? false);
      const seconds = mark.maxAge === 'inherited' ? (heldSeconds ?? 0) : mark.maxAge;
      found.ttlSeconds = Math.min(found.ttlSeconds, seconds);
      found.isPrivate ||= mark.scope === 'PRIVATE';
      for (const source of mark.changedBy) sources.set(JSON.stringify(source), source);
      if (seconds === 0) return false;
      return node.selectionSet === undefined || mayKeep(node.selectionSet, valueType, seconds);
    });
  }

  function concreteTypes(type: GraphQLNamedType): readonly GraphQLObjectType[] {
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? schema.getPossibleTypes(type) : [];
  }

  const isKept = operation.selectionSet.selections.every((selection) => {
    const isEntities = selection.kind === Kind.FIELD && selection.name.value === '_entities';
    if (isEntities) return selection.selectionSet !== undefined && entitiesMayBeKept(selection.selectionSet);
    const root = schema.getQueryType();
    return root && selection.kind === Kind.FIELD ? mayKeepField(selection, root) : false;
  });

  function entitiesMayBeKept(set: SelectionSetNode): boolean {
    return set.selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
      if (selection.kind !== Kind.INLINE_FRAGMENT || !selection.typeCondition) return false;
      const type = schema.getType(selection.typeCondition.name.value);
      return type !== undefined && isCompositeType(type) && mayKeep(selection.selectionSet, type);
    });
  }

  if (!isKept || !Number.isFinite(found.ttlSeconds)) return undefined;
  return {
    ttlSeconds: Math.min(found.ttlSeconds, longestSeconds),
    isPrivate: found.isPrivate,
    changedBy: [...sources.values()],
  };
}
