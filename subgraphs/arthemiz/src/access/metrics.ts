// What gateways ask, and how often the answer was there, for those who run the platform.
import { createHistogram } from '@supergraph/chassis/histogram';
import { Counter, type Registry } from 'prom-client';

export type AccessMetrics = ReturnType<typeof accessMetrics>;

export function accessMetrics(registry: Registry) {
  return {
    calls: createHistogram({
      name: 'arthemiz_access_call_duration_seconds',
      help: 'Calls of the gRPC service arthemiz.v1.Access by method and status.',
      labelNames: ['method', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registry,
    }),
    lookUps: new Counter({
      name: 'arthemiz_standing_look_ups_total',
      help: 'Standings looked for in Redis by outcome: found, missing, or away where Redis did not answer.',
      labelNames: ['outcome'],
      registers: [registry],
    }),
  };
}
