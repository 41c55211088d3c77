// Takes samples in. First their series are marked, so that a rollup knows what it has to look at whatever happens next; then
// they are stored; then those who watch are told.

import { acrossTenants, currentScope, inTenant } from '@supergraph/chassis/tenancy';
import { Counter } from 'prom-client';
import type { Label } from '../alerts/rules.ts';
import type { SystemHealth } from '../context.ts';
import { groupedBy } from './grouping.ts';
import { pushSamples } from './live.ts';
import { isLate, keptMs, rollAtOf, seriesIdOf, settleMs, sortedLabels, startOf, storingMs } from './rules.ts';

const minuteMs = 60_000;

export interface NewSample {
  readonly tenantId: string;
  readonly metric: string;
  readonly labels: readonly Label[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

export interface SeriesSample extends NewSample {
  readonly seriesId: string;
}

/** The samples would make more series than the tenant may have; none was stored. */
export class TooManySeries extends Error {
  override readonly name = 'TooManySeries';
}

export interface SampleStore {
  /**
   * Stores a tenant's samples, all or none. One that was stored before counts once.
   * @throws TooManySeries; whatever MongoDB throws
   */
  store(samples: readonly NewSample[]): Promise<void>;
  /** Stores what nobody waits for, tenant for tenant; what is refused is counted where people see it. Never fails. */
  storeAll(samples: readonly NewSample[]): Promise<void>;
}

/** Minutes that this process has marked, so that of the samples of a minute the first alone costs a write. */
const mostMarksKept = 50_000;

const stores = new WeakMap<object, SampleStore>();

/** The one of this service. */
export function sampleStoreOf(service: SystemHealth): SampleStore {
  const known = stores.get(service);
  if (known) return known;
  const made = createSampleStore(service);
  stores.set(service, made);
  return made;
}

function createSampleStore(service: SystemHealth): SampleStore {
  const { models, logger } = service;
  const marked = new Map<string, number>();
  const samplesTotal = new Counter({
    name: 'systemhealth_metric_samples_total',
    help: 'Samples of metrics by outcome: stored, refused for a tenant has too many series, or failed.',
    labelNames: ['outcome'],
    registers: [service.metrics],
  });

  /** Marks the minutes of samples at their series. `now`: what is to be rolled up by then is late. */
  async function mark(samples: readonly SeriesSample[], now: number): Promise<void> {
    const news = marksOf(samples, now).filter(
      ({ seriesId, from, latest, isLate: late }) => late || from !== latest || marked.get(seriesId) !== from,
    );
    if (news.length === 0) return;
    await models.MetricSeries.bulkWrite(
      news.map(({ seriesId: _id, tenantId, from, latest, rollAt, isLate: late }) => ({
        updateOne: {
          filter: { _id, tenantId },
          update: {
            $min: { dirtyFrom: new Date(from), rollAt: new Date(rollAt) },
            $max: { latestMinute: new Date(latest), expiresAt: new Date(latest + keptMs.HOUR) },
            ...(late && { $inc: { lateMarks: 1 }, $set: { lateMarkedAt: new Date(now) } }),
          },
        },
      })),
      { ordered: false },
    );
    if (marked.size > mostMarksKept) marked.clear();
    for (const { seriesId, from, latest, isLate: late } of news) {
      if (!late && from === latest) marked.set(seriesId, from);
    }
  }

  /** Makes the tenant's series that are not there yet, unless they are too many. */
  async function makeSeries(tenantId: string, samples: readonly SeriesSample[]): Promise<void> {
    const unknown = new Map(
      samples.flatMap((sample) => (marked.has(sample.seriesId) ? [] : [[sample.seriesId, sample]])),
    );
    if (unknown.size === 0) return;
    const ids = [...unknown.keys()];
    const there = await models.MetricSeries.find({ _id: { $in: ids } }, { _id: 1 }).lean();
    for (const { _id } of there) unknown.delete(_id);
    if (unknown.size === 0) return;
    const limit = service.config.METRIC_SERIES_PER_TENANT;
    await service.transaction(async () => {
      // Whoever makes series writes here first, so that no two count at once.
      const now = new Date();
      await models.MetricUsage.updateOne({ _id: tenantId }, { $inc: { changes: 1 } }, { upsert: true });
      const missing = new Map(unknown);
      for (const { _id } of await models.MetricSeries.find(
        { _id: { $in: [...missing.keys()] } },
        { _id: 1 },
      ).lean())
        missing.delete(_id);
      const since = new Date(now.getTime() - activeMs);
      const active = await models.MetricSeries.countDocuments({ latestMinute: { $gte: since } });
      if (active + missing.size > limit) throw new TooManySeries();
      const rows = [...missing].map(([_id, { metric, labels, at }]) => {
        const latestMinute = new Date(startOf(at, minuteMs));
        const expiresAt = new Date(at + keptMs.HOUR);
        return { _id, metric, labels: sortedLabels(labels), createdAt: now, latestMinute, expiresAt };
      });
      if (rows.length > 0) await models.MetricSeries.insertMany(rows);
    });
  }

  async function write(samples: readonly SeriesSample[]): Promise<void> {
    const begun = Date.now();
    await mark(samples, begun);
    await models.MetricSample.insertMany(
      samples.map(({ tenantId, seriesId, at, value }) => ({
        at: new Date(at),
        meta: { tenantId, seriesId },
        value,
      })),
      { ordered: false },
    );
    // So slow that their minutes may have been rolled up without them.
    if (Date.now() - begun > storingMs) await mark(samples, Date.now() + settleMs + minuteMs);
    samplesTotal.inc({ outcome: 'stored' }, samples.length);
    void pushSamples(service, samples);
  }

  return {
    async store(given) {
      const samples = given.map(named);
      const [first] = samples;
      if (first === undefined) return;
      try {
        await makeSeries(first.tenantId, samples);
      } catch (error) {
        if (!(error instanceof TooManySeries)) throw error;
        await refuse(service, first.tenantId, samples.length);
        samplesTotal.inc({ outcome: 'refused' }, samples.length);
        throw error;
      }
      await write(samples);
    },

    async storeAll(given) {
      const region = currentScope();
      const byTenant = groupedBy(given.map(named), ({ tenantId }) => tenantId);
      const taken: SeriesSample[] = [];
      for (const [tenantId, samples] of byTenant) {
        try {
          if (samples.some(({ seriesId }) => !marked.has(seriesId)))
            await inTenant(tenantId, () => makeSeries(tenantId, samples));
          taken.push(...samples);
        } catch (error) {
          const isRefused = error instanceof TooManySeries;
          samplesTotal.inc({ outcome: isRefused ? 'refused' : 'failed' }, samples.length);
          if (isRefused)
            await inTenant(tenantId, () => refuse(service, tenantId, samples.length)).catch(() => undefined);
          else logger.warn({ err: error, tenantId }, 'series could not be made; their samples are a gap');
        }
      }
      if (taken.length === 0) return;
      await acrossTenants('storing samples of metrics', () => write(taken), {
        ...(region?.reason !== undefined && region.region !== undefined && { region: region.region }),
      }).catch((error: unknown) => {
        samplesTotal.inc({ outcome: 'failed' }, taken.length);
        logger.warn({ err: error, samples: taken.length }, 'samples could not be stored; they are a gap');
      });
    },
  };
}

/** A series counts as long as it had a sample within a day. */
export const activeMs = 86_400_000;

interface Mark {
  readonly seriesId: string;
  readonly tenantId: string;
  readonly from: number;
  readonly latest: number;
  readonly rollAt: number;
  readonly isLate: boolean;
}

/** One a series. */
function marksOf(samples: readonly SeriesSample[], now: number): Mark[] {
  return [...groupedBy(samples, ({ seriesId }) => seriesId)].map(([seriesId, own]) => {
    const minutes = own.map(({ at }) => startOf(at, minuteMs));
    const from = Math.min(...minutes);
    return {
      ...{ seriesId, tenantId: own[0]?.tenantId ?? '', from, latest: Math.max(...minutes) },
      ...{ rollAt: rollAtOf(from, now), isLate: isLate(from, now) },
    };
  });
}

function named(sample: NewSample): SeriesSample {
  return { ...sample, seriesId: seriesIdOf(sample.tenantId, sample.metric, sample.labels) };
}

/** Of the tenant in scope: nothing is dropped unseen. */
async function refuse({ models }: SystemHealth, tenantId: string, samples: number): Promise<void> {
  await models.MetricUsage.updateOne(
    { _id: tenantId },
    { $inc: { refusedSamples: samples }, $set: { refusedAt: new Date() } },
    { upsert: true },
  );
}
