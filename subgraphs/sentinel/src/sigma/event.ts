// Reading fields of an event, which is a plain object: flat with dotted names, nested, or both.
import { limits } from './limits.ts';

/** What is matched against rules. */
export type SigmaEvent = Readonly<Record<string, unknown>>;

/** A reader of one field; prepared once, because it runs for each event. */
export type FieldReader = (event: SigmaEvent) => unknown;

/** A name is tried as it stands, then as a path. Lists on the way stand for all of their members. */
export function fieldReader(name: string): FieldReader {
  const path = name.split('.');
  if (path.length === 1) return (event) => own(event, name);
  return (event) => {
    const flat = own(event, name);
    return flat === undefined ? walk(event, path, 0) : flat;
  };
}

/** The field's values, one or those of a list; none where it is absent. */
export function valuesOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** All scalar values of an event as text: what keywords are looked for in. */
export function textsOf(event: SigmaEvent): string[] {
  const texts: string[] = [];
  gather(event, texts, 0);
  return texts;
}

function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined;
}

function walk(value: unknown, path: readonly string[], depth: number): unknown {
  if (depth === path.length) return value;
  if (Array.isArray(value)) {
    const found = value.map((each) => walk(each, path, depth)).filter((each) => each !== undefined);
    return found.length === 0 ? undefined : found.flat();
  }
  return walk1(value, path, depth);
}

function walk1(value: unknown, path: readonly string[], depth: number): unknown {
  const next = own(value, path[depth] ?? '');
  return next === undefined ? undefined : walk(next, path, depth + 1);
}

function gather(value: unknown, texts: string[], depth: number): void {
  if (depth > limits.eventDepth || texts.length >= limits.eventValues) return;
  if (typeof value === 'object' && value !== null) {
    for (const each of Object.values(value)) gather(each, texts, depth + 1);
  } else if (value !== undefined && value !== null) {
    texts.push(String(value));
  }
}
