// For tests only: operations that ask for every field below a root type, each type in full at the places nearest to
// the root.
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** A field with its arguments and what is asked below it. */
export interface Asked {
  /** `Type.field`, of the type that declares it where it was asked. */
  typeName: string;
  fieldName: string;
  key: string;
  given: Readonly<Record<string, unknown>>;
  /** By the name of the concrete type. */
  below: Readonly<Record<string, readonly Asked[]>> | null;
}

export interface WholeSchemaOptions {
  schema: GraphQLSchema;
  /** Values of required arguments, by `Type.field`. Also for fields that are not required, where they are given. */
  given: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** How often a type is asked in full. Default 2. */
  times?: number;
}

/** A value of an enumeration, which is written without quotes. */
export class EnumValue {
  /** Told by this, and not by its class, of which a test that loads modules anew may have two. */
  readonly isEnumValue = true;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** Every field of a root type. */
export function wholeOf(root: GraphQLObjectType, options: WholeSchemaOptions): Asked[] {
  const { schema, given, times = 2 } = options;
  const expansions = new Map<string, number>();
  interface Open {
    type: GraphQLNamedType;
    fill(below: Record<string, readonly Asked[]>): void;
  }
  let level: Open[] = [];

  const asked = (type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): Asked => {
    const coordinate = `${type.name}.${field.name}`;
    const values: Record<string, unknown> = { ...given[coordinate] };
    if (field.args.some(({ name }) => name === 'first')) values.first ??= 2;
    const missing = field.args.find((each) => isNonNullType(each.type) && values[each.name] === undefined);
    if (missing) throw new Error(`Say what ${coordinate}(${missing.name}:) shall be.`);
    let below: Asked['below'] = null;
    const named = getNamedType(field.type);
    if (isCompositeType(named)) {
      const fill: Open['fill'] = (filled) => {
        below = filled;
      };
      level.push({ type: named, fill });
    }
    return {
      typeName: type.name,
      fieldName: field.name,
      key: field.name,
      given: values,
      get below() {
        return below;
      },
    };
  };
  const fieldsOf = (type: GraphQLObjectType) =>
    Object.values(type.getFields())
      // A subgraph's entrances for the gateway.
      .filter(({ name }) => !name.startsWith('_'))
      .map((field) => asked(type, field));

  const all = fieldsOf(root);
  while (level.length > 0) {
    const open = level;
    level = [];
    for (const { type, fill } of open) {
      const seen = expansions.get(type.name) ?? 0;
      expansions.set(type.name, seen + 1);
      const concrete = isAbstractType(type)
        ? schema.getPossibleTypes(type)
        : isObjectType(type)
          ? [type]
          : [];
      fill(seen < times ? Object.fromEntries(concrete.map((each) => [each.name, fieldsOf(each)])) : {});
    }
  }
  return all;
}

/** Key under which the concrete type of each object is asked. */
export const typeKey = 'is';

export function print(fields: readonly Asked[]): string {
  const one = ({ key, fieldName, given, below }: Asked): string => {
    const values = Object.entries(given).map(([name, value]) => `${name}: ${literal(value)}`);
    const name = key === fieldName ? fieldName : `${key}: ${fieldName}`;
    const head = values.length > 0 ? `${name}(${values.join(', ')})` : name;
    if (below === null) return head;
    const parts = Object.entries(below).map(
      ([type, inner]) => `... on ${type} { ${inner.map(one).join(' ')} }`,
    );
    return `${head} { ${typeKey}: __typename ${parts.join(' ')} }`;
  };
  return `{ ${fields.map(one).join(' ')} }`;
}

function isEnumValue(value: unknown): value is EnumValue {
  return typeof value === 'object' && value !== null && 'isEnumValue' in value;
}

/** Most characters of one operation, well below the most tokens that a gateway reads. */
const longestPart = 12_000;

/** As operations that a gateway takes, each of some of the fields in their order. */
export function partsOf(fields: readonly Asked[]): Asked[][] {
  const parts: Asked[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const field of fields) {
    const own = print([field]).length;
    length += own;
    if (length > longestPart) {
      parts.push([]);
      length = own;
    }
    parts.at(-1)?.push(field);
  }
  return parts;
}

function literal(value: unknown): string {
  if (isEnumValue(value)) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, member]) => `${name}: ${literal(member)}`)
    .join(', ')} }`;
}
