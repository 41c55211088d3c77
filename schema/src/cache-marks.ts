// A lint of @cacheControl: what is kept can be told apart, and the events that end it are told.
import { type CacheMark, type CacheMarks, readCacheMarks } from '@supergraph/chassis/cache-marks';
import type { Requirements } from '@supergraph/chassis/policy';
import { readRequirements } from '@supergraph/chassis/policy/requirements';
import { rulesIn } from '@supergraph/chassis/policy/rules';
import { elementsOf } from './elements.ts';
import type { EventSchema } from './event-schemas.ts';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

export interface CacheMarkLintOptions {
  subgraph: Subgraph;
  eventSchemas: readonly EventSchema[];
}

export function lintCacheMarks({ subgraph, eventSchemas }: CacheMarkLintOptions): Finding[] {
  const { document, file } = subgraph;
  let marks: CacheMarks;
  let requirements: Requirements;
  try {
    marks = readCacheMarks(document);
    requirements = readRequirements(document);
  } catch (error) {
    const problem = `${error instanceof Error ? error.message : String(error)}.`;
    return [{ where: file, problem, remedy: 'schema/README.md says how @cacheControl is written.' }];
  }
  const events = new Map(eventSchemas.map(({ type, schema }) => [type, schema]));
  const places = new Map(elementsOf(subgraph).map(({ coordinate, where }) => [coordinate, where]));
  return [...marks].flatMap(([coordinate, mark]) => {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const where = places.get(coordinate) ?? file;
    const requirement = requirements.get(typeName)?.get(fieldName) ?? [];
    const isPersonal = rulesIn(requirement).some(({ kind }) => kind === 'argument' || kind === 'field');
    return [
      ...(typeName === 'Mutation' || typeName === 'Subscription' ? [refusedRoot(where, coordinate)] : []),
      ...(isPersonal && mark.scope === 'PUBLIC' ? [refusedScope(where, coordinate)] : []),
      ...unknownEvents(mark, { where, coordinate, events }),
    ];
  });
}

function refusedRoot(where: string, coordinate: string): Finding {
  const problem = `${coordinate} is marked with @cacheControl, and no change or event is ever kept.`;
  return { where, problem, remedy: 'Remove the mark.' };
}

function refusedScope(where: string, coordinate: string): Finding {
  return {
    where,
    problem: `${coordinate} is decided by who asks, and would be kept for others of equal permissions.`,
    remedy: 'Write @cacheControl(…, scope: PRIVATE).',
  };
}

interface MarkPlace {
  where: string;
  coordinate: string;
  events: ReadonlyMap<string, EventSchema['schema']>;
}

function unknownEvents({ changedBy }: CacheMark, { where, coordinate, events }: MarkPlace): Finding[] {
  return changedBy.flatMap(({ eventType, property }) => {
    const event = events.get(eventType);
    if (event !== undefined && (property === undefined || property in event.properties)) return [];
    const missing = event === undefined ? eventType : `${property} in ${eventType}`;
    const problem = `${coordinate} is said to be changed by what is not described: ${missing}.`;
    return [{ where, problem, remedy: 'Name an event of schema/events and a member of its data.' }];
  });
}
