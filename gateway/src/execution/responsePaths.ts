// Places in the answer that is being put together, as plans name them: field names, and '@' for each item of a list.
import { isJsonObject, type JsonObject, own } from './mergeData.ts';

export type PlanPath = readonly string[];
export type ResponsePath = readonly (string | number)[];

const eachItem = '@';

/**
 * The objects at a path.
 * @param data the whole answer
 * @param mayShare whether one object can stand in several places: then each is looked into once, since places multiply
 */
export function objectsAt(data: JsonObject, path: PlanPath, mayShare: boolean): JsonObject[] {
  let level: unknown[] = [data];
  for (const element of path) {
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
    level = next;
  }
  return (level.some(Array.isArray) ? level.flat(Number.POSITIVE_INFINITY) : level).filter(isJsonObject);
}

/** Every place of every object at a path; `most` bounds what is looked for, since one object can stand in thousands. */
export function placesAt(
  data: JsonObject,
  path: PlanPath,
  most: number,
): { object: JsonObject; at: ResponsePath }[] {
  const places: { object: JsonObject; at: ResponsePath }[] = [];
  const visit = (value: unknown, depth: number, at: ResponsePath): void => {
    if (places.length >= most || value === null || value === undefined) return;
    const element = path[depth];
    if (element === undefined && isJsonObject(value)) places.push({ object: value, at });
    else if (Array.isArray(value)) {
      const rest = element === eachItem ? depth + 1 : depth;
      for (const [index, item] of value.entries()) visit(item, rest, [...at, index]);
    } else if (isJsonObject(value) && element !== undefined)
      visit(own(value, element), depth + 1, [...at, element]);
  };
  visit(data, 0, []);
  return places;
}
