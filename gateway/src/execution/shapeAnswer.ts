// The answer as it was asked, written as JSON from what subgraphs brought: fields in their order, nothing that was not
// asked for, null and an error where a field is denied, nulls passed up from where the schema has none (GraphQL §6.4).
import type { Denial, Policy } from '@supergraph/chassis/policy';
import { isViewers } from '@supergraph/chassis/policy/rules';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import { formattedDenial } from '../authorization/denialErrors.ts';
import type { Ownership } from '../authorization/denials.ts';
import { collectFields } from './collectFields.ts';
import { quoted } from './jsonText.ts';
import { writeLeaf } from './leafText.ts';
import { isJsonObject, type JsonObject, own } from './mergeData.ts';
import type { ResponsePath } from './responsePaths.ts';

export interface ShapeOptions {
  /** What clients see. */
  schema: GraphQLSchema;
  policy: Policy;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether a `@skip` or `@include` with this variable holds. */
  conditions: Readonly<Record<string, unknown>>;
  authorized: Pick<AuthorizedOperation, 'denials' | 'argumentDenials' | 'ownerships' | 'typenameKey'>;
  /** Paths at which entities are put in: what stands there can stand in many places. */
  entityPaths: ReadonlySet<string>;
  /** The answer to `__schema` and `__type`, as JSON. */
  introspect(field: FieldNode, variables: Readonly<Record<string, unknown>>): string;
}

/** What is written from. */
export interface DataToShape {
  data: JsonObject;
  variables: Readonly<Record<string, unknown>>;
  /** Paths at which an entity does stand in many places. */
  shared: ReadonlySet<string>;
  viewer: Viewer;
}

export interface ShapedAnswer {
  /** JSON: an object or null. */
  data: string;
  /** One for each denied field that the answer would hold, as many as are worth reading. */
  denials: GraphQLFormattedError[];
  /** Coordinates of those fields. */
  denied: ReadonlySet<string>;
  /** Keys (`placeKey`) of the places that were denied because the object is not the viewer's. */
  disowned: ReadonlySet<string>;
  /** Nulls and values that the schema does not allow: a subgraph broke its own. */
  violations: GraphQLError[];
}

export type Shape = (input: DataToShape) => ShapedAnswer;

/** Where something stands, from the inside to the outside: made for each item, read only where something is wrong. */
interface Place {
  key: string | number;
  within: Place | undefined;
}

/** What one answer has come to so far. */
interface Progress {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly shared: ReadonlySet<string>;
  readonly viewer: Viewer;
  readonly disowned: Set<string>;
  readonly denials: GraphQLFormattedError[];
  readonly denied: Set<string>;
  readonly violations: GraphQLError[];
  /** Counts what was denied or wrong, listed or not. */
  remarks: number;
  /** Texts of what stands in many places, per field. */
  readonly known: Map<WriteValue, Map<unknown, string>>;
}

/** @returns JSON, or undefined for a null that passes up to the nearest place that may be null. */
type WriteValue = (value: unknown, place: Place, progress: Progress) => string | undefined;
type WriteObject = (value: JsonObject, place: Place | undefined, progress: Progress) => string | undefined;

/** As many denials as are worth reading: what is denied in more places is null there without a word. */
const maximumDenials = 100;
const maximumViolations = 20;

