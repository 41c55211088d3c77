// Which resources a client asks for, and which of their attributes (RFC 7644, 3.4.2 and 3.9).
import { z } from 'zod';
import { invalidValue } from './errors.ts';
import { type Filter, parseFilter } from './filters/grammar.ts';
import { listSchema } from './schemas.ts';

export const maximumPageSize = 200;

/** Attributes in lower case: those that are asked for alone, or all but these. */
export interface Shown {
  attributes: readonly string[] | null;
  excluded: readonly string[];
}

export interface ListRequest extends Shown {
  filter: Filter | null;
  /** Counted from one. */
  startIndex: number;
  count: number;
}

const integer = z.coerce.number().int().min(-1_000_000_000).max(1_000_000_000);

const parameters = z.object({
  filter: z.string().optional(),
  startIndex: integer.default(1),
  count: integer.default(maximumPageSize),
});

/** @throws ScimError invalidFilter or invalidValue */
export function listRequest(query: URLSearchParams): ListRequest {
  const given = ['filter', 'startIndex', 'count'].map((name) => [name, query.get(name) ?? undefined]);
  const parsed = parameters.safeParse(Object.fromEntries(given));
  if (!parsed.success) throw invalidValue('startIndex and count are whole numbers.');
  const { filter, startIndex, count } = parsed.data;
  return {
    filter: filter === undefined ? null : parseFilter(filter),
    startIndex: Math.max(startIndex, 1),
    count: Math.min(Math.max(count, 0), maximumPageSize),
    ...shown(query),
  };
}

export function shown(query: URLSearchParams): Shown {
  const attributes = namesIn(query.get('attributes'));
  return {
    attributes: attributes.length === 0 ? null : attributes,
    excluded: namesIn(query.get('excludedAttributes')),
  };
}

const schemaPrefix = /^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/;

function namesIn(list: string | null): string[] {
  return (list ?? '')
    .slice(0, 2_000)
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(schemaPrefix, ''))
    .filter(Boolean);
}

/** Whether an attribute as a whole need not be read. */
export function isLeftOut({ attributes, excluded }: Shown, name: string): boolean {
  const isAsked = attributes?.some((asked) => asked === name || asked.startsWith(`${name}.`)) ?? true;
  return !isAsked || excluded.includes(name);
}

/** `schemas` and `id` are always shown. */
export function project<Resource extends object>(resource: Resource, request: Shown): object {
  const { attributes, excluded } = request;
  if (attributes === null && excluded.length === 0) return resource;
  return Object.fromEntries(
    Object.entries(resource).flatMap(([name, value]) => {
      const lower = name.toLowerCase();
      if (lower === 'schemas' || lower === 'id') return [[name, value]];
      if (isLeftOut(request, lower)) return [];
      return [[name, partOf(value, { name: lower, request })]];
    }),
  );
}

/** What is left of a value when some of its sub-attributes are asked for, or left out. */
function partOf(value: unknown, place: { name: string; request: Shown }): unknown {
  if (Array.isArray(value)) return value.map((each) => partOf(each, place));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const { name, request } = place;
  const { attributes, excluded } = request;
  const isWhole = attributes?.includes(name) ?? true;
  return Object.fromEntries(
    Object.entries(value).filter(([sub]) => {
      const path = `${name}.${sub.toLowerCase()}`;
      return (isWhole || attributes?.includes(path)) && !excluded.includes(path);
    }),
  );
}

export function listOf(
  resources: readonly object[],
  { startIndex, totalResults }: { startIndex: number; totalResults: number },
) {
  return {
    schemas: [listSchema],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
