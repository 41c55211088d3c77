// Counts recorded runs by the minute, from which error budgets are made.
import type { CheckRow } from '../checks/model.ts';
import type { Observation } from '../checks/rules.ts';
import type { SystemHealth } from '../context.ts';
import { floorTo } from './periods.ts';

const hourMs = 3_600_000;
const keptMs = 4 * 86_400_000;
/** This copy's memory of what it counted; emptied when it has grown to this. */
const mostRemembered = 50_000;

export type CountedCheck = Pick<
  CheckRow,
  '_id' | 'tenantId' | 'serviceId' | 'latencyThresholdsMs' | 'latestResult'
>;

export interface CountedRuns {
  /** As it was before these runs. */
  readonly check: CountedCheck;
  /** Oldest first. */
  readonly observations: readonly Observation[];
}

/**
 * Counts each run once, however often it is told. What a copy that died had recorded and not counted is counted with the
 * check's next run by another; a run that is lost all the same is missing and never good.
 */
export function createCounter({ models, logger }: SystemHealth) {
  const countedAt = new Map<string, number>();
  const begun = new Set<string>();

  async function count(runs: readonly CountedRuns[]): Promise<void> {
    const hours = runs.flatMap(({ check, observations }) => {
      const before = check.latestResult;
      const isOurs = before == null || countedAt.get(check._id) === before.at.getTime();
      const earlier = isOurs ? [] : [{ ...before, at: before.at.getTime(), message: null }];
      return [...earlier.map((run) => [run]), ...byHour(observations)].map((each) => ({ check, runs: each }));
    });
    const fresh = new Map<string, CountedHour>();
    for (const hour of hours) if (!begun.has(idOf(hour))) fresh.set(idOf(hour), hour);
    // Not upserts: across tenants in several regions there are none.
    if (fresh.size > 0) {
      const rows = [...fresh].map(([_id, hour]) => ({ _id, ...emptyHour(hour) }));
      await models.CheckHour.insertMany(rows, { ordered: false }).catch(passIfThere);
    }
    if (hours.length > 0) await models.CheckHour.bulkWrite(hours.map(counting), { ordered: false });
    if (countedAt.size + begun.size > mostRemembered) {
      countedAt.clear();
      begun.clear();
    }
    for (const id of fresh.keys()) begun.add(id);
    for (const { check, observations } of runs) {
      const last = observations.at(-1);
      if (last) countedAt.set(check._id, last.at);
    }
  }

  return (runs: readonly CountedRuns[]): Promise<void> =>
    count(runs).catch((error: unknown) =>
      logger.warn({ err: error, checks: runs.length }, 'runs could not be counted'),
    );
}

/** Runs of one check in one hour, oldest first. */
interface CountedHour {
  readonly check: CountedCheck;
  readonly runs: readonly Observation[];
}

function hourOf({ runs }: CountedHour): number {
  return floorTo(runs[0]?.at ?? 0, hourMs);
}

function idOf(hour: CountedHour): string {
  return `${hour.check._id}:${new Date(hourOf(hour)).toISOString()}`;
}

function emptyHour(hour: CountedHour) {
  const { _id: checkId, tenantId, serviceId } = hour.check;
  const at = hourOf(hour);
  const times = { at: new Date(at), lastAt: new Date(0), expiresAt: new Date(at + keptMs) };
  return { checkId, tenantId, serviceId, ...times };
}

function byHour(observations: readonly Observation[]): Observation[][] {
  const hours = new Map<number, Observation[]>();
  for (const run of observations) {
    const hour = floorTo(run.at, hourMs);
    hours.set(hour, [...(hours.get(hour) ?? []), run]);
  }
  return [...hours.values()];
}

function counting(hour: CountedHour) {
  const { check, runs } = hour;
  const at = hourOf(hour);
  const increments: Record<string, number> = {};
  const add = (path: string) => {
    increments[path] = (increments[path] ?? 0) + 1;
  };
  for (const { at: moment, isSuccess, latencyMs } of runs) {
    const minute = `minutes.${Math.floor((moment - at) / 60_000)}`;
    add(`${minute}.total`);
    if (isSuccess) add(`${minute}.good`);
    for (const threshold of check.latencyThresholdsMs ?? []) {
      add(`${minute}.within.${threshold}.total`);
      if (isSuccess && latencyMs <= threshold) add(`${minute}.within.${threshold}.good`);
    }
  }
  const [first, last] = [runs[0]?.at ?? 0, runs.at(-1)?.at ?? 0];
  return {
    updateOne: {
      // Where these were counted already nothing matches.
      filter: { _id: idOf(hour), tenantId: check.tenantId, lastAt: { $lt: new Date(first) } },
      update: { $inc: increments, $set: { lastAt: new Date(last) } },
    },
  };
}

const duplicateKey = 11_000;

/** Another copy began the same hour, or this one before its memory was emptied. */
function passIfThere(error: unknown): void {
  const failures = error instanceof Error ? Reflect.get(error, 'writeErrors') : undefined;
  const isThere =
    Array.isArray(failures) &&
    failures.length > 0 &&
    failures.every((failure: unknown) => Object(failure).code === duplicateKey);
  if (!isThere) throw error;
}
