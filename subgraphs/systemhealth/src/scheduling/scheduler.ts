// Runs checks when they are due. It holds no schedule of its own: what is due stands in MongoDB, so a restart
// loses nothing and any number of copies share the work.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { inTime, within } from '@supergraph/chassis/deadline';
import type { RegionOfService, Worker } from '@supergraph/chassis/service';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../context.ts';
import { createAlarm } from './alarm.ts';
import { type Claim, claimDue, releaseAll } from './claims.ts';
import { databaseClock } from './clock.ts';
import { type SchedulingMetrics, schedulingMetrics } from './metrics.ts';
import { expireMissing } from './missing.ts';
import { sleepMs } from './rules.ts';
import { createRunner } from './runner.ts';

/**
 * Most checks that one copy runs at once. Those that wait for a slow target cost a connection each: 5,000 checks every
 * 30 s, of which a tenth takes its 5 s, are 83 at once; the rest is for bad days and for fairness.
 */
const concurrency = 1_024;
/** Looked again after this time at least (to claim many at once) and at most (other copies make checks too). */
const pause = { least: 50, most: 1_000 };
/** A claim that takes longer means trouble with MongoDB. */
const claimDeadlineMs = 2_000;
const retryMs = 500;
const synchronizeEveryMs = 30_000;
const expireEveryMs = 2_000;
/** At a stop: what runs may finish in this time, and is given up then. */
const lastRunsMs = 2_000;
/** Missing data is only looked for after claiming has worked for so long: before, the runs are on their way. */
const settledAfterMs = 5_000;

/** One in each region where checks lie, so that a region that is away holds up its own alone. */
export function createScheduler(service: SystemHealth): Worker {
  const metrics = schedulingMetrics(service.metrics);
  const schedulers = service.regions.map((region) => createRegionScheduler(service, region, metrics));
  return {
    name: 'scheduler',
    async start() {
      for (const scheduler of schedulers) await scheduler.start();
    },
    async stop() {
      await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
    },
  };
}

function createRegionScheduler(
  service: SystemHealth,
  { name: region, connection }: RegionOfService,
  metrics: SchedulingMetrics,
): Worker {
  const { logger } = service;
  const owner = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const clock = databaseClock(connection);
  const runner = createRunner(service, { clock, metrics });
  const alarm = createAlarm();
  const running = new Set<Promise<void>>();
  const runningOf = new Map<string, number>();
  let isStopping = false;
  let isRoomShort = false;
  let finished = Promise.resolve();
  let workingSince: number | null = null;
  let synchronizedAt = Number.NEGATIVE_INFINITY;
  let expiredAt = Number.NEGATIVE_INFINITY;

  function count(tenantId: string, change: 1 | -1): void {
    const counted = (runningOf.get(tenantId) ?? 0) + change;
    if (counted === 0) runningOf.delete(tenantId);
    else runningOf.set(tenantId, counted);
  }

  function launch(claim: Claim): void {
    const { tenantId } = claim.check;
    count(tenantId, 1);
    const run = runner
      .run(claim)
      .then((nextDueAt) => {
        if (nextDueAt !== null) alarm.bringForward(Math.max(nextDueAt - clock.now(), pause.least));
      })
      .catch((error: unknown) =>
        logger.warn({ err: error, checkId: claim.check._id }, 'run was not recorded'),
      )
      .finally(() => {
        running.delete(run);
        count(tenantId, -1);
        // What waits for room is looked for as soon as there is some.
        if (isRoomShort) alarm.bringForward(pause.least);
      });
    running.add(run);
  }

  /** Claims and launches what is due; gives the milliseconds until it makes sense to look again. */
  async function look(): Promise<number> {
    const room = { free: concurrency - running.size, concurrency, running: runningOf };
    const now = clock.now();
    const { claims, isMoreDue, nextDueAt } = await claimDue(service, {
      ...{ owner, now, room, slugs: runner.slugs },
    });
    for (const claim of claims) launch(claim);
    isRoomShort = isMoreDue;
    // The first run to finish makes room for what is due and waits; what comes next may be another tenant's.
    return sleepMs(nextDueAt, clock.now(), pause);
  }

  /** The clock comes first: without it leases would be compared to this machine's own time. */
  async function synchronize(): Promise<void> {
    if (performance.now() - synchronizedAt < synchronizeEveryMs) return;
    if (await clock.synchronize()) synchronizedAt = performance.now();
  }

  async function tellMissing(): Promise<void> {
    const now = performance.now();
    workingSince ??= now;
    if (now - workingSince < settledAfterMs || now - expiredAt < expireEveryMs) return;
    expiredAt = now;
    await expireMissing(service, clock.now());
  }

  async function turn(): Promise<number> {
    try {
      await inTime(synchronize(), { deadlineMs: claimDeadlineMs, otherwise: tooLate });
      const pauseMs = await inTime(look(), { deadlineMs: claimDeadlineMs, otherwise: tooLate });
      runner.outage.end();
      await tellMissing();
      return pauseMs;
    } catch (error) {
      if (workingSince !== null)
        logger.warn({ err: error }, 'checks cannot be claimed; the platform is watched on');
      onTrouble();
      return retryMs;
    }
  }

  function onTrouble(): void {
    workingSince = null;
    if (!isStopping) runner.outage.begin();
  }

  async function loop(): Promise<void> {
    while (!isStopping) await alarm.sleep(await turn());
  }

  return {
    name: `scheduler ${region}`,
    async start() {
      connection.on('disconnected', onTrouble);
      finished = acrossTenants('scheduling checks', loop, { region });
    },
    async stop() {
      isStopping = true;
      connection.off('disconnected', onTrouble);
      alarm.close();
      await finished;
      await within(lastRunsMs, Promise.all(running));
      runner.abandon();
      await Promise.all(running);
      const release = () => releaseAll(service, { owner, now: clock.now() });
      await acrossTenants('giving leases back', release, { region }).catch((error: unknown) =>
        logger.warn({ err: error }, 'leases are left to end by themselves'),
      );
      await runner.close();
    },
  };
}

function tooLate(): never {
  throw new Error(`MongoDB did not answer within ${claimDeadlineMs} ms.`);
}
