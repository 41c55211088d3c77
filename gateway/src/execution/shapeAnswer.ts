// The answer as it was asked, written as JSON from what subgraphs brought: fields in their order, nothing that was not
// asked for, null and an error where a field is denied, nulls passed up from where the schema has none (GraphQL §6.4).
import type { Policy } from '@supergraph/chassis/policy';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import { collectFields } from './collectFields.ts';
import { type ActiveDefers, labelOf } from './defers.ts';
import { type AskedField, compileDenied, compileGuard, definitionOf } from './deniedFields.ts';
import { quoted } from './jsonText.ts';
import { isJsonObject, isPlainName, type JsonObject, own } from './mergeData.ts';
import type { ResponsePath } from './responsePaths.ts';
import { type Place, type Progress, pathOf, type WriteValue } from './shapeProgress.ts';
import { isOfType } from './typeConditions.ts';
import { invalid, leaf, list, nonNull, once } from './writeValues.ts';

export interface ShapeOptions {
  /** What clients see. */
  schema: GraphQLSchema;
  policy: Policy;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether a `@skip` or `@include` with this variable holds. */
  conditions: Readonly<Record<string, unknown>>;
  authorized: Pick<AuthorizedOperation, 'denials' | 'argumentDenials' | 'ownerships' | 'typenameKey'>;
  /** Paths at which entities are put in: what they hold can stand in many places. */
  entityPaths: ReadonlySet<string>;
  /** What is answered later. */
  defers: ActiveDefers;
  /** The answer to `__schema` or `__type`, as JSON. */
  introspect(fields: readonly FieldNode[], variables: Readonly<Record<string, unknown>>): string;
}

/** What is written from. */
export type DataToShape = Pick<Progress, 'variables' | 'viewer' | 'shared'> & { data: JsonObject };

export interface ShapedAnswer {
  /** JSON: an object or null. */
  data: string;
  /** One for each denied field that the answer would hold, as many as are worth reading. */
  denials: readonly GraphQLFormattedError[];
  /** `Type.field` of those fields. */
  denied: ReadonlySet<string>;
  /** Keys (`placeKey`) of the places that were denied because the object is not the viewer's. */
  disowned: ReadonlySet<string>;
  /** Nulls and values that the schema does not allow: a subgraph broke its own. */
  violations: readonly GraphQLError[];
  /** What is answered later. */
  parts: readonly DeferredPart[];
}

/** A deferred selection on one object of the answer. */
export interface DeferredPart {
  /** Of its `@defer`. */
  number: number;
  /** What the client calls it. */
  label: string | undefined;
  /** Where its object stands. */
  path: ResponsePath;
  /** Response keys that are not asked of the object before. */
  ownKeys: ReadonlySet<string>;
  /** To be called when its data is there. */
  shape(input: DataToShape): ShapedAnswer;
}

export type Shape = (input: DataToShape) => ShapedAnswer;

