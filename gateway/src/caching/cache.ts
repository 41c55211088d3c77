// What all gateways of an installation keep together, for as long as one of them runs.
import type { Broker } from '@supergraph/chassis/broker';
import type { EventContracts } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';
import type { Viewer } from '@supergraph/chassis/viewer';
import { parse } from 'graphql';
import type { Redis } from 'ioredis';
import { Counter, type Registry } from 'prom-client';
import type { Supergraph } from '../execution/supergraph.ts';
import type { SupergraphVersion } from '../supergraph/supergraphSource.ts';
import { audiencesOf } from './audiences.ts';
import { createEntryStore, type EntryStoreOptions } from './entryStore.ts';
import { createFetchCache, type FetchCache } from './fetchCache.ts';
import { createFlights } from './flights.ts';
import { createInvalidation } from './invalidation.ts';

export interface Cache {
  /** What is kept of one supergraph's fetches. */
  of(version: SupergraphVersion, supergraph: Pick<Supergraph, 'supergraphSchema' | 'policy'>): FetchCache;
  /** From now on, and for some seconds, this viewer is told nothing that was kept. Never rejects. */
  noteChangeBy(viewer: Viewer): Promise<void>;
  stop(): Promise<void>;
}

export interface CacheOptions
  extends Pick<EntryStoreOptions, 'redis' | 'namespace' | 'freshSeconds' | 'readMs'> {
  redis: Redis;
  broker: Broker;
  contracts: EventContracts;
  logger: Logger;
  registry: Registry;
}

/** Somebody else's fetch is waited for no longer than one's own might take on a bad day. */
const flightMs = 1_000;

export function createCache(options: CacheOptions): Cache {
  const { broker, contracts, logger, registry } = options;
  const store = createEntryStore(options);
  const flights = createFlights({ patienceMs: flightMs });
  const lookups = new Counter({
    name: 'gateway_cache_lookups_total',
    help: 'Entities and root answers that were looked for: hit; joined, fetched by another request just then; miss; fresh, not given to who has just changed something; away, without Redis.',
    labelNames: ['subgraph', 'outcome'],
    registers: [registry],
  });
  const changes = new Counter({
    name: 'gateway_cache_changes_total',
    help: 'Events after which something was forgotten.',
    labelNames: ['event'],
    registers: [registry],
  });
  const invalidation = createInvalidation({ broker, contracts, store, logger, changes });
  let isUsed = false;
  return {
    of({ sdl, hash }, { supergraphSchema, policy }) {
      const document = parse(sdl, { noLocation: true });
      const cache = createFetchCache({
        ...{ document, version: hash, schema: supergraphSchema, policy },
        ...{ store, flights, lookups },
        hearsOf: ({ changedBy }) => invalidation.hearsOf(changedBy),
      });
      isUsed ||= cache.marks.size > 0;
      invalidation.follow([...cache.marks.values()].flatMap(({ changedBy }) => changedBy));
      return cache;
    },
    async noteChangeBy(viewer) {
      if (isUsed) await store.noteWriter(audiencesOf(viewer).writer);
    },
    stop: () => invalidation.stop(),
  };
}
