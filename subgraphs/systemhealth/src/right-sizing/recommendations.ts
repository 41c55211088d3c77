import { parseInput } from '@supergraph/chassis/input';
import { z } from 'zod';
import type { SystemHealth } from '../context.ts';
import { type FoundSeries, findSeries } from '../metrics/metric-series.ts';
import { readSteps } from '../metrics/reading.ts';
import { startOf } from '../metrics/rules.ts';
import type { Summary } from '../metrics/summary.ts';
import type { QueryResolvers } from '../schema.generated.ts';
import { heldBack, isGrowing, type Resource, recommend, savingOf, useOf } from './rules.ts';

const hourMs = 3_600_000;
/** Older use weighs less than a 250th. */
const lookBackMs = 8 * 24 * hourMs;
/** Series of one metric that are read: eight days of them stay below what one question may read. */
const mostSeries = 900;
const mostWorkloads = 200;

/** The label that says whose a series is. */
const label = 'workload';
const metrics: Readonly<Record<Resource, { used: string; requested: string }>> = {
  CPU: { used: 'cpu_usage_cores', requested: 'cpu_request_cores' },
  MEMORY: { used: 'memory_working_set_bytes', requested: 'memory_request_bytes' },
};
const queueDepth = 'queue_messages_ready';

const givenRequests = z
  .array(
    z.object({
      workload: z.string().min(1).max(200),
      resource: z.enum(['CPU', 'MEMORY']),
      requested: z.number().positive(),
    }),
  )
  .max(400)
  .nullish()
  .transform((given) => given ?? []);

export const rightSizingRecommendations: QueryResolvers['rightSizingRecommendations'] = async (
  _,
  given,
  { service },
) => {
  const now = Date.now();
  const requests = parseInput(givenRequests, given.requests);
  const queues = await hoursOf(service, queueDepth, { now, withSketches: false });
  const found = await Promise.all(
    (['CPU', 'MEMORY'] as const).map(async (resource) => {
      const { used, requested } = metrics[resource];
      const uses = await hoursOf(service, used, { now, withSketches: resource === 'CPU' });
      const asked = await latestOf(service, requested, now);
      return [...uses].slice(0, mostWorkloads).flatMap(([workload, hours]) => {
        const own = requests.find((each) => each.workload === workload && each.resource === resource);
        const request = own?.requested ?? asked.get(workload) ?? null;
        const uses = hours.flatMap(({ at, summary }) => useOf(at, summary, resource));
        const recommended = recommend(uses, { resource, now });
        if (recommended === null) return [];
        const depths = queues.get(workload) ?? [];
        const isQueueGrowing = isGrowing(
          depths.map(({ at, summary: { sum, count } }) => ({ at, average: sum / count })),
          now,
        );
        const told = heldBack(recommended, { requested: request, isQueueGrowing });
        const historyHours = new Set(uses.map(({ at }) => at)).size;
        const saving = savingOf(request, told.target);
        return [{ workload, resource, ...told, requested: request, saving, historyHours, isQueueGrowing }];
      });
    }),
  );
  return found.flat().toSorted((a, b) => (a.workload < b.workload ? -1 : 1));
};

interface Hour {
  at: number;
  summary: Summary;
}

/** Workload → what its series say of each hour; those of several instances beside each other. */
async function hoursOf(
  service: SystemHealth,
  metric: string,
  { now, withSketches }: { now: number; withSketches: boolean },
): Promise<ReadonlyMap<string, Hour[]>> {
  const series = await ofWorkloads(service, metric);
  const to = startOf(now, hourMs) + hourMs;
  const from = to - lookBackMs;
  const steps = await readSteps(service, {
    ...{ series, from, to, stepMs: hourMs, resolution: 'HOUR', withSketches },
  });
  const hours = new Map<string, Hour[]>();
  for (const { _id, labels } of series) {
    const workload = labels.find(({ name }) => name === label)?.value ?? '';
    const own = [...(steps.get(_id) ?? [])].map(([at, summary]) => ({ at, summary }));
    hours.set(workload, [...(hours.get(workload) ?? []), ...own]);
  }
  return hours;
}

/** Workload → what it asks for now, as it was last recorded: of one instance, as its use is. */
async function latestOf(
  service: SystemHealth,
  metric: string,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const hours = await hoursOf(service, metric, { now, withSketches: false });
  return new Map(
    [...hours].flatMap(([workload, each]) => {
      const latest = each.map(({ summary }) => summary.last).toSorted((a, b) => b.at - a.at)[0];
      return latest ? [[workload, latest.value] as const] : [];
    }),
  );
}

async function ofWorkloads(service: SystemHealth, metric: string): Promise<FoundSeries[]> {
  const all = await findSeries(service, metric, [{ name: label, value: '', isEqual: false }]);
  return all.slice(0, mostSeries);
}
