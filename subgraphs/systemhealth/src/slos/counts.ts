// Reads what was counted for an objective, and settles each hour of it once nothing more can come.
import type { SystemHealth } from '../context.ts';
import type { CheckHourRow, MinuteRow } from './hour-model.ts';
import { metricMinutes } from './metric-counts.ts';
import type { MeasuredMetrics } from './metric-sources.ts';
import type { SloRow } from './model.ts';
import { floorTo } from './periods.ts';
import { type Counts, type HourCounts, type Minutes, nothing, sum, unitsOf } from './rules.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** Runs that were made while MongoDB was away are recorded up to an hour later. */
const latestRecordingMs = 2 * hourMs;
/** So far back minutes are still there for an objective that is new. */
const minutesKeptMs = 4 * dayMs - hourMs;
const keptDays = 800;

/** What counted in any window, from the hours of the days and the minutes of the hour that the window begins in. */
export interface CountedWindow {
  /** From the minute that `startsAt` lies in until now. */
  since(startsAt: number): HourCounts;
}

type Measured = Pick<SloRow, '_id' | 'tenantId' | 'indicator' | 'slices' | 'settledUntil'>;

/** Brings the hours of the objective up to date and gives what counts from some moments on. In the tenant's scope. */
export async function countedFor(
  service: SystemHealth,
  slo: Measured,
  { now, startsAt, earliest }: { now: number; startsAt: readonly number[]; earliest: number },
): Promise<CountedWindow> {
  const { models } = service;
  const present = floorTo(now, hourMs);
  const settled = slo.settledUntil?.getTime() ?? floorTo(now - minutesKeptMs, hourMs);
  const edges = startsAt
    .map((moment) => floorTo(moment, hourMs))
    .filter((hour) => hour > now - minutesKeptMs);
  const minutesAt = await minutesFor(service, slo, { settled, edges, present });
  const fresh = [...minutesAt].filter(([hour]) => hour >= settled);
  await keepHours({ models }, slo, fresh);

  const days = await models.SloDay.find({
    sloId: slo._id,
    at: { $gte: new Date(floorTo(earliest, dayMs)) },
  }).lean<{ at: Date; hours?: Record<string, HourCounts> }[]>();
  const hours = new Map<number, HourCounts>();
  for (const { at, hours: kept } of days) {
    for (const [hour, counts] of Object.entries(kept ?? {}))
      hours.set(at.getTime() + Number(hour) * hourMs, counts);
  }
  return {
    since(moment) {
      const edge = floorTo(moment, hourMs);
      const minutes = minutesAt.get(edge);
      const isWhole = moment === edge || minutes === undefined;
      const whole = [...hours].filter(([hour]) => (isWhole ? hour >= edge : hour > edge) && hour <= present);
      const fromMinute = Math.floor((moment - edge) / minuteMs);
      const part = isWhole ? null : hourCounts(minutes, slo, fromMinute);
      const all = [...whole.map(([, counts]) => counts), ...(part ? [part] : [])];
      return { ...sum(all), minutes: all.reduce((known, each) => known + each.minutes, 0) };
    },
  };
}

interface WantedHours {
  /** All hours from here on. */
  readonly settled: number;
  /** And these, in which windows begin. */
  readonly edges: readonly number[];
  readonly present: number;
}

/** The minutes of hours, by the beginning of the hour. */
async function minutesFor(
  service: SystemHealth,
  slo: Measured,
  { settled, edges, present }: WantedHours,
): Promise<Map<number, Minutes>> {
  const { kind, metrics, checkId, serviceId, latencyMs } = slo.indicator;
  if (kind === 'METRICS') {
    const recent = Array.from(
      { length: Math.max(0, (present - settled) / hourMs) + 1 },
      (_, index) => settled + index * hourMs,
    );
    const measured = metrics as MeasuredMetrics | null; // written from a document alone
    if (measured === null) return new Map();
    return metricMinutes(service, { slo, metrics: measured, hours: [...recent, ...edges], settled });
  }
  const rows = await service.models.CheckHour.find({
    ...(checkId ? { checkId, serviceId } : { serviceId }),
    $or: [{ at: { $gte: new Date(settled) } }, { at: { $in: edges.map((hour) => new Date(hour)) } }],
  }).lean<CheckHourRow[]>();
  const minutesAt = new Map<number, Minutes>();
  for (const hour of new Set(rows.map(({ at }) => at.getTime()))) {
    const ofHour = rows.filter(({ at }) => at.getTime() === hour);
    minutesAt.set(hour, minutesOf(ofHour, latencyMs ?? null));
  }
  return minutesAt;
}

/** Hours before this are settled when it was measured at `now`. */
export function settledAt(now: number): Date {
  return new Date(floorTo(now - latestRecordingMs, hourMs));
}

function hourCounts(minutes: Minutes, { slices = null }: Pick<SloRow, 'slices'>, fromMinute = 0): HourCounts {
  const known = [...minutes].filter(([minute, { total }]) => minute >= fromMinute && total > 0);
  return { ...unitsOf(minutes, slices ?? null, fromMinute), minutes: known.length };
}

async function keepHours(
  { models }: Pick<SystemHealth, 'models'>,
  slo: Measured,
  hours: readonly (readonly [number, Minutes])[],
): Promise<void> {
  const days = new Map<number, Record<string, HourCounts>>();
  for (const [hour, minutes] of hours) {
    const day = floorTo(hour, dayMs);
    const counted = { ...days.get(day), [`hours.${(hour - day) / hourMs}`]: hourCounts(minutes, slo) };
    days.set(day, counted);
  }
  if (days.size === 0) return;
  await models.SloDay.bulkWrite(
    [...days].map(([day, counted]) => ({
      updateOne: {
        filter: { _id: `${slo._id}:${new Date(day).toISOString().slice(0, 10)}` },
        update: {
          $set: counted,
          $setOnInsert: {
            ...{ sloId: slo._id, at: new Date(day), tenantId: slo.tenantId },
            expiresAt: new Date(day + keptDays * dayMs),
          },
        },
        upsert: true,
      },
    })),
  );
}

/** The runs of all checks together, by the minute. */
function minutesOf(rows: readonly CheckHourRow[], latencyMs: number | null): Minutes {
  const minutes = new Map<number, Counts>();
  for (const [minute, row] of rows.flatMap(({ minutes }) => Object.entries(minutes ?? {}))) {
    minutes.set(Number(minute), sum([minutes.get(Number(minute)) ?? nothing, countsOf(row, latencyMs)]));
  }
  return minutes;
}

function countsOf(row: MinuteRow, latencyMs: number | null): Counts {
  const { good = 0, total = 0 } = (latencyMs === null ? row : row.within?.[latencyMs]) ?? {};
  return { good, total };
}
