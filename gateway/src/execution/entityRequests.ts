// The requests by which a subgraph is asked for entities: one, unless some of what is asked hangs on what is around
// them (`@fromContext`).
import { LRUCache } from 'lru-cache';
import type { EntityContext } from './contextArguments.ts';
import { compileContextBatch } from './contextBatch.ts';
import { compileFetchBody, type FetchTools } from './fetchBody.ts';
import { clientFor, keepingOf, subgraphOf } from './fetchClients.ts';
import type { EntityFetchNode } from './representations.ts';
import type { LoadedEntity, Run } from './run.ts';
import type { SubgraphClient } from './subgraphClient.ts';
import { withoutArguments } from './withoutArguments.ts';

/** An entity that a subgraph has yet to tell of. */
export interface AskedEntity {
  entity: LoadedEntity;
  representation: string;
  context: EntityContext;
}

export interface EntityRequest {
  asked: readonly AskedEntity[];
  /** The answer's text. @throws SubgraphUnavailable */
  fetch(run: Run): Promise<string>;
}

type Requests = (asked: readonly AskedEntity[]) => readonly EntityRequest[];

/**
 * Requests without arguments that are not known, kept for the sets of them that were met last: n arguments have 2ⁿ
 * sets, which of them are met hangs on what subgraphs answer and clients skip, and any is quickly made again.
 */
const mostVariants = 16;

/** @returns what makes requests of entities; those of which nothing can be asked are in none */
export function compileEntityRequests(node: EntityFetchNode, tools: FetchTools): Requests {
  if (!node.contextRewrites?.length) return requestsOf(node, tools);
  const variants = new LRUCache<string, Requests>({ max: mostVariants });
  const variantFor = (missing: string): Requests => {
    let variant = variants.get(missing);
    if (variant === undefined) {
      const askable = missing === '' ? node : withoutArguments(node, new Set(missing.split(' ')));
      variant = askable ? requestsOf(askable, tools) : () => [];
      variants.set(missing, variant);
    }
    return variant;
  };
  return (asked) =>
    grouped(asked, ({ context }) => context.missing).flatMap(([missing, those]) =>
      variantFor(missing)(those),
    );
}

/** Each context asks by itself, since it has variables of its own; they share their way to the subgraph. */
function requestsOf(node: EntityFetchNode, tools: FetchTools): Requests {
  const client = clientFor(node, tools);
  const body = compileFetchBody(node);
  const request = (by: Pick<SubgraphClient, 'fetch'>, asked: readonly AskedEntity[]): EntityRequest => ({
    asked,
    fetch(run) {
      const representations = asked.map(({ representation }) => representation);
      const args = asked[0]?.context.args ?? '';
      return by.fetch(body(run, { representations, args }), run.context);
    },
  });
  if (!node.contextRewrites?.length) return (asked) => [request(client, asked)];
  const batchOf = compileContextBatch({
    node,
    client: subgraphOf(node, tools),
    keeping: keepingOf(node, tools),
  });
  return (asked) => {
    const contexts = grouped(asked, ({ context }) => context.args);
    if (contexts.length === 1) return [request(client, asked)];
    const batch = batchOf(contexts.length);
    return contexts.map(([, those]) => request(batch, those));
  };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}