export function compileShape(options: ShapeOptions): Shape {
  const { schema, operation } = options;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}.`);
  const write = compileObject(options, { type: root, sets: [operation.selectionSet], path: '' });
  return ({ data, ...about }) => shapeObject(write, { object: data, here: undefined }, about);
}

function shapeObject(
  write: WriteObject,
  { object, here }: { object: JsonObject; here: Place | undefined },
  about: Omit<DataToShape, 'data'>,
): ShapedAnswer {
  const progress: Progress = {
    ...{ ...about, remarks: 0, known: new Map(), violations: [], parts: [] },
    ...{ denials: [], denied: new Set(), disowned: new Set() },
  };
  return { ...progress, data: write(object, here, progress) ?? 'null' };
}

/** A selection on values of one type. */
interface Selection<T> {
  type: T;
  sets: readonly SelectionSetNode[];
  /** Response keys from the root, without list items. */
  path: string;
}

/** @returns undefined where a null passes up through the object */
type WriteObject = (object: JsonObject, here: Place | undefined, progress: Progress) => string | undefined;

function compileObject(options: ShapeOptions, selection: Selection<GraphQLNamedType>): WriteObject {
  const { type, sets, path } = selection;
  const { fields, deferred } = collectFields(options, type, sets);
  const write = compileFields(options, selection, fields);
  if (options.defers.size === 0) return write;
  const parts = deferred.map(({ defer, set, condition }) => {
    const later = collectFields(options, type, [set]).fields;
    return {
      number: options.defers.get(defer) ?? 0,
      label: labelOf(defer),
      ownKeys: new Set([...later.keys()].filter((key) => !fields.has(key))),
      write: compilePart(options, { type, sets: [set], path, condition }),
    };
  });
  return (object, here, progress) => {
    const before = progress.parts.length;
    if (parts.length > 0) {
      const at = here ? pathOf(here.key, here.within) : [];
      for (const { write: writePart, ...part } of parts)
        progress.parts.push({
          ...{ ...part, path: at },
          // Another object may have taken its place: entities that say the same become one.
          shape: ({ data, ...about }) =>
            shapeObject(writePart, { object: objectIn(data, at) ?? object, here }, about),
        });
    }
    const text = write(object, here, progress);
    // What is not in the answer has no parts to come.
    if (text === undefined) progress.parts.length = before;
    return text;
  };
}

function objectIn(data: JsonObject, at: ResponsePath): JsonObject | undefined {
  let value: unknown = data;
  for (const key of at)
    value = Array.isArray(value) || isJsonObject(value) ? Reflect.get(value, key) : undefined;
  return isJsonObject(value) ? value : undefined;
}

function compilePart(
  options: ShapeOptions,
  { condition, ...selection }: Selection<GraphQLNamedType> & { condition: string | undefined },
): WriteObject {
  const { type } = selection;
  const write = condition === undefined ? compileObject(options, selection) : () => '{}';
  if (!isInterfaceType(type)) return write;
  // A subgraph that knows the interface alone was asked first; another may have told the type since.
  const { schema, authorized } = options;
  const byType = new Map<string, WriteObject>();
  return (object, here, progress) => {
    const typeName = String(object.__typename ?? object[authorized.typenameKey]);
    let ofType = byType.get(typeName);
    if (ofType === undefined) {
      const concrete = schema.getType(typeName);
      const isAsked = condition === undefined || isOfType(schema, typeName, condition);
      ofType =
        isObjectType(concrete) && isAsked ? compileObject(options, { ...selection, type: concrete }) : write;
      byType.set(typeName, ofType);
    }
    return ofType(object, here, progress);
  };
}

function compileFields(
  options: ShapeOptions,
  { type, path }: Selection<GraphQLNamedType>,
  collected: ReadonlyMap<string, FieldNode[]>,
): WriteObject {
  const fields = [...collected].map(([key, nodes], index) => {
    const field = { type, nodes, path: path === '' ? key : `${path}.${key}` };
    const prefix = `${index === 0 ? '{' : ','}${quoted(key)}:`;
    return { key, prefix, write: compileField(options, field), guard: compileGuard(options, field) };
  });
  if (fields.length === 0) return () => '{}';
  const isPlain = fields.every(({ key, guard }) => isPlainName(key) && guard === undefined);
  if (isPlain) {
    return (object, here, progress) => {
      let text = '';
      for (const { key, prefix, write } of fields) {
        const written = write(object[key], key, here, progress);
        if (written === undefined) return undefined;
        text += prefix + written;
      }
      return `${text}}`;
    };
  }
  return (object, here, progress) => {
    let text = '';
    for (const { key, prefix, write, guard } of fields) {
      const isShown = guard === undefined || guard.isOwned(object, progress.viewer);
      const written = (isShown ? write : guard.deny)(own(object, key), key, here, progress);
      if (written === undefined) return undefined;
      text += prefix + written;
    }
    return `${text}}`;
  };
}

function compileField(options: ShapeOptions, field: AskedField & { path: string }): WriteValue {
  const { type, nodes, path } = field;
  const { coordinate, definition } = definitionOf(field);
  const { typeName, fieldName } = coordinate;
  if (fieldName === '__typename') {
    const text = quoted(typeName);
    // The concrete type of an interface's value is not known where no subgraph could tell it.
    return () => (isObjectType(type) ? text : undefined);
  }
  const denied = compileDenied(options, field);
  if (denied) return denied;
  if (!definition) return (_value, _key, _here, { variables }) => options.introspect(nodes, variables);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const owner = `${typeName}.${fieldName}`;
  const write = compileValue(options, { type: definition.type, sets, path, owner });
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const isOfEntity = options.entityPaths.has(parent) && isCompositeType(getNamedType(definition.type));
  return isOfEntity ? once(write, parent) : write;
}

interface ValueToWrite extends Selection<GraphQLOutputType> {
  /** `Type.field`, for errors. */
  owner: string;
}

function compileValue(options: ShapeOptions, value: ValueToWrite): WriteValue {
  const { type, owner } = value;
  if (isNonNullType(type)) return nonNull(compileValue(options, { ...value, type: type.ofType }), owner);
  if (isListType(type)) return list(compileValue(options, { ...value, type: type.ofType }), owner);
  if (isLeafType(type)) return leaf(type, owner);
  return composite(options, { ...value, type });
}

function composite(
  options: ShapeOptions,
  { type, sets, path, owner }: Selection<GraphQLNamedType> & ValueToWrite,
): WriteValue {
  const { schema, authorized } = options;
  const byType = new Map<string, WriteObject>();
  const writerOf = (typeName: string): WriteObject | undefined => {
    const known = byType.get(typeName);
    if (known) return known;
    const concrete = schema.getType(typeName);
    if (!isObjectType(concrete) && !isInterfaceType(concrete)) return undefined;
    const write = compileObject(options, { type: concrete, sets, path });
    byType.set(typeName, write);
    return write;
  };
  const declared = isUnionType(type) ? undefined : type.name;
  const write: WriteValue = (value, key, within, progress) => {
    if (value === null || value === undefined) return 'null';
    const here = { key, within };
    if (!isJsonObject(value)) return invalid(progress, here, `${owner} is no object.`);
    const typeName = value.__typename ?? value[authorized.typenameKey] ?? declared;
    const writeObject = typeof typeName === 'string' ? writerOf(typeName) : undefined;
    if (writeObject === undefined)
      return invalid(progress, here, `Invalid __typename found for object at field ${owner}.`);
    return writeObject(value, here, progress) ?? 'null';
  };
  return options.entityPaths.has(path) ? once(write, path) : write;
}
