// What is kept of every operation that was answered: rates, errors and durations (RED), uses of fields, and a line in
// the log where it was slow.
import { createHistogram } from '@supergraph/chassis/histogram';
import { boundedLabels, durationBuckets, type Metrics } from '@supergraph/chassis/metrics';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Session } from '../authentication/accessTokens.ts';
import type { Answer } from '../execution/compileOperation.ts';
import { fetchesOf } from '../execution/planFetches.ts';
import type { PreparedOperation } from '../operations.ts';
import type { SlowOperations } from './slowOperations.ts';
import type { Timings } from './timings.ts';

export interface OperationObserver {
  /** An operation that could not be prepared. @param startedAt of `performance.now()` */
  refused(startedAt: number): void;
  /** A query or mutation that was answered. */
  answered(prepared: ObservedOperation, answer: Pick<Answer, 'data' | 'errors' | 'fetchMs'>): void;
  /** A subscription that was asked for. */
  subscribed(prepared: ObservedOperation): void;
}

/** What is looked at of an operation. */
export interface ObservedOperation extends Pick<PreparedOperation, 'variables' | 'startedAt'> {
  request: Pick<PreparedOperation['request'], 'operation' | 'hash'> & {
    context: { session: Pick<Session, 'viewer'>; timings?: Timings | undefined };
  };
  authorized: Pick<PreparedOperation['authorized'], 'usage'>;
  compiled: Pick<PreparedOperation['compiled'], 'plan'>;
}

export interface OperationObserverOptions {
  metrics: Metrics;
  slowOperations: SlowOperations;
}

/** OAuth clients that have labels of their own. */
const maximumClients = 200;

export function createOperationObserver(options: OperationObserverOptions): OperationObserver {
  const { metrics, slowOperations } = options;
  const clientLabel = boundedLabels(maximumClients);
  const byClient = createHistogram({
    name: 'gateway_client_operation_duration_seconds',
    help: 'Time to answer a GraphQL query or mutation, by the OAuth client that sent it.',
    labelNames: ['client', 'type', 'outcome'],
    buckets: durationBuckets,
    registry: metrics.registry,
  });
  const clientOf = ({ clientId }: Viewer) => clientLabel(clientId);

  return {
    refused(startedAt) {
      const seconds = (performance.now() - startedAt) / 1000;
      metrics.operations.observe({ operation: 'anonymous', type: 'invalid', outcome: 'failure' }, seconds);
    },
    answered({ request, authorized, compiled, variables, startedAt }, answer) {
      const { operation, context, hash } = request;
      const { viewer } = context.session;
      const type = operation.operation;
      const name = operation.name?.value;
      const client = clientOf(viewer);
      const durationMs = performance.now() - startedAt;
      const outcome = outcomeOf(answer);
      // Names of strangers' choice would take the labels of everybody else's.
      const label = metrics.operationLabel(viewer.isAnonymous ? undefined : name);
      metrics.operations.observe({ operation: label, type, outcome }, durationMs / 1000);
      byClient.observe({ client, type, outcome }, durationMs / 1000);
      authorized.usage.count(client);
      const { plan } = compiled;
      const { fetchMs } = answer;
      if (durationMs >= slowOperations.slowMs)
        slowOperations.tell({ type, name: name ?? null, hash, client, durationMs, plan, fetchMs, variables });
      if (context.timings && plan) {
        const subgraphs = fetchesOf(plan).map(({ serviceName }) => serviceName);
        context.timings.addFetches(subgraphs, fetchMs);
      }
    },
    subscribed({ request, authorized }) {
      authorized.usage.count(clientOf(request.context.session.viewer));
    },
  };
}

function outcomeOf({ data, errors }: Pick<Answer, 'data' | 'errors'>): string {
  if (errors.length === 0) return 'success';
  return data === 'null' ? 'failure' : 'partial';
}
