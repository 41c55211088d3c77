// Scalars and enum values as JSON; a subgraph that sends what its schema does not allow is not believed.
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
} from 'graphql';
import { quoted } from './jsonText.ts';

/** @returns undefined for a value that is none of the type. */
export type WriteLeaf = (value: unknown) => string | undefined;

export function writeLeaf(type: GraphQLLeafType): WriteLeaf {
  if (isEnumType(type)) {
    // The public schema's values: others are hidden from clients.
    const texts = new Map(type.getValues().map(({ name }) => [name as unknown, quoted(name)]));
    return (value) => texts.get(value);
  }
  return builtIn.get(type.name) ?? anything;
}

// Custom scalars are the subgraph's to define.
const anything: WriteLeaf = (value) => (typeof value === 'string' ? quoted(value) : JSON.stringify(value));

const text: WriteLeaf = (value) => (typeof value === 'string' ? quoted(value) : undefined);
const integer: WriteLeaf = (value) => (Number.isSafeInteger(value) ? String(value) : undefined);

const builtIn: ReadonlyMap<string, WriteLeaf> = new Map([
  [GraphQLString.name, text],
  // Always a string for clients, also where a subgraph counts (GraphQL §3.5.5).
  [GraphQLID.name, (value) => text(value) ?? (Number.isSafeInteger(value) ? `"${value}"` : undefined)],
  [GraphQLInt.name, integer],
  [GraphQLFloat.name, (value) => (Number.isFinite(value) ? String(value) : undefined)],
  [GraphQLBoolean.name, (value) => (typeof value === 'boolean' ? String(value) : undefined)],
]);
