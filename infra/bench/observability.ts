// What it costs a request that the gateway looks at itself: the parts that every operation passes, each in a loop of its
// own, beside what they stand for.
import { createLogger } from '@supergraph/chassis/logging';
import { createMetrics } from '@supergraph/chassis/metrics';
import { currentTraceparent, inSpan, startTracing } from '@supergraph/chassis/tracing';
import { Kind, OperationTypeNode } from 'graphql';
import { Histogram, Registry } from 'prom-client';
import { createFieldUsage } from '../../gateway/src/observability/fieldUsage.ts';
import { createOperationObserver } from '../../gateway/src/observability/operationObserver.ts';
import { createSlowOperations } from '../../gateway/src/observability/slowOperations.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './rounds.ts';

export interface ObservabilityBenchmarkSize {
  /** Calls of one round. */
  calls: number;
  rounds: number;
}

export const observabilityBenchmark = (size: ObservabilityBenchmarkSize): Benchmark => ({
  summary: 'microseconds that each operation pays for metrics, uses of fields, and tracing',
  async run({ progress }) {
    const parts = observedParts();
    const microseconds: Record<string, number> = {};
    for (const [name, work] of Object.entries(parts)) {
      microseconds[name] = await progress.task(name, async () => {
        const rounds = Array.from({ length: size.rounds }, () => timeCalls(work, size.calls));
        return median(rounds);
      });
    }
    return {
      rows: [['', 'µs'], ...Object.entries(microseconds).map(([name, value]) => [name, value.toFixed(3)])],
      figures: { ...size, microseconds },
    };
  },
});

function timeCalls(work: () => void, calls: number): number {
  const startedAt = performance.now();
  for (let call = 0; call < calls; call += 1) work();
  return ((performance.now() - startedAt) * 1_000) / calls;
}

function observedParts(): Record<string, () => void> {
  const metrics = createMetrics('bench');
  const logger = createLogger({ service: 'bench', level: 'silent' });
  const { registry } = metrics;
  // Nothing is told within the benchmark, so that it needs no Redis.
  const usage = createFieldUsage({
    uses: { add: async () => undefined },
    registry,
    logger,
    tellMs: 3_600_000,
  });
  const slowOperations = createSlowOperations({ logger, registry, slowMs: 1_000 });
  const observer = createOperationObserver({ metrics, slowOperations });
  const coordinates = Array.from({ length: 30 }, (_, place) => `Type.field${place}`);
  const operationUsage = usage.of({ all: coordinates, deprecated: [] });
  const prepared = {
    request: {
      hash: 'hash',
      operation: {
        kind: Kind.OPERATION_DEFINITION as const,
        operation: OperationTypeNode.QUERY,
        name: { kind: Kind.NAME as const, value: 'Bench' },
        selectionSet: { kind: Kind.SELECTION_SET as const, selections: [] },
      },
      context: { session: { viewer: viewer() } },
    },
    authorized: { usage: operationUsage },
    compiled: { plan: undefined },
    variables: {},
    startedAt: performance.now(),
  };
  const answer = { data: '{}', errors: [], fetchMs: [] };
  const theirs = new Histogram({
    ...{ name: 'theirs', help: 'prom-client’s own.', labelNames: ['operation', 'type', 'outcome'] },
    registers: [new Registry()],
  });
  const labels = { operation: 'Bench', type: 'query', outcome: 'success' };
  const off = startTracing({ service: 'bench' });
  const unsampled = startTracing({ service: 'bench', ratio: 0, processors: [nowhere] });
  const traced = (tracing: typeof off) => () =>
    tracing.serve({ name: 'bench', carrier }, () => inSpan('execute', {}, currentTraceparent));
  return {
    'answered: both histograms, uses of fields, whether it was slow': () => {
      prepared.startedAt = performance.now();
      observer.answered(prepared, answer);
    },
    'of it: uses of fields': () => operationUsage.count('till'),
    'of it: one histogram': () => metrics.operations.observe(labels, 0.003),
    'beside it: one of prom-client’s': () => theirs.observe(labels, 0.003),
    'a trace passed on, tracing off': traced(off),
    'a trace passed on, unsampled': traced(unsampled),
  };
}

const carrier = { traceparent: `00-${'5'.repeat(32)}-${'6'.repeat(16)}-01` };

const nowhere = {
  forceFlush: async () => undefined,
  onStart: () => undefined,
  onEnd: () => undefined,
  shutdown: async () => undefined,
};

function viewer() {
  return {
    ...{ subject: 'per_bench', tenantId: 'ten_bench', clientId: 'till', roles: [], isAnonymous: false },
    ...{ permissions: new Set<string>(), scopes: new Set<string>() },
  };
}
