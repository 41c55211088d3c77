// Parts of a plan that are executed while what comes before them is answered already.
import type { DeferNode, PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';
import { contextOrder } from './contextOrder.ts';
import { numberIn } from './defers.ts';
import type { PlanPath } from './responsePaths.ts';
import type { Run, Step } from './run.ts';

const nothing: PlanNode = { kind: 'Sequence', nodes: [] };

/**
 * The primary part as a step; deferred ones go on beyond its end.
 * @param compile makes a node of the plan ready to run
 */
export function compileDefer(
  { primary, deferred }: DeferNode,
  { path, compile }: { path: PlanPath; compile: (node: PlanNode) => Step },
): Step {
  const first = primary.node && compile(primary.node);
  const [, ...order] = contextOrder(
    [primary, ...deferred].map(({ node }) => node ?? nothing),
    path,
  );
  const blocks = deferred.map(({ depends, label = '', node }, index) => ({
    part: numberIn(label),
    depends: depends.map(({ id }) => id),
    after: order[index] ?? [],
    step: node && compile(node),
  }));
  return async (run) => {
    const { deferral } = run;
    if (deferral === undefined) throw new Error('A plan with deferred parts is executed as a whole.');
    const primaryUnderWay = Promise.resolve(first?.(run));
    const underWay = new Map([[0, primaryUnderWay]]);
    const begin = (number: number): Promise<void> => {
      const known = underWay.get(number);
      const block = blocks[number - 1];
      if (known || block === undefined) return known ?? primaryUnderWay;
      const { part, depends, after, step } = block;
      const own: Run = { ...run, errors: deferral.errorsOf(part) };
      // What it depends on may stand under a condition that does not hold.
      const mayBegin = Promise.race([
        Promise.all(depends.map((id) => deferral.fetched(id))),
        primaryUnderWay,
      ]);
      const others = after.map(begin);
      const work = deferral.follow(
        part,
        mayBegin.then(() => Promise.all(others)).then(() => step?.(own)),
      );
      // Whoever waits for the primary part gets the same.
      work.catch(() => undefined);
      underWay.set(number, work);
      return work;
    };
    for (const index of blocks.keys()) begin(index + 1);
    await primaryUnderWay;
  };
}

/** How many blocks of a plan bring data of a part, by the number of its `@defer`. */
export function deferredBlocks({ node }: QueryPlan): Map<number, number> {
  const blocks = new Map<number, number>();
  const visit = (within: PlanNode | SubscriptionNode | undefined): void => {
    switch (within?.kind) {
      case 'Sequence':
      case 'Parallel':
        for (const child of within.nodes) visit(child);
        break;
      case 'Flatten':
        visit(within.node);
        break;
      case 'Condition':
        visit(within.ifClause);
        visit(within.elseClause);
        break;
      case 'Defer':
        visit(within.primary.node);
        for (const { label = '', node: deferred } of within.deferred) {
          const part = numberIn(label);
          blocks.set(part, (blocks.get(part) ?? 0) + 1);
          visit(deferred);
        }
    }
  };
  visit(node);
  return blocks;
}
