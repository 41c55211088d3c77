import { Writable } from 'node:stream';
import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { describe, expect, it } from '@jest/globals';
import { OperationTypeNode } from 'graphql';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createSlowOperations, outline } from './slowOperations.ts';

const fetch = (serviceName: string): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation: '{ secret }',
  operationName: undefined,
  operationKind: OperationTypeNode.QUERY,
});
const flatten = (path: string[], node: PlanNode): PlanNode => ({ kind: 'Flatten', path, node });
const plan: QueryPlan = {
  kind: 'QueryPlan',
  node: {
    kind: 'Sequence',
    nodes: [
      fetch('arthemiz'),
      {
        kind: 'Parallel',
        nodes: [flatten(['tenant'], fetch('health')), flatten(['tenant', '@'], fetch('sentinel'))],
      },
      { kind: 'Condition', condition: 'all', ifClause: fetch('other') },
    ],
  },
};

describe('the outline of a plan', () => {
  it('says in a line who was asked after whom, where, and for how long', () => {
    expect(outline(plan, [12.4, 950, 3])).toBe(
      '(arthemiz: 12 ms → (health at tenant: 950 ms | sentinel at tenant.@: 3 ms) → ($all ? other: no answer : nothing))',
    );
  });
});

describe('a slow operation', () => {
  function slowOperations() {
    const lines: Record<string, unknown>[] = [];
    const sink = new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        done();
      },
    });
    const registry = new Registry();
    const slow = createSlowOperations({
      ...{ logger: pino(sink), registry, slowMs: 100 },
      lines: { perSecond: 0, burst: 2 },
    });
    return { slow, lines, registry };
  }
  const ended = {
    ...{
      type: 'query',
      name: 'Welcome',
      hash: 'h',
      client: 'web',
      durationMs: 1_234.5,
      plan,
      fetchMs: [12.4, 950, 3],
    },
    variables: { email: 'a@b.test', first: 5, ids: [1, 2], filter: { secret: 'x' }, none: null },
  };

  it('is told with its plan, and what was in its variables is not', () => {
    const { slow, lines } = slowOperations();
    slow.tell(ended);
    expect(lines[0]).toMatchObject({
      ...{ msg: 'slow operation', type: 'query', name: 'Welcome', client: 'web', durationMs: 1_235 },
      plan: expect.stringContaining('health at tenant: 950 ms'),
      variables: { email: 'string of 8', first: 'number', ids: 'list of 2', filter: 'object', none: 'null' },
    });
    expect(JSON.stringify(lines)).not.toMatch(/a@b|secret/);
  });

  it('is one of a sample in the log; the metric has all', async () => {
    const { slow, lines, registry } = slowOperations();
    for (let count = 0; count < 5; count += 1) slow.tell(ended);
    expect(lines).toHaveLength(2);
    expect(await registry.metrics()).toMatch(/^gateway_slow_operations_total 5$/m);
  });
});
