// A fetch of root fields: its answer is put where it belongs as it comes.
import type { FetchNode } from '@apollo/query-planner';
import { compileFetchBody, type FetchTools } from './fetchBody.ts';
import { clientFor } from './fetchClients.ts';
import { unavailableRootErrors } from './fetchErrors.ts';
import { mergeData } from './mergeData.ts';
import { objectsAt, type PlanPath, placesAt } from './responsePaths.ts';
import { compileRewrites } from './rewrites.ts';
import type { Run, Step } from './run.ts';
import { parseSubgraphAnswer, type SubgraphAnswer, tellUnreadable } from './subgraphAnswer.ts';
import { interfaceNames } from './typeConditions.ts';

export function compileRootFetch(node: FetchNode, tools: FetchTools, path: PlanPath): Step {
  const client = clientFor(node, tools);
  const body = compileFetchBody(node);
  const receive = compileRootAnswer(node, tools, path);
  const unavailable = unavailableRootErrors(node);
  return async (run) => {
    if (path.length > 0 && isNothingAt(run, path)) return;
    let answer: SubgraphAnswer;
    try {
      answer = parseSubgraphAnswer(await client.fetch(body(run), run.context));
    } catch (error) {
      if (run.context.cancellation?.isCancelled) return;
      tellUnreadable(error, node.serviceName, tools.logger);
      answer = { data: null, errors: unavailable(run.variables) };
    }
    receive(run, answer);
  };
}

/** Takes an answer that came by whatever way: an event of a subscription is one, too. */
export function compileRootAnswer(
  node: FetchNode,
  { supergraphSchema }: Pick<FetchTools, 'supergraphSchema'>,
  path: PlanPath,
): (run: Run, answer: SubgraphAnswer) => void {
  const rewrite = compileRewrites(node.outputRewrites, supergraphSchema);
  const interfaces = interfaceNames(supergraphSchema);
  return (run, { data, errors }) => {
    if (errors) {
      const [place] = path.length > 0 ? placesAt({ data: run.data, path, most: 1 }) : [];
      for (const error of errors) {
        run.errors.push(error.path && place ? { ...error, path: [...place.at, ...error.path] } : error);
      }
    }
    if (!data) return;
    rewrite?.(data);
    run.groups.clear();
    for (const target of objectsAt(run.data, path)) mergeData(target, data, interfaces);
  };
}

function isNothingAt(run: Run, path: PlanPath): boolean {
  for (const _ of objectsAt(run.data, path)) return false;
  return true;
}
