// What of a schema may be kept, by @cacheControl beside its fields, in a subgraph's SDL or in the supergraph.
import { type ConstDirectiveNode, type DocumentNode, Kind, valueFromASTUntyped } from 'graphql';
import { z } from 'zod';

/** How long a field's value may be kept, for whom, and what ends it sooner. */
export interface CacheMark {
  /** Seconds; `inherited`: as long as what holds the field. */
  readonly maxAge: number | 'inherited';
  /**
   * `PUBLIC`: the value is equal for all viewers of equal tenant, roles, permissions and scopes. `PRIVATE`: for the same
   * subject and client only.
   */
  readonly scope: 'PUBLIC' | 'PRIVATE';
  readonly changedBy: readonly ChangeSource[];
}

/** The events after which a value is asked for again. */
export interface ChangeSource {
  readonly eventType: string;
  /**
   * The member of the event's data that holds the id of the entity that changed: only what was told of that entity is
   * forgotten, whichever tenant's viewer was told. Without it, what was told to viewers of the event's tenant.
   */
  readonly property?: string;
}

/** By coordinate, `Type.field`. A field without a mark is never kept. */
export type CacheMarks = ReadonlyMap<string, CacheMark>;

const directiveName = 'cacheControl';
const source = /^([a-z][\w.-]*\.v\d+)(?:\((\w+)\))?$/;

const markShape = z
  .strictObject({
    maxAge: z.int().min(0).nullish(),
    scope: z.enum(['PUBLIC', 'PRIVATE']).default('PUBLIC'),
    inheritMaxAge: z.boolean().nullish(),
    changedBy: z
      .array(z.string().regex(source, 'is no event type such as "product.entity.happened.v1(entityId)"'))
      .default([]),
  })
  .refine(({ maxAge, inheritMaxAge }) => ((maxAge ?? null) === null) === (inheritMaxAge === true), {
    error: 'needs either maxAge or inheritMaxAge: true',
  });

/** @throws Error for a mark that cannot be read; the message names the field. */
export function readCacheMarks(document: DocumentNode): CacheMarks {
  const marks = new Map<string, CacheMark>();
  for (const type of document.definitions) {
    const isObject = type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.OBJECT_TYPE_EXTENSION;
    if (!isObject) continue;
    for (const field of type.fields ?? []) {
      const directive = field.directives?.find(({ name }) => name.value === directiveName);
      if (directive === undefined) continue;
      const coordinate = `${type.name.value}.${field.name.value}`;
      marks.set(coordinate, readMark(coordinate, directive));
    }
  }
  return marks;
}

function readMark(coordinate: string, directive: ConstDirectiveNode): CacheMark {
  const given = Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  const result = markShape.safeParse(given);
  if (!result.success) {
    const [problem] = result.error.issues;
    const place = problem?.path.length ? `${problem.path.join('.')} ` : '';
    throw new Error(`@cacheControl of ${coordinate}: ${place}${problem?.message}`);
  }
  const { maxAge, scope, changedBy } = result.data;
  return { maxAge: maxAge ?? 'inherited', scope, changedBy: changedBy.map(changeSource) };
}

function changeSource(text: string): ChangeSource {
  const [, eventType = '', property] = source.exec(text) ?? [];
  return property === undefined ? { eventType } : { eventType, property };
}
