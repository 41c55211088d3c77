// Opaque cursors: base64url of the place in an order. Clients must not read them, so the form may change.
import { Types } from 'mongoose';
import { z } from 'zod';
import { badUserInput } from './errors.ts';

/** What a list can be ordered by. */
export type CursorValue = string | number | boolean | null | Date | Types.ObjectId;

/** A node's place: the order's name, the value it is sorted by, and its id. */
export interface CursorPlace {
  order: string;
  value: CursorValue;
  id: CursorValue;
}

const maximumLength = 2_048;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const date = z.object({ date: z.iso.datetime() }).transform((value) => new Date(value.date));
const objectId = z
  .object({ objectId: z.string().regex(/^[0-9a-f]{24}$/) })
  .transform((value) => new Types.ObjectId(value.objectId));
// Nothing else can be written here, so that a forged cursor never smuggles an operator into a query.
const value = z.union([scalar, date, objectId]);
const place = z.tuple([z.string(), value, value]);

/** @throws TypeError for a value that no list can be ordered by. */
export function encodeCursor({ order, value, id }: { order: string; value: unknown; id: unknown }): string {
  return Buffer.from(JSON.stringify([order, tagged(value), tagged(id)])).toString('base64url');
}

/** @throws PlatformError BAD_USER_INPUT when the text is not a cursor. */
export function decodeCursor(cursor: string): CursorPlace {
  const parsed = place.safeParse(cursor.length > maximumLength ? undefined : parse(cursor));
  if (!parsed.success)
    throw badUserInput('Argument "after" is not a cursor. Use an edge\'s cursor as it is.');
  const [order, value, id] = parsed.data;
  return { order, value, id };
}

/**
 * Whether a list can have this value in a path of this mongoose type (`SchemaType.instance`); null stands for a
 * missing one. A cursor that was forged holds others, over which mongoose fails.
 */
export function fitsType(value: CursorValue, type: string | undefined): boolean {
  if (value === null) return true;
  if (type === 'Date') return value instanceof Date && !Number.isNaN(value.getTime());
  if (type === 'ObjectId') return value instanceof Types.ObjectId;
  if (type === 'String' || type === 'Number' || type === 'Boolean')
    return typeof value === type.toLowerCase();
  return true;
}

function tagged(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return { date: value.toISOString() };
  if (value instanceof Types.ObjectId) return { objectId: value.toHexString() };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw new TypeError('A list can be ordered by strings, numbers, booleans, dates and ids.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
