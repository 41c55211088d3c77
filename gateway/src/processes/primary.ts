// The first of several processes of a gateway: it serves nothing itself, starts the others, hands them connections by
// turns, starts those anew that end, replaces them one by one (SIGHUP), and stops them all.
import cluster, { type Worker } from 'node:cluster';
import { within } from '@supergraph/chassis/deadline';
import type { Logger } from '@supergraph/chassis/logging';
import type { Stoppable } from '@supergraph/chassis/shutdown';
import { createMetricsGathering } from './gatherMetrics.ts';
import { type Order, reportShape } from './messages.ts';

export interface ProcessesOptions {
  count: number;
  logger: Logger;
  /** Longest that a process may take to stop. */
  stopMs: number;
  /** First and longest pause before one that ended is started again; it doubles. Default 0.1 s and 10 s. */
  pausesMs?: { first: number; longest: number };
}

/** One that has served for so long is not to blame for what happened before. */
const provenMs = 30_000;

/** @returns when all processes serve. @throws when the first of them ends before it does. */
export async function startProcesses(options: ProcessesOptions): Promise<Stoppable> {
  const { count, logger, stopMs, pausesMs = { first: 100, longest: 10_000 } } = options;
  const metrics = createMetricsGathering();
  const serving = new Set<Worker>();
  let isStopping = false;
  let failures = 0;
  const pauses = new Set<NodeJS.Timeout>();
  // By turns, whatever the platform's default.
  cluster.schedulingPolicy = cluster.SCHED_RR;

  /** Resolves when it serves; rejects when it ends before. */
  function begin(): Promise<Worker> {
    const worker = cluster.fork();
    const startedAt = performance.now();
    let isServing = false;
    return new Promise((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        const report = reportShape.safeParse(message);
        if (!report.success) return;
        if (report.data.kind !== 'serving') {
          metrics.receive(worker, report.data, serving);
          return;
        }
        isServing = true;
        serving.add(worker);
        logger.info({ process: worker.process.pid }, 'a process of the gateway serves');
        resolve(worker);
      });
      worker.once('exit', (code, signal) => {
        serving.delete(worker);
        metrics.gone(worker);
        if (!isServing)
          reject(new Error(`A process of the gateway ended before it served (${signal ?? code}).`));
        if (isServing && !isExpected(worker)) {
          logger.error({ process: worker.process.pid, code, signal }, 'a process of the gateway ended');
          failures = performance.now() - startedAt > provenMs ? 0 : failures + 1;
          beginAgain();
        }
      });
    });
  }

  function beginAgain(): void {
    const inMs = Math.min(pausesMs.longest, pausesMs.first * 2 ** Math.max(0, failures - 1));
    const timer = setTimeout(() => {
      pauses.delete(timer);
      if (isStopping) return;
      begin().catch((error: unknown) => {
        if (isStopping) return;
        failures += 1;
        logger.error({ err: error }, 'a process of the gateway could not be started again');
        beginAgain();
      });
    }, inMs);
    pauses.add(timer);
  }

  const told = new WeakSet<Worker>();
  const isExpected = (worker: Worker) => isStopping || told.has(worker);
  const isRunning = (worker: Worker) => !worker.isDead();

  async function end(worker: Worker): Promise<void> {
    if (!isRunning(worker)) return;
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    told.add(worker);
    if (worker.isConnected()) worker.send({ kind: 'stop' } satisfies Order);
    await within(stopMs, gone);
    if (!isRunning(worker)) return;
    worker.process.kill('SIGKILL');
    await gone;
  }

  /** A new one serves before an old one stops. */
  async function replaceAll(): Promise<void> {
    for (const old of [...serving]) {
      if (isStopping) return;
      await begin();
      await end(old);
    }
  }

  let replacing: Promise<void> = Promise.resolve();
  const onHangup = () => {
    replacing = replacing.then(replaceAll).catch((error: unknown) => {
      logger.error(
        { err: error },
        'processes of the gateway were not all replaced; those that are left serve on',
      );
    });
  };

  const stop = async () => {
    isStopping = true;
    process.off('SIGHUP', onHangup);
    for (const timer of pauses) clearTimeout(timer);
    await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && end(worker)));
  };
  try {
    // One first: what is wrong with all of them is told once.
    await begin();
    await Promise.all(Array.from({ length: count - 1 }, begin));
  } catch (error) {
    await stop();
    throw error;
  }
  process.on('SIGHUP', onHangup);
  return { stop };
}
