// How well the scheduler keeps its time, and what its probes find.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type SchedulingMetrics = ReturnType<typeof schedulingMetrics>;

export function schedulingMetrics(registry: Registry) {
  const registers = [registry];
  return {
    up: new Gauge({
      name: 'systemhealth_platform_up',
      help: 'Whether the latest probe of a part of the platform succeeded.',
      labelNames: ['slug'],
      registers,
    }),
    duration: new Histogram({
      name: 'systemhealth_probe_duration_seconds',
      help: 'Time of a probe from its start to its answer or failure.',
      labelNames: ['kind'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    lag: new Histogram({
      name: 'systemhealth_schedule_lag_seconds',
      help: 'From the moment that a run was due to its claim.',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    running: new Gauge({
      name: 'systemhealth_checks_running',
      help: 'Checks that run now.',
      registers,
    }),
    runs: new Counter({
      name: 'systemhealth_runs_total',
      help: 'Runs of checks by outcome: success, failure, or lost when the lease was gone before it was recorded.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
