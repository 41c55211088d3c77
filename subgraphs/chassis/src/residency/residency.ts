// Data residency of one service, wired: who knows where tenants live, who learns it, who moves them.
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { EventHandlers } from '../event-handlers.ts';
import type { AnyCloudEvent, CloudEvent } from '../events.ts';
import type { Inbox } from '../inbox.ts';
import { createLease } from '../lease.ts';
import { isRegional, type ModelSchemas } from '../models.ts';
import type { Worker } from '../service.ts';
import { platformTenantId } from '../tenancy.ts';
import type { Transaction } from '../transaction.ts';
import { bringAlong } from './bringing.ts';
import { type Directory, openDirectory, residencesName } from './directory.ts';
import { createFollower } from './follower.ts';
import { holdingsOf } from './holdings.ts';
import { createMover, moveHandlers } from './moving.ts';
import type { Placement, Region } from './placement.ts';

export interface Residency {
  /** Records where the event's effect belongs. */
  inbox: Inbox;
  /** The database of the scope's region. */
  database(): Connection;
  learn(event: AnyCloudEvent): Promise<void>;
  /** A tenant of whom nothing is known yet lives there from now on. */
  settle(tenantId: string, region: string): Promise<void>;
  handlers<S>(): EventHandlers<S>;
  workers: Worker[];
  /** Settles who was here before there were regions, and begins to follow the directory. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface ResidencyOptions {
  service: string;
  placement: Placement;
  schemas: ModelSchemas;
  transaction: Transaction;
  /** Where a tenant lives of whom nothing is known yet, in the service that decides it. */
  regionOf?: ((tenantId: string) => Promise<string | null>) | undefined;
  /** All that this service knows, where it decides. */
  everyTenant?: (() => AsyncIterable<string>) | undefined;
  logger: Logger;
}

const moverLeaseMs = 30_000;
const batchSize = 500;

/** Of a service in several regions. Made before the collections are prepared; `start` comes after. */
export function openResidency(options: ResidencyOptions): Residency {
  const { service, placement, schemas, transaction, logger } = options;
  const { regionOf = async () => null, everyTenant } = options;
  const { connection } = placement.home;
  const directory = openDirectory(connection);
  const follower = createFollower({ directory, placement, logger });
  const leaseOn = (name: string) => createLease({ connection, name, durationMs: moverLeaseMs });
  const mover = createMover({
    ...{ service, directory, placement, transaction, logger },
    holdings: holdingsOf(connection, schemas),
    lease: leaseOn('mover'),
  });
  const here = () => {
    const { region, leave } = placement.enter('read');
    leave();
    return region;
  };

  return {
    inbox: {
      record: (event, { at } = {}) =>
        at === 'home' ? placement.home.inbox.record(event, { at }) : here().inbox.record(event),
      recordAll: (events) => here().inbox.recordAll(events),
    },
    database: () => here().connection,
    async learn(event) {
      if (event.tenantid === platformTenantId) return;
      const region = regionSaid(event);
      if (region !== null && !placement.regions.some(({ name }) => name === region)) {
        throw new Error(`There is no region ${region} here.`);
      }
      if (placement.knows(event.tenantid)) return;
      const lives = region ?? (await regionOf(event.tenantid));
      if (lives !== null) await transaction(() => directory.settle([event.tenantid], lives));
      await follower.refresh();
    },
    async settle(tenantId, region) {
      if (tenantId === platformTenantId) return;
      await transaction(() => directory.settle([tenantId], region), { at: 'home' });
      await follower.refresh();
    },
    handlers: () => moveHandlers({ service, directory, placement }),
    workers: [mover],
    async start() {
      await settlePresent({ directory, placement, schemas, transaction, regionOf, everyTenant });
      const lease = leaseOn('bringer');
      await bringAlong({ connection, placement, schemas, directory, lease, logger });
      await follower.start();
    },
    stop: () => follower.stop(),
  };
}

/** Of one region alone, an event of a tenant that lives elsewhere must not take effect. */
export function learnAlone(home: string) {
  return async (event: AnyCloudEvent): Promise<void> => {
    const region = regionSaid(event);
    if (region !== null && region !== home) throw new Error(`There is no region ${region} here.`);
  };
}

/** @throws when tenants live where this copy cannot reach them: it would take their data for absent */
export async function demandRegions(regions: readonly [Region, ...Region[]]): Promise<void> {
  const [{ connection }] = regions;
  const names = new Set<unknown>(regions.map(({ name }) => name));
  // Not by a model: a service in one region alone has no directory, and makes none.
  const residences = connection.getClient().db(connection.name).collection(residencesName);
  const inUse = [...(await residences.distinct('region')), ...(await residences.distinct('move.to'))];
  const missing = inUse.filter((name) => name !== null && !names.has(name));
  if (missing.length > 0) {
    throw new Error(`Tenants live in ${missing.join(', ')}: MONGODB_URIS must name each region in use.`);
  }
}

function regionSaid(event: AnyCloudEvent): string | null {
  if (event.type !== 'tenancy.step.requested.v1') return null;
  const { data } = event as CloudEvent<'tenancy.step.requested.v1'>; // of this type, as just seen
  return data.region ?? null;
}

/** Whoever has documents in the home region and is in no directory was here before there were others. */
async function settlePresent(given: {
  directory: Directory;
  placement: Placement;
  schemas: ModelSchemas;
  transaction: Transaction;
  regionOf(tenantId: string): Promise<string | null>;
  everyTenant: ResidencyOptions['everyTenant'];
}): Promise<void> {
  const { directory, placement, schemas, transaction, regionOf, everyTenant } = given;
  const { connection, name: home } = placement.home;
  const settle = async (present: readonly string[]) => {
    const fresh = await directory.unsettled(present.filter((id) => id !== platformTenantId));
    for (const tenantId of fresh) {
      const region = (await regionOf(tenantId)) ?? home;
      await transaction(() => directory.settle([tenantId], region), { at: 'home' });
    }
  };
  let batch: string[] = [];
  for await (const tenantId of everyTenant?.() ?? []) {
    batch.push(tenantId);
    if (batch.length < batchSize) continue;
    await settle(batch);
    batch = [];
  }
  await settle(batch);
  for (const [name, model] of Object.entries(schemas)) {
    if (!isRegional(model) || model.schema.get('timeseries') !== undefined) continue;
    const documents = connection
      .getClient()
      .db(connection.name)
      .collection(connection.model(name).collection.name);
    await settle((await documents.distinct(model.tenantPath)).map(String));
  }
}
