// What a run of a check says in samples of metrics. Pure.
import type { CheckRow } from '../checks/model.ts';
import type { Observation } from '../checks/rules.ts';
import { metricName } from './input.ts';
import type { NewSample } from './storing.ts';

/** Whether it answered, how long that took, and what else was measured; by check and service. */
export function measuredBy(
  { _id, serviceId, tenantId }: Pick<CheckRow, '_id' | 'serviceId' | 'tenantId'>,
  { at, isSuccess, latencyMs, measurements = [] }: Observation,
): NewSample[] {
  const about = [
    { name: 'check', value: _id },
    { name: 'service', value: serviceId },
  ];
  const more = measurements.flatMap(({ metric, value, labels = {} }) => {
    // A probe reads names off its target: what is no metric's name is no metric.
    if (!metricName.safeParse(metric).success || !Number.isFinite(value)) return [];
    const own = Object.entries(labels)
      .filter(([name]) => name !== 'check' && name !== 'service')
      .map(([name, given]) => ({ name, value: given.slice(0, 200) }));
    return [{ metric, value, labels: [...own, ...about] }];
  });
  return [
    { metric: 'check_up', value: isSuccess ? 1 : 0, labels: about },
    { metric: 'check_latency_seconds', value: latencyMs / 1_000, labels: about },
    ...more,
  ].map((sample) => ({ ...sample, tenantId, at }));
}
