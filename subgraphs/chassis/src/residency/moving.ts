// Moves tenants from one region to another. Each step is a state in the directory, so whoever holds the lease goes on
// from where another one died. Until the directory says that the tenant lives in the new region, it can go back.
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { inTime } from '../deadline.ts';
import type { EventHandlers } from '../event-handlers.ts';
import type { Lease } from '../lease.ts';
import { platformTenantId } from '../tenancy.ts';
import type { Transaction, UnitOfWork } from '../transaction.ts';
import type { Directory, Reader } from './directory.ts';
import { copyTenant, eraseTenant, type Holding } from './holdings.ts';
import type { Placement, Region } from './placement.ts';
import { leftRegion, type Move, type Residence } from './rules.ts';

export interface MoverOptions {
  service: string;
  directory: Directory;
  placement: Placement;
  holdings: readonly Holding[];
  /** Of the home region, outside of any scope. */
  transaction: Transaction;
  lease: Lease;
  logger: Logger;
}

const everyMs = 250;
const mostFailures = 5;
/** Events that wait longer show that RabbitMQ is away; the tenant's changes must not be refused for so long. */
const longestRelayMs = 30_000;
/**
 * A copy that has shown no life for so long is gone: it trusts what it read for 10 s, and MongoDB ends a transaction
 * that was begun by then within 60 s.
 */
const goneAfterMs = 75_000;

