// Where addresses are, by a MaxMind DB file that the operator supplies. Without one nothing is known, and nobody guesses.
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Logger } from '@supergraph/chassis/logging';
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { LRUCache } from 'lru-cache';
import { Reader } from 'mmdb-lib';
import { type Place, placeOf, type Tells, tellsOf } from './rules.ts';

export interface Places {
  /** Null for an address of which the file says nothing, as of private networks. */
  of(address: string | null): Place | null;
  /** What the file can tell at all. */
  readonly tells: Tells;
  /** Takes the file anew where it changed. @returns whether it had; @throws where it can't be read, and the old one stays */
  refresh(): boolean;
}

/** One file is read once a process, however many copies of a service run in it. */
const opened = new Map<string, Places>();

/** @throws where it is no readable file of cities or countries */
export function placesAt(path: string): Places {
  const alreadyOpen = opened.get(path);
  if (alreadyOpen !== undefined) return alreadyOpen;
  let { reader, tells, stamp } = read(path);
  // To decode a record takes longer than all else that is done to tell where an event came from.
  const lately = new LRUCache<string, { place: Place | null }>({ max: 10_000 });
  const places: Places = {
    of(address) {
      if (address === null || isIP(address) === 0) return null;
      const known = lately.get(address);
      if (known !== undefined) return known.place;
      const place = placeOf(reader.get(address));
      lately.set(address, { place });
      return place;
    },
    get tells() {
      return tells;
    },
    refresh() {
      if (stampOf(path) === stamp) return false;
      ({ reader, tells, stamp } = read(path));
      lately.clear();
      return true;
    },
  };
  opened.set(path, places);
  return places;
}

function read(path: string) {
  const stamp = stampOf(path);
  // The records' shape is the file's own word: placeOf takes what it knows of it.
  const reader = new Reader<never>(readFileSync(path));
  return { stamp, reader, tells: tellsOf(reader.metadata.databaseType) };
}

function stampOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs} ${size} ${ino}`;
}

/** Suppliers publish once a day at most. */
const lookEveryMs = 60_000;

/** Looks whether the file was replaced. What is being written is not taken before it can be read. */
export function createPlacesRefresh({
  config: { GEOIP_DATABASE_PATH: path },
  logger,
}: {
  config: { GEOIP_DATABASE_PATH?: string | undefined };
  logger: Logger;
}): Worker {
  if (path === undefined)
    logger.info('GEOIP_DATABASE_PATH is not set: security events have no place, and nothing is found by it');
  return createPolling({
    name: 'places',
    pauseMs: lookEveryMs,
    async look() {
      if (path !== undefined && placesAt(path).refresh()) logger.info({ path }, 'took the new places');
    },
    onFailure: (error) => logger.error({ err: error, path }, 'the places stay as they were'),
  });
}
