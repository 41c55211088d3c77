// Joins what several fetches brought of one object.

/** Data as subgraphs send it: parsed JSON. */
export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of its own: what an object inherits, such as `constructor`, was sent by nobody. */
export function own(object: Readonly<JsonObject>, key: string): unknown {
  const value = object[key];
  return key in inherited && !Object.hasOwn(object, key) ? undefined : value;
}

/** Whether no object inherits something of this name, so that it can be read without looking twice. */
export function isPlainName(key: string): boolean {
  return !(key in inherited);
}

/** Whether nothing stands within it that could be given further fields. */
export function isFlat(object: JsonObject): boolean {
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (typeof value === 'object' && value !== null) return false;
  }
  return true;
}

/** Sets a member, also one that is called `__proto__`: it is an alias like any other. */
export function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/**
 * Puts the members of `source` into `target`. What both have is joined in depth; otherwise the later one counts, except
 * that a null takes nothing away: one subgraph of several failed to tell its part.
 * @param interfaces names of types that say less than any other: a subgraph that knows an interface as one type
 *   (`@interfaceObject`) calls by its name what another has called by the type that it has
 */
export function mergeData(
  target: JsonObject,
  source: JsonObject,
  interfaces: ReadonlySet<unknown> = noInterfaces,
): void {
  if (target === source) return;
  for (const key of Object.keys(source)) {
    const theirs = source[key];
    const ours = own(target, key);
    if (theirs === undefined || (theirs === null && ours !== undefined)) continue;
    if (isJsonObject(ours) && isJsonObject(theirs)) mergeData(ours, theirs, interfaces);
    else if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
      mergeLists(ours, theirs, interfaces);
    else if (ours === undefined || key !== '__typename' || !interfaces.has(theirs))
      setOwn(target, key, theirs);
  }
}

/** A copy in depth. */
export function copyOf(object: JsonObject): JsonObject {
  const copy: JsonObject = {};
  for (const key of Object.keys(object)) setOwn(copy, key, copyOfValue(object[key]));
  return copy;
}

function copyOfValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(copyOfValue) : copyOf(value as JsonObject); // what else JSON has
}

function mergeLists(target: unknown[], source: readonly unknown[], interfaces: ReadonlySet<unknown>): void {
  if (target === source) return;
  for (let index = 0; index < source.length; index += 1) {
    const ours = target[index];
    const theirs = source[index];
    if (isJsonObject(ours) && isJsonObject(theirs)) mergeData(ours, theirs, interfaces);
    else if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
      mergeLists(ours, theirs, interfaces);
    else if (theirs !== null) target[index] = theirs;
  }
}

const inherited: object = Object.prototype;
const noInterfaces: ReadonlySet<unknown> = new Set();