class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export interface Mover {
  name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createMover(options: MoverOptions): Mover {
  const { directory, lease, logger } = options;
  const readers = createReaderWatch();
  const stopping = new AbortController();
  let loop: Promise<void> = Promise.resolve();

  const look = async () => {
    const moving = await directory.moving();
    if (moving.length === 0 || !(await lease.hold())) return;
    for (const residence of moving) {
      if (stopping.signal.aborted) return;
      await advance(residence, options, readers).catch((error: unknown) =>
        logger.warn({ err: error, tenant: residence._id }, 'a move cannot go on; trying again'),
      );
    }
  };

  return {
    name: 'mover of tenants',
    async start() {
      loop = (async () => {
        while (!stopping.signal.aborted) {
          await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
          if (stopping.signal.aborted) break;
          await look().catch((error: unknown) =>
            logger.warn({ err: error }, 'moves were not looked at; trying again'),
          );
        }
        await lease
          .release()
          .catch((error: unknown) => logger.warn({ err: error }, 'a lease was not released'));
      })();
    },
    async stop() {
      stopping.abort();
      // A copy that is being made may take minutes; another process makes it anew.
      await inTime(loop, { deadlineMs: 5_000, otherwise: () => undefined });
    },
  };
}

/** One step of a move, as far as it can go now. */
async function advance(residence: Residence, options: MoverOptions, readers: ReaderWatch): Promise<void> {
  const { directory, placement, holdings, transaction, service } = options;
  const { _id: tenantId, move } = residence;
  if (move === null) return;
  const into = (phase: Move['phase'], more: Partial<Residence> = {}, moreOfMove: Partial<Move> = {}) =>
    transaction(async () => {
      await demandPresent(residence, options);
      await directory.change({ ...residence, ...more, move: { ...move, ...moreOfMove, phase } });
    });
  const regionOf = (name: string): Region => {
    const region = placement.regions.find((each) => each.name === name);
    if (region === undefined) throw new Error(`This copy does not know the region ${name}.`);
    return region;
  };
  const demandLease = async () => {
    if (!(await options.lease.hold())) throw new LeaseLost('Another copy has taken over.');
  };

  switch (move.phase) {
    case 'FREEZING':
      if (readers.allActBy(residence.version, await directory.readers())) await into('COPYING');
      return;
    case 'COPYING': {
      const from = regionOf(move.from);
      // Its last events leave from where they were written, so that they are told in their order.
      const waiting = await from.outbox.entries
        .findOne({ publishedAt: null, 'event.tenantid': tenantId })
        .sort({ _id: 1 })
        .lean();
      if (waiting !== null) {
        if (Date.now() - waiting.createdAt.getTime() < longestRelayMs) return;
        return into('ERASING', {}, { error: 'Its last events could not be told to the other subgraphs.' });
      }
      try {
        const to = regionOf(move.to);
        const transfer = { from: from.connection, to: to.connection, holdings, tenantId, demandLease };
        const documents = await copyTenant(transfer);
        options.logger.info(
          { tenant: tenantId, from: from.name, to: to.name, documents },
          'a tenant was copied',
        );
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        const failures = move.failures + 1;
        options.logger.warn({ err: error, tenant: tenantId, failures }, 'a tenant could not be copied');
        if (failures < mostFailures) return into('COPYING', {}, { failures });
        return into('ERASING', {}, { failures, error: 'It could not be copied to the new region.' });
      }
      return into('CLOSING');
    }
    case 'CLOSING':
      // This one change is the move: before it the tenant lives there, after it here.
      if (readers.allActBy(residence.version, await directory.readers()))
        await into('ERASING', { region: move.to });
      return;
    case 'ERASING': {
      const left = leftRegion(residence);
      if (left === null) return;
      await eraseTenant({ connection: regionOf(left).connection, holdings, tenantId, demandLease });
      const ended = { sequence: move.sequence, error: move.error };
      await transaction(async ({ emit }) => {
        await demandPresent(residence, options);
        await directory.change({ ...residence, move: null, ended });
        await tellFinished({ emit }, { service, tenantId, ...ended });
      });
    }
  }
}

/** Inside the transaction of a step: a mover that was overtaken changes nothing. */
async function demandPresent({ _id, version }: Residence, { directory }: MoverOptions): Promise<void> {
  const present = await directory.find(_id);
  if (present?.version !== version) throw new Error('Another copy has gone on with this move.');
}

function tellFinished(
  { emit }: Pick<UnitOfWork, 'emit'>,
  given: { service: string; tenantId: string; sequence: number; error: string | null },
): Promise<void> {
  const { service: subgraph, ...data } = given;
  return emit('tenancy.move.finished.v1', { tenantId: platformTenantId, data: { subgraph, ...data } });
}

type Asked = Pick<MoverOptions, 'service' | 'directory' | 'placement'>;

/** What a subgraph does when it is asked to move a tenant. The event belongs to the platform's own tenant. */
export function moveHandlers<S>({ service, directory, placement }: Asked): EventHandlers<S> {
  return {
    async 'tenancy.move.requested.v1'({ event, emit }) {
      const { tenantId, region: to, sequence } = event.data;
      if (!placement.regions.some(({ name }) => name === to))
        throw new Error(`There is no region ${to} here.`);
      const known = await directory.find(tenantId);
      const residence = known ?? { _id: tenantId, region: to, move: null, ended: null };
      const last = residence.move?.sequence ?? residence.ended?.sequence ?? 0;
      if (sequence < last) return;
      if (residence.move !== null) {
        if (residence.move.sequence === sequence) return; // its end will be told
        throw new Error('The tenant is being moved for an earlier request.');
      }
      const done = residence.ended;
      if (done?.sequence === sequence) return tellFinished({ emit }, { service, tenantId, ...done });
      if (residence.region === to) {
        const ended = { sequence, error: null };
        await directory.change({ ...residence, ended });
        return tellFinished({ emit }, { service, tenantId, ...ended });
      }
      const move = {
        sequence,
        from: residence.region,
        to,
        phase: 'FREEZING',
        failures: 0,
        error: null,
      } as const;
      await directory.change({ ...residence, move });
    },
  };
}

interface ReaderWatch {
  /** Whether every copy that lives acts by this version of the directory. */
  allActBy(version: number, readers: readonly Reader[]): boolean;
}

/** Which copies are gone is told by this process's own clock: it sees their beats stand still. */
function createReaderWatch(): ReaderWatch {
  let seen = new Map<string, { beat: number; at: number }>();
  return {
    allActBy(version, readers) {
      const now = performance.now();
      seen = new Map(
        readers.map(({ _id, beat }) => {
          const before = seen.get(_id);
          return [_id, before?.beat === beat ? before : { beat, at: now }];
        }),
      );
      return readers.every((reader) => {
        const isGone = now - (seen.get(reader._id)?.at ?? now) > goneAfterMs;
        return isGone || reader.version >= version;
      });
    },
  };
}
