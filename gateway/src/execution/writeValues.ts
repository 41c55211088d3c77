// Values as JSON, by the wrapping of their types (GraphQL §6.4.3).
import type { GraphQLLeafType } from 'graphql';
import { writeLeaf } from './leafText.ts';
import { addViolation, type Place, type Progress, pathOf, type WriteValue } from './shapeProgress.ts';

/** @param owner `Type.field`, for errors */
export function nonNull(write: WriteValue, owner: string): WriteValue {
  return (value, key, within, progress) => {
    const before = progress.remarks;
    const text = write(value, key, within, progress);
    if (text !== 'null') return text;
    if (progress.remarks === before)
      addViolation(
        progress,
        () => pathOf(key, within),
        `Cannot return null for non-nullable field ${owner}.`,
      );
    return undefined;
  };
}

export function list(write: WriteValue, owner: string): WriteValue {
  return (value, key, within, progress) => {
    if (value === null || value === undefined) return 'null';
    if (!Array.isArray(value)) return invalid(progress, { key, within }, `${owner} is no list.`);
    if (value.length === 0) return '[]';
    const here: Place = { key, within };
    let text = '[';
    const parts = progress.parts.length;
    for (let index = 0; index < value.length; index += 1) {
      const item = write(value[index], index, here, progress);
      if (item === undefined) {
        // What is not in the answer has no parts to come.
        progress.parts.length = parts;
        return 'null';
      }
      text += index === 0 ? item : `,${item}`;
    }
    return `${text}]`;
  };
}

export function leaf(type: GraphQLLeafType, owner: string): WriteValue {
  const write = writeLeaf(type);
  return (value, key, within, progress) => {
    if (value === null || value === undefined) return 'null';
    return write(value) ?? invalid(progress, { key, within }, `Invalid value found for field ${owner}.`);
  };
}

/** Written once for all the places in which it stands, unless something has to be said of it at each. */
export function once(write: WriteValue, entityPath: string): WriteValue {
  const writeOnce: WriteValue = (value, key, within, progress) => {
    if (!progress.shared.has(entityPath) || typeof value !== 'object' || value === null)
      return write(value, key, within, progress);
    let known = progress.known.get(writeOnce);
    if (known === undefined) {
      known = new Map();
      progress.known.set(writeOnce, known);
    }
    const text = known.get(value);
    if (text !== undefined) return text;
    const before = progress.remarks;
    const written = write(value, key, within, progress);
    if (written !== undefined && progress.remarks === before) known.set(value, written);
    return written;
  };
  return writeOnce;
}

/** What a subgraph must not have sent is null, with an error. */
export function invalid(progress: Progress, { key, within }: Place, message: string): string {
  addViolation(progress, () => pathOf(key, within), message);
  return 'null';
}
