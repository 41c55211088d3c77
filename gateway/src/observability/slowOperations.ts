// Operations that took long, with the plan by which they were served and how long each fetch of it took.
import type { PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import type { Logger } from '@supergraph/chassis/logging';
import { Counter, type Registry } from 'prom-client';
import { fetchesOf } from '../execution/planFetches.ts';
import { TokenBucket } from '../limits/tokenBucket.ts';

export interface SlowOperationsOptions {
  logger: Logger;
  registry: Registry;
  /** From how long on an operation is slow. */
  slowMs: number;
  /** Most lines in the log: a second, and at once after a pause. Default 1 and 10. */
  lines?: { perSecond: number; burst: number };
}

export interface EndedOperation {
  type: string;
  name: string | null;
  /** SHA-256 of the document. */
  hash: string;
  client: string;
  durationMs: number;
  plan: QueryPlan | undefined;
  fetchMs: readonly (number | undefined)[];
  variables: Readonly<Record<string, unknown>>;
}

export interface SlowOperations {
  /** From how many milliseconds on an operation is slow. */
  readonly slowMs: number;
  /** Counts a slow operation, and writes a sample of them to the log. */
  tell(ended: EndedOperation): void;
}

export function createSlowOperations(options: SlowOperationsOptions): SlowOperations {
  const { logger, registry, slowMs, lines = { perSecond: 1, burst: 10 } } = options;
  const slow = new Counter({
    name: 'gateway_slow_operations_total',
    help: 'Operations that took longer than SLOW_OPERATION_MS; the log has a sample of them.',
    registers: [registry],
  });
  const bucket = new TokenBucket(lines);
  return {
    slowMs,
    tell({ plan, fetchMs, variables, durationMs, ...ended }) {
      slow.inc();
      if (!bucket.take()) return;
      const told = {
        ...ended,
        durationMs: Math.round(durationMs),
        plan: plan ? outline(plan, fetchMs).slice(0, longestOutline) : null,
        variables: redacted(variables),
      };
      logger.warn(told, 'slow operation');
    },
  };
}

const longestOutline = 4_000;

/** A plan in a line: `→` is one after the other, `|` at the same time. */
export function outline(plan: QueryPlan, fetchMs: readonly (number | undefined)[]): string {
  const fetches = fetchesOf(plan);
  const inside = (nodes: readonly string[], between: string) =>
    nodes.length === 1 ? (nodes[0] ?? '') : `(${nodes.join(between)})`;
  const write = (node: PlanNode | SubscriptionNode | undefined, at: string): string => {
    switch (node?.kind) {
      case undefined:
        return 'nothing';
      case 'Fetch': {
        const durationMs = fetchMs[fetches.indexOf(node)];
        const took = durationMs === undefined ? 'no answer' : `${Math.round(durationMs)} ms`;
        return `${node.serviceName}${at && ` at ${at}`}: ${took}`;
      }
      case 'Sequence':
        return inside(
          node.nodes.map((child) => write(child, at)),
          ' → ',
        );
      case 'Parallel':
        return inside(
          node.nodes.map((child) => write(child, at)),
          ' | ',
        );
      case 'Flatten':
        return write(node.node, [at, ...node.path].filter((part) => part !== '').join('.'));
      case 'Condition':
        return `($${node.condition} ? ${write(node.ifClause, at)} : ${write(node.elseClause, at)})`;
      case 'Subscription':
        return `${write(node.primary, at)} → ${write(node.rest, at)}`;
      case 'Defer':
        return inside(
          [node.primary.node, ...node.deferred.map((each) => each.node)].map((each) => write(each, at)),
          ' … ',
        );
    }
  };
  return write(plan.node, '');
}

/** Variables' kinds and sizes: what is in them is the client's. */
function redacted(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, kindOf(value)]));
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value === 'string') return `string of ${value.length}`;
  return typeof value;
}
