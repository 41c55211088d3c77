// Prometheus metrics. One registry per service, since several services may run in one process.
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { createHistogram, type Histogram } from './histogram.ts';

export interface Metrics {
  readonly registry: Registry;
  /** HTTP requests by route, method and status. */
  readonly httpRequests: Histogram<'route' | 'method' | 'status'>;
  /** GraphQL operations by name, type and outcome: `success`, `partial` (data and errors) or `failure`. */
  readonly operations: Histogram<'operation' | 'type' | 'outcome'>;
  /** Subscriptions that are open now. */
  readonly subscriptions: Gauge<'operation'>;
  /** Results sent to subscribers. */
  readonly subscriptionResults: Counter<'operation' | 'outcome'>;
  /** Calls to other systems by target and outcome: `success`, `failure`, `deadline` or `rejected`. */
  readonly outgoingCalls: Histogram<'target' | 'outcome'>;
  /** Circuit breakers: 0 closed, 1 open, 2 half open. */
  readonly breakers: Gauge<'target'>;
  /** A label for an operation's name out of a bounded set: clients choose names, and each label costs memory. */
  operationLabel(name: string | null | undefined): string;
}

const maximumOperationNames = 200;
/** Upper bounds in seconds, for whatever takes time. */
export const durationBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpRequests: createHistogram({
      name: 'http_server_request_duration_seconds',
      help: 'Time from a request to the end of its response.',
      labelNames: ['route', 'method', 'status'],
      buckets: durationBuckets,
      registry,
    }),
    operations: createHistogram({
      name: 'graphql_operation_duration_seconds',
      help: 'Time to answer a GraphQL query or mutation.',
      labelNames: ['operation', 'type', 'outcome'],
      buckets: durationBuckets,
      registry,
    }),
    subscriptions: new Gauge({
      name: 'graphql_subscriptions_open',
      help: 'GraphQL subscriptions that are open now.',
      labelNames: ['operation'],
      registers,
    }),
    subscriptionResults: new Counter({
      name: 'graphql_subscription_results_total',
      help: 'Results sent to GraphQL subscribers.',
      labelNames: ['operation', 'outcome'],
      registers,
    }),
    outgoingCalls: createHistogram({
      name: 'outgoing_call_duration_seconds',
      help: 'Time of calls to other systems, each attempt by itself.',
      labelNames: ['target', 'outcome'],
      buckets: durationBuckets,
      registry,
    }),
    breakers: new Gauge({
      name: 'outgoing_circuit_breaker_state',
      help: 'Circuit breakers: 0 closed, 1 open, 2 half open.',
      // Of several processes, the one that fares worst.
      aggregator: 'max',
      labelNames: ['target'],
      registers,
    }),
    operationLabel: boundedLabels(maximumOperationNames),
  };
}

/** Labels for values of callers' choice: the first `maximum` ones as they are, what comes later as `other`. */
export function boundedLabels(maximum: number): (value: string | null | undefined) => string {
  const known = new Set<string>();
  return (value) => {
    if (value === null || value === undefined || value === '') return 'anonymous';
    if (known.has(value)) return value;
    if (known.size >= maximum || value.length > 100) return 'other';
    known.add(value);
    return value;
  };
}
