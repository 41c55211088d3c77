// A tenant says anew how long its records are kept. What is stored from then on ends by it; what is stored already is
// given another end batch after batch, by whichever copy looks first, and MongoDB deletes what has come to its end.
import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Model } from 'mongoose';
import type { EventHandlers } from '../event-handlers.ts';
import type { Service, Worker } from '../service.ts';
import { acrossTenants, inTenant } from '../tenancy.ts';
import { adoptEarlier } from './adopting.ts';
import { endOf } from './keeping.ts';
import { type Kept, type KeptModels, momentIn } from './kept.ts';
import { type RetentionRow, retentions } from './model.ts';

type AnyService<Config> = Service<Config, unknown>;

const batchSize = 200;
/** Between looks for what is due. */
const pauseMs = 1_000;
/** A copy that has not finished a batch by then has died. */
const leaseMs = 30_000;
/** A transaction that began before the change may store by the former word until then: MongoDB lets none go on longer. */
const settledMs = 60_000;

/** How a subgraph that keeps records hears of a tenant's word. The newest counts, in whatever order they arrive. */
export function retentionHandlers<S extends { connection: Connection }>(): EventHandlers<S> {
  return {
    async 'tenancy.retention.changed.v1'({ event, service }) {
      const { tenantId: _id, retentionDays: days } = event.data;
      const changedAt = new Date(event.data.changedAt);
      const rows = retentions(service.connection);
      const known = await rows.findOne({ _id }).lean();
      if (known !== null && known.changedAt >= changedAt) return;
      const fresh = { days, changedAt, dueAt: new Date(), atModel: null, after: null, begunAt: null };
      await rows.updateOne({ _id }, { $set: fresh }, { upsert: true });
    },
  };
}

export function createRetention<Config>(service: AnyService<Config>, kept: KeptModels<Config>): Worker {
  const stopping = new AbortController();
  let looking: Promise<void> = Promise.resolve();
  const adopted = new Set<string>();

  async function lookAt(region: string): Promise<void> {
    if (!adopted.has(region)) await adoptEarlier(service, { kept, region });
    adopted.add(region);
    await applyDue(service, { kept, region, signal: stopping.signal });
  }

  async function look(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        for (const { name: region } of service.regions) await lookAt(region);
      } catch (error) {
        service.logger.warn({ err: error }, 'how long records are kept was not applied; trying again');
      }
      await pause(pauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  return {
    name: 'retention',
    async start() {
      looking = look();
    },
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}

interface Applying<Config> {
  kept: KeptModels<Config>;
  region: string;
  signal: AbortSignal;
}

async function applyDue<Config>(
  service: AnyService<Config>,
  { kept, region, signal }: Applying<Config>,
): Promise<void> {
  while (!signal.aborted) {
    const claimed = await acrossTenants(
      'applying how long records are kept',
      () => claim(service.connection),
      { region },
    );
    if (claimed === null) return;
    await inTenant(claimed._id, () => applyBatch(service, { kept, claimed }));
  }
}

/** The one that is due first, for this copy alone until the lease ends. */
async function claim(connection: Connection): Promise<RetentionRow | null> {
  const now = new Date();
  const due = await retentions(connection)
    .findOne({ dueAt: { $lte: now } })
    .sort({ dueAt: 1 })
    .lean();
  if (due === null) return null;
  const leased = { dueAt: new Date(now.getTime() + leaseMs), begunAt: due.begunAt ?? now };
  const { modifiedCount } = await retentions(connection).updateOne(
    { _id: due._id, dueAt: due.dueAt, changedAt: due.changedAt },
    { $set: leased },
  );
  return modifiedCount === 1 ? { ...due, ...leased } : null;
}

async function applyBatch<Config>(
  service: AnyService<Config>,
  { kept, claimed }: { kept: KeptModels<Config>; claimed: RetentionRow },
): Promise<void> {
  const { _id, changedAt } = claimed;
  const names = Object.keys(kept);
  const name = claimed.atModel ?? names[0];
  const model = name === undefined ? undefined : kept[name];
  const last =
    name === undefined || model === undefined
      ? null
      : await giveEnds(service.connection.model<Kept>(name), {
          ...{ since: model.since, after: claimed.after ?? '' },
          days: claimed.days ?? model.days(service.config),
        });
  const next = last === null ? names[names.indexOf(name ?? '') + 1] : name;
  const place =
    next === undefined ? dueAgain(claimed) : { $set: { atModel: next, after: last, dueAt: new Date() } };
  // Not where another word came meanwhile: then all begins anew.
  await retentions(service.connection).updateOne({ _id, changedAt }, place);
}

/** Once more for what was stored by the former word while all was looked at. */
function dueAgain({ changedAt, begunAt }: RetentionRow) {
  const settledAt = changedAt.getTime() + settledMs;
  const isSettled = begunAt !== null && begunAt !== undefined && begunAt.getTime() >= settledAt;
  return isSettled
    ? { $unset: { dueAt: 1 }, $set: { atModel: null, after: null, begunAt: null } }
    : { $set: { atModel: null, after: null, begunAt: null, dueAt: new Date(settledAt) } };
}

/** @returns the last one that was looked at; null when there is none after it */
async function giveEnds(
  model: Model<Kept>,
  { since, after, days }: { since: string; after: string; days: number },
): Promise<string | null> {
  const found = await model
    .find({ _id: { $gt: after } }, { [since]: 1, expiresAt: 1 })
    .sort({ _id: 1 })
    .limit(batchSize)
    .lean<Kept[]>();
  const changed = found.flatMap((document) => {
    const expiresAt = endOf(momentIn(document, since), { days });
    if (document.expiresAt?.getTime() === expiresAt.getTime()) return [];
    return [{ updateOne: { filter: { _id: document._id }, update: { $set: { expiresAt } } } }];
  });
  if (changed.length > 0) await model.bulkWrite(changed, { ordered: false });
  return found.length < batchSize ? null : (found.at(-1)?._id ?? null);
}
