// One scrape shows all processes: their metrics are added up, or what else suits each.
import type { Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Order, Report } from './messages.ts';

export interface MetricsGathering {
  receive(from: Worker, report: Exclude<Report, { kind: 'serving' }>, all: ReadonlySet<Worker>): void;
  gone(worker: Worker): void;
}

/** How long a process may take to tell its own. */
const answerMs = 2_000;

interface Gathering {
  for: Worker;
  id: number;
  missing: Set<Worker>;
  found: unknown[][];
  timer: NodeJS.Timeout;
}

export function createMetricsGathering(): MetricsGathering {
  const underWay = new Map<number, Gathering>();
  let gatherings = 0;

  async function finish(key: number): Promise<void> {
    const gathering = underWay.get(key);
    if (gathering === undefined) return;
    underWay.delete(key);
    clearTimeout(gathering.timer);
    const metrics = gathering.found as Parameters<typeof AggregatorRegistry.aggregate>[0]; // getMetricsAsJSON of each
    const text = await AggregatorRegistry.aggregate(metrics).metrics();
    const order: Order = { kind: 'measured', id: gathering.id, text };
    if (gathering.for.isConnected()) gathering.for.send(order);
  }

  function strike(key: number, worker: Worker): void {
    const gathering = underWay.get(key);
    if (!gathering?.missing.delete(worker)) return;
    if (gathering.missing.size === 0) void finish(key);
  }

  return {
    receive(from, report, all) {
      if (report.kind === 'answer') {
        underWay.get(report.id)?.found.push(report.metrics);
        strike(report.id, from);
        return;
      }
      gatherings += 1;
      const key = gatherings;
      const missing = new Set([...all].filter((worker) => worker.isConnected()));
      const timer = setTimeout(() => void finish(key), answerMs);
      underWay.set(key, { for: from, id: report.id, missing, found: [], timer });
      for (const worker of missing) worker.send({ kind: 'measure', id: key } satisfies Order);
      if (missing.size === 0) void finish(key);
    },
    gone(worker) {
      for (const key of [...underWay.keys()]) strike(key, worker);
    },
  };
}
