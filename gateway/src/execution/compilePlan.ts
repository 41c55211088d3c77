// A query plan as functions: what can be known of it before a request comes is worked out once.
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { compileEntityFetch } from './entityFetch.ts';
import type { PlanTools } from './fetchBody.ts';
import type { PlanPath } from './responsePaths.ts';
import { compileRootFetch } from './rootFetch.ts';
import type { Run, Step } from './run.ts';

/** @param path where the node's data belongs; the whole answer unless told */
export function compilePlan(node: PlanNode, tools: PlanTools, path: PlanPath = []): Step {
  switch (node.kind) {
    case 'Sequence':
      return inOrder(node.nodes.map((child) => compilePlan(child, tools, path)));
    case 'Parallel':
      return atOnce(node.nodes.map((child) => compilePlan(child, tools, path)));
    case 'Flatten':
      return compilePlan(node.node, tools, [...path, ...node.path.map(String)]);
    case 'Fetch':
      return compileFetch(node, tools, path);
    case 'Condition': {
      const { condition } = node;
      const then = node.ifClause && compilePlan(node.ifClause, tools, path);
      const otherwise = node.elseClause && compilePlan(node.elseClause, tools, path);
      return (run) => (run.variables[condition] === true ? then : otherwise)?.(run);
    }
    case 'Defer':
      throw new Error('The planner was not asked to defer.');
  }
}

function compileFetch(node: FetchNode, tools: PlanTools, path: PlanPath): Step {
  const fetch =
    node.requires === undefined
      ? compileRootFetch(node, tools, path)
      : compileEntityFetch({ ...node, requires: node.requires }, tools, path);
  const place = tools.fetches.indexOf(node);
  return (run) => {
    const startedAt = performance.now();
    return fetch(run)?.then(() => {
      run.fetchMs[place] = performance.now() - startedAt;
    });
  };
}

function inOrder(steps: readonly Step[]): Step {
  return async (run: Run) => {
    for (const step of steps) await step(run);
  };
}

function atOnce(steps: readonly Step[]): Step {
  return async (run: Run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
}
