// Entities and root fields that subgraphs told, kept for whoever may be told the same.
import type { CacheMarks } from '@supergraph/chassis/cache-marks';
import { readCacheMarks } from '@supergraph/chassis/cache-marks';
import type { Policy } from '@supergraph/chassis/policy';
import type { Viewer } from '@supergraph/chassis/viewer';
import { type DocumentNode, type GraphQLSchema, Kind, parse, print, visit } from 'graphql';
import type { Counter } from 'prom-client';
import { audiencesOf, digest } from './audiences.ts';
import { type Cacheability, type CacheabilityOptions, cacheabilityOf } from './cacheability.ts';
import { tagOf } from './changeTags.ts';
import type { EntryStore, Reading, Sought } from './entryStore.ts';
import type { Flights } from './flights.ts';
import { readKeyFields } from './keyFields.ts';

/** What is kept of one supergraph's fetches. */
export interface FetchCache {
  readonly marks: CacheMarks;
  /** Where one fetch's answers are kept; undefined where they may not be, so that it costs nothing to ask. */
  of(fetch: { subgraph: string; operation: string }): KeptFetch | undefined;
}

export interface KeptFetch {
  /**
   * What is known of entities. Never rejects.
   * @param variables the fetch's variables but for `representations`, as text; equal for equal ones
   */
  entities(viewer: Viewer, variables: string, representations: readonly string[]): Promise<Lookup>;
  /** The same for an answer of root fields, as the one item. */
  root(viewer: Viewer, variables: string): Promise<Lookup>;
}

export interface Lookup {
  /** JSON texts in the order of what was asked; undefined for what a subgraph has to be asked for. */
  readonly texts: readonly (string | undefined)[];
  /**
   * To be called once, whatever came: with the JSON text of each that was missing, in the same places; undefined for
   * what must not be kept, such as null, or anything of an answer with errors. Others may be waiting for it.
   */
  settle(texts: readonly (string | undefined)[]): void;
}

export interface FetchCacheOptions {
  /** The supergraph's SDL, parsed. */
  document: DocumentNode;
  /** Identifies the supergraph. */
  version: string;
  schema: GraphQLSchema;
  policy: Pick<Policy, 'requirements'>;
  store: EntryStore;
  flights: Flights;
  /** Whether changes of what the fetch hangs on are heard of now. */
  hearsOf(cacheability: Cacheability): boolean;
  lookups: Counter<'subgraph' | 'outcome'>;
  /** Longest text that is kept. Default 64 KiB. */
  maximumLength?: number;
}

const nothingKept = { settle: () => undefined };

export function createFetchCache(options: FetchCacheOptions): FetchCache {
  const { document, version, schema, policy } = options;
  const marks = readCacheMarks(document);
  const reading: CacheabilityOptions = {
    ...{ schema, marks, requirements: policy.requirements },
    keyFields: readKeyFields(document),
  };
  return {
    marks,
    of({ subgraph, operation }) {
      if (marks.size === 0) return undefined;
      const parsed = parse(operation, { noLocation: true });
      const cacheability = cacheabilityOf(parsed, reading);
      if (cacheability === undefined) return undefined;
      const id = digest([version, subgraph, withoutName(parsed)]);
      return keptFetch({ subgraph, id, cacheability }, options);
    },
  };
}

interface Fetch {
  subgraph: string;
  id: string;
  cacheability: Cacheability;
}

/** An answer that is looked for. */
interface Item extends Sought {
  index: number;
}

function keptFetch(fetch: Fetch, options: FetchCacheOptions): KeptFetch {
  const { subgraph, id, cacheability } = fetch;
  const { store, flights, hearsOf, lookups, maximumLength = 65_536 } = options;
  const { isPrivate, changedBy, ttlSeconds } = cacheability;
  const count = (outcome: string, amount: number) => {
    if (amount > 0) lookups.inc({ subgraph, outcome }, amount);
  };

  function itemOf(viewer: Viewer, variables: string, representation: string | undefined): Sought | undefined {
    const entityId = representation === undefined ? undefined : identityIn(representation);
    const tags = new Set<string>();
    for (const source of changedBy) {
      const tag = tagOf(source, { tenantId: viewer.tenantId, entityId });
      if (tag === undefined) return undefined;
      tags.add(tag);
    }
    const { own, shared } = audiencesOf(viewer);
    const about = digest([variables, representation]);
    return { key: `${id}:${isPrivate ? own : shared}:${about}`, tags: [...tags] };
  }

  async function look(
    viewer: Viewer,
    variables: string,
    representations: readonly (string | undefined)[],
  ): Promise<Lookup> {
    const none = { ...nothingKept, texts: representations.map(() => undefined) };
    if (!hearsOf(cacheability)) return none;
    const items = representations.flatMap((representation, index): Item[] => {
      const sought = itemOf(viewer, variables, representation);
      return sought === undefined ? [] : [{ ...sought, index }];
    });
    if (items.length === 0) return none;
    const reading = await store.read(items, audiencesOf(viewer).writer);
    if (reading === undefined) {
      count('away', items.length);
      return none;
    }
    return found(items, reading, representations.length);
  }

  async function found(items: readonly Item[], reading: Reading, length: number): Promise<Lookup> {
    const texts = Array<string | undefined>(length).fill(undefined);
    const landings: { item: Item; land: (text: string | undefined) => void }[] = [];
    const joined: Promise<void>[] = [];
    let hits = 0;
    for (const item of items) {
      const text = reading.hasWritten ? undefined : reading.texts.get(item.key);
      const stamp = seenStamp(item, reading);
      const underWay = text === undefined && !reading.hasWritten ? flights.join(item.key, stamp) : undefined;
      if (text !== undefined) {
        texts[item.index] = text;
        hits += 1;
      } else if (underWay) {
        joined.push(
          underWay.then((landed) => {
            texts[item.index] = landed;
          }),
        );
      } else if (reading.hasWritten) landings.push({ item, land: () => undefined });
      else landings.push({ item, land: flights.begin(item.key, stamp) });
    }
    count('hit', hits);
    count('joined', joined.length);
    count(reading.hasWritten ? 'fresh' : 'miss', landings.length);
    await Promise.all(joined);
    return {
      texts,
      settle(brought) {
        const entries = landings.flatMap(({ item, land }) => {
          const text = brought[item.index];
          land(text);
          return text === undefined || text.length > maximumLength ? [] : [{ ...item, text, ttlSeconds }];
        });
        store.write(entries, reading.values);
      },
    };
  }

  return {
    entities: look,
    root: (viewer, variables) => look(viewer, variables, [undefined]),
  };
}

/** The values that the tags had when they were looked at. */
function seenStamp({ tags }: Sought, { values }: Reading): string {
  return tags.map((tag) => values.get(tag) ?? '').join(' ');
}

/** The id by which events name an entity: its `id`, or the one value that it is described by. */
function identityIn(representation: string): string | null {
  const { __typename: _, ...fields }: Record<string, unknown> = JSON.parse(representation);
  const values = Object.values(fields);
  const id = fields.id ?? (values.length === 1 ? values[0] : undefined);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
}

/** Clients name operations as they like, and the planner names fetches after them. */
function withoutName(document: DocumentNode): string {
  return print(
    visit(document, {
      [Kind.OPERATION_DEFINITION]: ({ name: _, ...node }) => ({ ...node, name: undefined }),
    }),
  );
}
