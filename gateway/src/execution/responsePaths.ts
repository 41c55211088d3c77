// Places in the answer that is being put together, as plans name them: field names, and '@' for each item of a list.
import { isJsonObject, type JsonObject, own, setOwn } from './mergeData.ts';

export type PlanPath = readonly string[];
export type ResponsePath = readonly (string | number)[];

const eachItem = '@';

/** A path without its list items: what stands at it are values of one field. */
export function placeName(path: PlanPath): string {
  return path.filter((element) => element !== eachItem).join('.');
}

/** The objects at a path, each once. */
export function objectsAt(data: JsonObject, path: PlanPath): Iterable<JsonObject> {
  const objects = new Set<JsonObject>();
  eachAt({ data, path, mayShare: true }, (object) => objects.add(object));
  return objects;
}

export interface ObjectsToVisit {
  /** The whole answer. */
  data: JsonObject;
  path: PlanPath;
  /** Whether one object can stand in several places: then each is looked into once, since places multiply. */
  mayShare: boolean;
}

/** @param visit is given each object at the path, perhaps several times, and what puts another one in its place */
export function eachAt(
  { data, path, mayShare }: ObjectsToVisit,
  visit: (object: JsonObject, replace: (other: JsonObject) => void) => void,
): void {
  const last = path.at(-1);
  if (last === undefined) visit(data, () => undefined);
  let level: unknown[] = [data];
  for (const element of path.slice(0, -1)) level = step(level, element, mayShare);
  for (const container of level) {
    if (last === eachItem) visitItems(container, visit);
    else if (last !== undefined && isJsonObject(container)) {
      const value = own(container, last);
      if (isJsonObject(value)) visit(value, (other) => setOwn(container, last, other));
      else visitItems(value, visit);
    }
  }
}

function visitItems(list: unknown, visit: Parameters<typeof eachAt>[1]): void {
  if (!Array.isArray(list)) return;
  for (let index = 0; index < list.length; index += 1) {
    const item: unknown = list[index];
    if (isJsonObject(item))
      visit(item, (other) => {
        list[index] = other;
      });
    else visitItems(item, visit);
  }
}

function step(level: readonly unknown[], element: string, mayShare: boolean): unknown[] {
  const next: unknown[] = [];
  const seen = mayShare ? new Set<unknown>() : undefined;
  for (const value of level) {
    if (element === eachItem) {
      if (Array.isArray(value)) for (const item of value) if (item !== null) next.push(item);
    } else if (isJsonObject(value)) {
      const field = own(value, element);
      if (field === null || field === undefined || seen?.has(field)) continue;
      seen?.add(field);
      next.push(field);
    }
  }
  return next;
}

export interface PlacesToFind {
  /** The whole answer. */
  data: JsonObject;
  path: PlanPath;
  /** Whose places; of all at the path where it is absent. */
  of?: ReadonlySet<JsonObject>;
  /** Enough of them: one object can stand in thousands. */
  most: number;
}

/** The places of objects at a path. */
export function placesAt({ data, path, of, most }: PlacesToFind): { object: JsonObject; at: ResponsePath }[] {
  const places: { object: JsonObject; at: ResponsePath }[] = [];
  const visit = (value: unknown, depth: number, at: ResponsePath): void => {
    if (places.length >= most || value === null || value === undefined) return;
    const element = path[depth];
    if (element === undefined && isJsonObject(value)) {
      if (of === undefined || of.has(value)) places.push({ object: value, at });
    } else if (Array.isArray(value)) {
      const rest = element === eachItem ? depth + 1 : depth;
      for (const [index, item] of value.entries()) visit(item, rest, [...at, index]);
    } else if (isJsonObject(value) && element !== undefined)
      visit(own(value, element), depth + 1, [...at, element]);
  };
  visit(data, 0, []);
  return places;
}