export function compileShape(options: ShapeOptions): Shape {
  const { schema, operation } = options;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}.`);
  const write = compileObject(options, { type: root, sets: [operation.selectionSet], path: '' });
  return ({ data, variables, shared, viewer }) => {
    const progress: Progress = {
      ...{ variables, shared, viewer, remarks: 0, known: new Map() },
      ...{ denials: [], denied: new Set(), disowned: new Set(), violations: [] },
    };
    const text = write(data, undefined, progress) ?? 'null';
    const { denials, denied, disowned, violations } = progress;
    return { data: text, denials, denied, disowned, violations };
  };
}

/** A path as a key: no name holds a space. */
export function placeKey(path: ResponsePath): string {
  return path.join(' ');
}

/** A selection on values of one type. */
interface Selection<T> {
  type: T;
  sets: readonly SelectionSetNode[];
  /** Response keys from the root, without list items. */
  path: string;
}

function compileObject(options: ShapeOptions, selection: Selection<GraphQLNamedType>): WriteObject {
  const { type, sets, path } = selection;
  const writers: WriteValue[] = [];
  const guards: (Guard | undefined)[] = [];
  const keys: string[] = [];
  const prefixes: string[] = [];
  for (const [key, nodes] of collectFields(options, type, sets)) {
    const field = { type, nodes, path: path === '' ? key : `${path}.${key}` };
    writers.push(compileField(options, field));
    guards.push(compileGuard(options, field));
    prefixes.push(`${keys.length === 0 ? '{' : ','}${quoted(key)}:`);
    keys.push(key);
  }
  if (keys.length === 0) return () => '{}';
  const isGuarded = guards.some((guard) => guard !== undefined);
  return (value, within, progress) => {
    let text = '';
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] as string; // the three lists have the same length
      const write = writers[index] as WriteValue;
      const place = { key, within };
      const guard = isGuarded ? guards[index] : undefined;
      const written =
        guard === undefined || guard.isOwned(value, progress.viewer)
          ? write(own(value, key), place, progress)
          : guard.deny(value, place, progress);
      if (written === undefined) return undefined;
      text += prefixes[index] + written;
    }
    return `${text}}`;
  };
}

interface FieldToWrite {
  type: GraphQLNamedType;
  nodes: readonly FieldNode[];
  path: string;
}

function compileField(options: ShapeOptions, { type, nodes, path }: FieldToWrite): WriteValue {
  const [node] = nodes;
  const name = node?.name.value ?? '';
  if (!node) throw new Error('A field without a node.');
  const { denials, argumentDenials } = options.authorized;
  // Nodes that are answered as one have equal arguments.
  const denial =
    denials.get(`${type.name}.${name}`) ??
    argumentDenials.get(node)?.get(type.name) ??
    interfaceDenial(options, type, name);
  if (name === '__typename') {
    const text = quoted(type.name);
    return () => (isObjectType(type) ? text : undefined);
  }
  const fieldType = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name]?.type : undefined;
  if (denial) {
    const isNonNull = fieldType ? isNonNullType(fieldType) : name === '__schema';
    return deny(options, {
      ...{ denial, nodes, isNonNull },
      coordinate: { typeName: type.name, fieldName: name },
    });
  }
  if (!fieldType) return (_value, _place, { variables }) => options.introspect(node, variables);
  const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const write = compileValue(options, { type: fieldType, sets, path, owner: `${type.name}.${name}` });
  const parentPath = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const isOfEntity = options.entityPaths.has(parentPath) && isCompositeType(getNamedType(fieldType));
  return isOfEntity ? once(write, parentPath) : write;
}

/** Known to be denied only where no type behind the interface shows it: otherwise the concrete type is asked for. */
function interfaceDenial(
  { schema, authorized: { denials } }: ShapeOptions,
  type: GraphQLNamedType,
  name: string,
) {
  if (!isInterfaceType(type)) return undefined;
  const all = schema.getPossibleTypes(type).map((possible) => denials.get(`${possible.name}.${name}`));
  return all.every((denial) => denial !== undefined) ? all[0] : undefined;
}

function deny(
  { policy }: ShapeOptions,
  field: {
    denial: Denial;
    nodes: readonly FieldNode[];
    coordinate: { typeName: string; fieldName: string };
    isNonNull: boolean;
  },
): WriteValue {
  const { denial, nodes, coordinate, isNonNull } = field;
  const error = formattedDenial(denial, policy, { coordinate, nodes });
  return (_value, place, progress) => {
    progress.remarks += 1;
    progress.denied.add(`${coordinate.typeName}.${coordinate.fieldName}`);
    if (progress.denials.length < maximumDenials) progress.denials.push({ ...error, path: pathOf(place) });
    return isNonNull ? undefined : 'null';
  };
}

/** A field that is shown only of objects that are the viewer's. */
interface Guard {
  isOwned(object: JsonObject, viewer: Viewer): boolean;
  deny: WriteValue;
}

function compileGuard(options: ShapeOptions, { type, nodes }: FieldToWrite): Guard | undefined {
  const fieldName = nodes[0]?.name.value ?? '';
  const ownership = options.authorized.ownerships.get(`${type.name}.${fieldName}`);
  const fieldType = isObjectType(type) ? type.getFields()[fieldName]?.type : undefined;
  if (!ownership || !fieldType) return undefined;
  const { denial } = ownership;
  const coordinate = { typeName: type.name, fieldName };
  const write = deny(options, { denial, nodes, coordinate, isNonNull: isNonNullType(fieldType) });
  return {
    isOwned: (object, viewer) => isOwned(ownership, object, viewer),
    deny(value, place, progress) {
      progress.disowned.add(placeKey(pathOf(place)));
      return write(value, place, progress);
    },
  };
}

function isOwned({ anyOf }: Ownership, object: JsonObject, viewer: Viewer): boolean {
  return anyOf.some((allOf) => allOf.every(({ key, equals }) => isViewers(object[key], viewer, equals)));
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

function nonNull(write: WriteValue, owner: string): WriteValue {
  return (value, place, progress) => {
    const before = progress.remarks;
    const text = write(value, place, progress);
    if (text !== 'null') return text;
    if (progress.remarks === before)
      violate(progress, place, `Cannot return null for non-nullable field ${owner}.`);
    return undefined;
  };
}

function list(write: WriteValue, owner: string): WriteValue {
  return (value, within, progress) => {
    if (value === null || value === undefined) return 'null';
    if (!Array.isArray(value)) return invalid(progress, within, `${owner} is no list.`);
    let text = '';
    for (let key = 0; key < value.length; key += 1) {
      const item = write(value[key], { key, within }, progress);
      if (item === undefined) return 'null';
      text += (key === 0 ? '[' : ',') + item;
    }
    return text === '' ? '[]' : `${text}]`;
  };
}

function leaf(type: GraphQLLeafType, owner: string): WriteValue {
  const write = writeLeaf(type);
  return (value, place, progress) => {
    if (value === null || value === undefined) return 'null';
    return write(value) ?? invalid(progress, place, `Invalid value found for field ${owner}.`);
  };
}

function composite(
  options: ShapeOptions,
  { type, sets, path, owner }: Selection<GraphQLNamedType> & ValueToWrite,
): WriteValue {
  const { schema } = options;
  const { typenameKey } = options.authorized;
  const byType = new Map<string, WriteObject>();
  const compiled = (typeName: string): WriteObject | undefined => {
    const known = byType.get(typeName);
    if (known) return known;
    const concrete = schema.getType(typeName);
    if (!isObjectType(concrete) && !isInterfaceType(concrete)) return undefined;
    const write = compileObject(options, { type: concrete, sets, path });
    byType.set(typeName, write);
    return write;
  };
  const declared = isAbstractType(type) && !isInterfaceType(type) ? undefined : type.name;
  return (value, place, progress) => {
    if (value === null || value === undefined) return 'null';
    if (!isJsonObject(value)) return invalid(progress, place, `${owner} is no object.`);
    const typeName = value.__typename ?? value[typenameKey] ?? declared;
    const write = typeof typeName === 'string' ? compiled(typeName) : undefined;
    if (write === undefined)
      return invalid(progress, place, `Invalid __typename found for object at field ${owner}.`);
    return write(value, place, progress) ?? 'null';
  };
}

/** Written once for all the places in which it stands, unless something has to be said of it at each. */
function once(write: WriteValue, entityPath: string): WriteValue {
  const writeOnce: WriteValue = (value, place, progress) => {
    if (!progress.shared.has(entityPath) || typeof value !== 'object' || value === null)
      return write(value, place, progress);
    let known = progress.known.get(writeOnce);
    if (known === undefined) {
      known = new Map();
      progress.known.set(writeOnce, known);
    }
    const text = known.get(value);
    if (text !== undefined) return text;
    const before = progress.remarks;
    const written = write(value, place, progress);
    if (written !== undefined && progress.remarks === before) known.set(value, written);
    return written;
  };
  return writeOnce;
}

function invalid(progress: Progress, place: Place | undefined, message: string): string {
  violate(progress, place, message);
  return 'null';
}

function violate(progress: Progress, place: Place | undefined, message: string): void {
  progress.remarks += 1;
  if (progress.violations.length < maximumViolations)
    progress.violations.push(new GraphQLError(message, { path: pathOf(place) }));
}

function pathOf(place: Place | undefined): ResponsePath {
  const path: (string | number)[] = [];
  for (let at = place; at !== undefined; at = at.within) path.push(at.key);
  return path.reverse();
}
