// A query plan as functions: what can be known of it before a request comes is worked out once.
import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { OperationTypeNode } from 'graphql';
import { contextOrder } from './contextOrder.ts';
import { compileDefer } from './deferPlan.ts';
import { compileEntityFetch, type EntityFetchOptions } from './entityFetch.ts';
import type { PlanTools } from './fetchBody.ts';
import { compileRepresentations, type EntityFetchNode, type Representations } from './representations.ts';
import type { PlanPath } from './responsePaths.ts';
import { compileRewrites } from './rewrites.ts';
import { compileRootFetch } from './rootFetch.ts';
import type { Run, Step } from './run.ts';
import { sharingBeside } from './sharedPlaces.ts';

/** @param node the whole plan of an operation, or what follows a subscription's events */
export function compilePlan(node: PlanNode, tools: PlanTools): Step {
  const known = new Map<string, Representations>();
  const representations = (fetch: EntityFetchNode): Representations => {
    const { requires, inputRewrites } = fetch;
    const text = JSON.stringify([requires, inputRewrites]);
    const schema = tools.supergraphSchema;
    const described =
      known.get(text) ??
      compileRepresentations({ requires, schema, rewrite: compileRewrites(inputRewrites, schema) });
    known.set(text, described);
    return described;
  };
  const mayShare = sharingBeside(node);
  return compileNode(node, { ...tools, kinds: repeatedKinds(tools.fetches), representations, mayShare }, []);
}

interface NodeTools extends PlanTools, Pick<EntityFetchOptions, 'representations'> {
  /** Kinds of fetches of which the plan has several. */
  kinds: ReadonlySet<string>;
  /** See EntityFetchOptions. */
  mayShare(path: PlanPath): boolean;
}

/** @param path where the node's data belongs */
function compileNode(node: PlanNode, tools: NodeTools, path: PlanPath): Step {
  switch (node.kind) {
    case 'Sequence':
      return inOrder(node.nodes.map((child) => compileNode(child, tools, path)));
    case 'Parallel':
      return atOnce(
        node.nodes.map((child) => compileNode(child, tools, path)),
        contextOrder(node.nodes, path),
      );
    case 'Flatten':
      return compileNode(node.node, tools, [...path, ...node.path.map(String)]);
    case 'Fetch':
      return compileFetch(node, tools, path);
    case 'Condition': {
      const { condition } = node;
      const then = node.ifClause && compileNode(node.ifClause, tools, path);
      const otherwise = node.elseClause && compileNode(node.elseClause, tools, path);
      return (run) => (run.variables[condition] === true ? then : otherwise)?.(run);
    }
    case 'Defer':
      return compileDefer(node, { path, compile: (child) => compileNode(child, tools, path) });
  }
}

function compileFetch(node: FetchNode, tools: NodeTools, path: PlanPath): Step {
  const fetch = compileAnyFetch(node, tools, path);
  const place = tools.fetches.indexOf(node);
  const timed: Step = (run) => {
    const startedAt = performance.now();
    return fetch(run)?.then(() => {
      run.fetchMs[place] = performance.now() - startedAt;
    });
  };
  const { id } = node;
  if (id === undefined) return timed;
  // Deferred parts wait for it.
  return async (run) => {
    await timed(run);
    run.deferral?.endFetch(id);
  };
}

function compileAnyFetch(node: FetchNode, tools: NodeTools, path: PlanPath): Step {
  if (!isEntityFetch(node)) return compileRootFetch(node, tools, path);
  const kind = kindOf(node);
  const { kinds, representations } = tools;
  return compileEntityFetch(node, tools, {
    ...{ path, representations, mayShare: tools.mayShare(path) },
    kind: kinds.has(kind) ? kind : undefined,
  });
}

function isEntityFetch(node: FetchNode): node is EntityFetchNode {
  return node.requires !== undefined;
}

/** Equal for fetches that ask the same of any entity: all but the name, which numbers a plan's fetches. */
function kindOf({ serviceName, operation, operationName, inputRewrites, outputRewrites }: FetchNode): string {
  const text = operationName === undefined ? operation : operation.replace(` ${operationName}`, '');
  return JSON.stringify([serviceName, text, inputRewrites, outputRewrites]);
}

function repeatedKinds(fetches: readonly FetchNode[]): Set<string> {
  // What an entity was before a change says nothing of it afterwards.
  if (fetches.some(({ operationKind }) => operationKind === OperationTypeNode.MUTATION)) return new Set();
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const kind of fetches.filter(isEntityFetch).map(kindOf)) {
    if (seen.has(kind)) repeated.add(kind);
    seen.add(kind);
  }
  return repeated;
}

function inOrder(steps: readonly Step[]): Step {
  return async (run: Run) => {
    for (const step of steps) await step(run);
  };
}

/** @param order for each step those before it, by their numbers */
function atOnce(steps: readonly Step[], order: readonly (readonly number[])[]): Step {
  if (order.every((before) => before.length === 0))
    return async (run: Run) => {
      await Promise.all(steps.map((step) => step(run)));
    };
  return async (run: Run) => {
    const underWay = new Map<number, Promise<void>>();
    const begin = (index: number): Promise<void> => {
      const known = underWay.get(index);
      if (known) return known;
      const before = Promise.all((order[index] ?? []).map(begin));
      const begun = before.then(() => steps[index]?.(run));
      underWay.set(index, begun);
      return begun;
    };
    await Promise.all(steps.map((_, index) => begin(index)));
  };
}
