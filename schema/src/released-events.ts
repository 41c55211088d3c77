// A released event keeps its shape: events of that shape lie in queues, outboxes and dead letters, and consumers
// that are older than its new shape would refuse it. Another shape is another version of the type.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { EventSchema } from './event-schemas.ts';
import type { Finding } from './finding.ts';

const released = z.record(z.string(), z.unknown());

/** The text of schema/released-events.json: each type's schema without its documentation. */
export function releaseOf(eventSchemas: readonly EventSchema[]): string {
  const shapes = Object.fromEntries(eventSchemas.map(({ type, schema }) => [type, shapeOf(schema)]));
  return `${JSON.stringify(shapes, null, 2)}\n`;
}

export interface EventsToCompare {
  /** What releaseOf gave. */
  releasedEvents: string;
  eventSchemas: readonly EventSchema[];
}

export function compareEvents({ releasedEvents, eventSchemas }: EventsToCompare): Finding[] {
  const current = new Map(eventSchemas.map((each) => [each.type, each]));
  return Object.entries(released.parse(JSON.parse(releasedEvents))).flatMap(([type, shape]): Finding[] => {
    const now = current.get(type);
    if (now === undefined) {
      return [
        {
          where: `schema/events/${type}.schema.json`,
          problem: 'A released event is gone; consumers and messages under way rely on it.',
          remedy: 'Put it back until nothing emits, holds or consumes it.',
        },
      ];
    }
    if (isDeepStrictEqual(shapeOf(now.schema), shape)) return [];
    return [
      {
        where: now.file,
        problem: 'Its shape is not the released one any more; consumers and messages under way rely on that.',
        remedy: `Undo it, describe the new shape as ${nextVersion(type)}, and emit both until every consumer reads the new one.`,
      },
    ];
  });
}

function nextVersion(type: string): string {
  return type.replace(/\d+$/, (version) => String(Number(version) + 1));
}

const documentation = new Set([
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
  'examples',
  'deprecated',
]);
const unordered = new Set(['required', 'enum', 'type']);

function shapeOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shapeOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema)
    .filter(([keyword]) => !documentation.has(keyword))
    .map(([keyword, value]: [string, unknown]) => {
      if (keyword === 'properties') return [keyword, shapesByName(value)];
      return [keyword, unordered.has(keyword) && Array.isArray(value) ? value.toSorted() : shapeOf(value)];
    });
  return Object.fromEntries(entries);
}

// Under `properties`, names are no keywords: an event may well have a title.
function shapesByName(properties: unknown): unknown {
  if (typeof properties !== 'object' || properties === null) return properties;
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, shapeOf(schema)]));
}
