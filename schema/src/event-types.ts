// TypeScript types of events' data, out of their schemas. What a type can't say (lengths, patterns) is
// checked where events are made and where they arrive.
import type { DataSchema, Literal, TypeWord } from './data-schema.ts';
import type { EventSchema } from './event-schemas.ts';

/** The text of subgraphs/chassis/src/event-data.generated.ts. */
export function eventTypes(eventSchemas: readonly EventSchema[]): string {
  const members = eventSchemas.map(({ type, schema }) => member(`'${type}'`, schema, '  '));
  return [
    '/** What an event says, by its type. */',
    'export interface EventData {',
    ...members,
    '}',
    '',
  ].join('\n');
}

function member(name: string, schema: DataSchema, indent: string): string {
  const comment = schema.description?.replaceAll('*/', '*\\/');
  return `${comment ? `${indent}/** ${comment} */\n` : ''}${indent}${name}: ${typeOf(schema, indent)};`;
}

function typeOf(schema: DataSchema, indent: string): string {
  if (schema.const !== undefined) return literalType(schema.const);
  if (schema.enum) return schema.enum.map(literalType).join(' | ');
  const words = [schema.type ?? []].flat();
  return words.map((word) => typeOfWord(word, schema, indent)).join(' | ') || 'unknown';
}

function typeOfWord(word: TypeWord, schema: DataSchema, indent: string): string {
  if (word === 'integer') return 'number';
  if (word === 'array') return `Array<${schema.items ? typeOf(schema.items, indent) : 'unknown'}>`;
  if (word !== 'object') return word;
  if (schema.properties === undefined) return 'Record<string, unknown>';
  const members = Object.entries(schema.properties).map(([name, property]) => {
    const isRequired = schema.required?.includes(name) ?? false;
    return member(`${propertyName(name)}${isRequired ? '' : '?'}`, property, `${indent}  `);
  });
  return `{\n${members.join('\n')}\n${indent}}`;
}

function literalType(value: Literal): string {
  return typeof value === 'string' ? `'${value.replaceAll(/['\\]/g, '\\$&')}'` : String(value);
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literalType(name);
}
