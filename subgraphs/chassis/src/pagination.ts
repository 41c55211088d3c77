// Relay connections over keyset pages: a cursor names a place in the order, so that inserts and deletes
// between two pages neither repeat nor skip a node.
import type { Model, Schema as MongooseSchema, QueryFilter } from 'mongoose';
import { type CursorValue, decodeCursor, encodeCursor, fitsType } from './cursor.ts';
import { badUserInput } from './errors.ts';
import { countList } from './list-budget.ts';

/** A page as the client asked for it, checked. */
export interface Page {
  /** Most nodes on the page. */
  readonly limit: number;
  /** Opaque cursor of the last node of the page before; null for the first page. */
  readonly after: string | null;
}

/** Relay's `first` and `after`. */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
}

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

export interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}

/** Relay Cursor Connections Specification. */
export interface Connection<Node> {
  edges: Array<Edge<Node>>;
  nodes: Node[];
  pageInfo: PageInfo;
}

/**
 * Checks `first` and `after`.
 * @throws PlatformError BAD_USER_INPUT when `first` is not 1 to `maximumSize`, or `after` is no cursor.
 */
export function parsePage(
  { first, after }: PageArguments,
  { defaultSize = 20, maximumSize = 100 }: { defaultSize?: number; maximumSize?: number } = {},
): Page {
  const limit = first ?? defaultSize;
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumSize) {
    throw badUserInput(`Argument "first" is ${limit}; ask for 1 to ${maximumSize}.`);
  }
  if (after !== null && after !== undefined) decodeCursor(after);
  return { limit, after: after ?? null };
}

/** The order of a list: one field, ties broken by `_id` in the same direction. */
export interface SortOrder {
  field: string;
  direction: 'ascending' | 'descending';
}

export interface FindPageOptions<Raw> {
  page: Page;
  sort: SortOrder;
  filter?: QueryFilter<Raw>;
}

/**
 * One page of a collection as plain objects. Give the collection an index on the filter's fields, the sort field
 * and `_id`. The sort field holds strings, numbers, booleans, dates or ids; a missing one counts as null.
 * @throws PlatformError BAD_USER_INPUT when the cursor was made by a list in another order, or by nobody;
 *   for one list too many of an operation.
 */
export async function findPage<Raw, Helpers, Methods, Virtuals, Document, Schema, Lean>(
  model: Model<Raw, Helpers, Methods, Virtuals, Document, Schema, Lean>,
  { page, sort, filter = {} }: FindPageOptions<Raw>,
): Promise<Connection<Lean>> {
  countList();
  const direction = sort.direction === 'ascending' ? 1 : -1;
  const order = orderName(sort);
  const place = page.after === null ? null : placeAfter(page.after, order);
  const schema = model.schema as unknown as MongooseSchema; // what it is; the model's type parameters hide it
  const holds = (path: string, value: CursorValue) => fitsType(value, schema.path(path)?.instance);
  if (place !== null && !(holds(sort.field, place.value) && holds('_id', place.id) && place.id !== null)) {
    throw badUserInput('Argument "after" is not a cursor of this list. Use an edge\'s cursor as it is.');
  }
  const bounded = place === null ? filter : { $and: [filter, keysetFilter(sort, place)] };
  const rows = await model
    .find(bounded as QueryFilter<Raw>) // the given filter, narrowed by comparisons on two of its fields
    .sort(sort.field === '_id' ? { _id: direction } : { [sort.field]: direction, _id: direction })
    .limit(page.limit + 1)
    .lean();
  return connection(rows as Lean[], {
    // lean() yields the model's own lean type
    page,
    cursorOf: (row) => encodeCursor({ order, value: valueAt(row, sort.field), id: valueAt(row, '_id') }),
  });
}

export interface ConnectionOptions<Node> {
  page: Page;
  /** Opaque cursor of a node. */
  cursorOf: (node: Node) => string;
}

/** A connection of rows that were read with a limit of one more than the page's, to see whether more follow. */
export function connection<Node>(rows: readonly Node[], options: ConnectionOptions<Node>): Connection<Node> {
  const { page, cursorOf } = options;
  const nodes = rows.slice(0, page.limit);
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: rows.length > page.limit,
      // A cursor exists because a node before this page was seen; the Relay specification allows this answer.
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

interface Place {
  value: CursorValue;
  id: CursorValue;
}

function orderName({ field, direction }: SortOrder): string {
  return `${direction === 'ascending' ? '+' : '-'}${field}`;
}

function placeAfter(cursor: string, order: string): Place {
  const place = decodeCursor(cursor);
  if (place.order !== order) throw badUserInput('Argument "after" is a cursor of a list in another order.');
  return place;
}

function keysetFilter({ field, direction }: SortOrder, { value, id }: Place): Record<string, unknown> {
  const beyond = direction === 'ascending' ? '$gt' : '$lt';
  if (field === '_id') return { _id: { [beyond]: id } };
  const tied = { [field]: value, _id: { [beyond]: id } };
  // MongoDB compares within one type, and null sorts before every other.
  if (direction === 'ascending') {
    return { $or: [{ [field]: value === null ? { $ne: null } : { $gt: value } }, tied] };
  }
  return value === null ? tied : { $or: [{ [field]: { $lt: value } }, { [field]: null }, tied] };
}

function valueAt(row: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
      row,
    );
}
