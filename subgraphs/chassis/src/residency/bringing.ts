// What lay at home while its model did, of tenants who live elsewhere, is brought to their regions: once, when a version
// starts of which the model lies with its tenants. Copies of an earlier version have to be stopped by then.
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import type { Logger } from 'pino';
import type { Lease } from '../lease.ts';
import { isRegional, type ModelSchemas } from '../models.ts';
import { platformTenantId } from '../tenancy.ts';
import type { Directory } from './directory.ts';
import type { Placement } from './placement.ts';

export interface Bringing {
  /** Of the home region. */
  connection: Connection;
  placement: Placement;
  schemas: ModelSchemas;
  directory: Directory;
  /** One copy of the program brings at a time: what two bring could come back after somebody removed it. */
  lease: Lease;
  logger: Logger;
}

type Stored = mongo.Document & { _id: string };

const batchSize = 500;
const everyMs = 200;

/** Settles when nothing is left to be brought, by whichever copy. */
export async function bringAlong(bringing: Bringing): Promise<void> {
  for (;;) {
    const misplaced = await misplacedIn(bringing);
    if (misplaced.length === 0) return;
    if (await bringing.lease.hold()) {
      for (const each of misplaced) await bring(bringing, each);
      await bringing.lease.release();
    } else await pause(everyMs);
  }
}

interface Misplaced {
  collection: string;
  tenantPath: string;
  tenantId: string;
  region: string;
}

async function misplacedIn({ connection, placement, schemas, directory }: Bringing): Promise<Misplaced[]> {
  const found: Misplaced[] = [];
  const homes = new Map<string, string | null>();
  /** Null where nothing is to be done: of one that moves, what lies at home is its mover's. */
  const elsewhere = async (tenantId: string) => {
    const known = homes.get(tenantId);
    if (known !== undefined) return known;
    const residence = tenantId === platformTenantId ? null : await directory.find(tenantId);
    const isHere = residence === null || residence.move !== null || residence.region === placement.home.name;
    const region = isHere ? null : residence.region;
    homes.set(tenantId, region);
    return region;
  };
  for (const [name, model] of Object.entries(schemas)) {
    if (!isRegional(model) || model.schema.get('timeseries') !== undefined) continue;
    const { tenantPath } = model;
    const collection = connection.model(name).collection.name;
    for (const id of await documentsOf(connection, collection).distinct(tenantPath)) {
      const tenantId = String(id);
      const region = await elsewhere(tenantId);
      if (region !== null) found.push({ collection, tenantPath, tenantId, region });
    }
  }
  return found;
}

async function bring(
  { connection, placement, lease, logger }: Bringing,
  { collection, tenantPath, tenantId, region }: Misplaced,
): Promise<void> {
  const to = placement.regions.find(({ name }) => name === region);
  if (to === undefined) throw new Error(`This copy does not know the region ${region}.`);
  const source = documentsOf(connection, collection);
  const target = documentsOf(to.connection, collection);
  const whose: mongo.Filter<Stored> = { [tenantPath]: tenantId };
  let documents = 0;
  for (;;) {
    if (!(await lease.hold())) throw new Error('Another copy has taken over.');
    const batch = await source.find(whose).limit(batchSize).toArray();
    if (batch.length === 0) break;
    // One that is there was brought before this stopped.
    await target.bulkWrite(
      batch.map(({ _id, ...rest }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
      })),
    );
    await source.deleteMany({ _id: { $in: batch.map(({ _id }) => _id) } });
    documents += batch.length;
  }
  if (documents > 0)
    logger.info(
      { tenant: tenantId, region, collection, documents },
      'documents were brought to their region',
    );
}

function documentsOf(connection: Connection, collection: string) {
  return connection.getClient().db(connection.name).collection<Stored>(collection);
}
