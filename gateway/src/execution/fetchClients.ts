// Whom a fetch asks: its subgraph, through what is kept of it, or together with other events that ask for the same.
import type { FetchNode } from '@apollo/query-planner';
import { compileFetchBody, type FetchTools } from './fetchBody.ts';
import { gatheringClient } from './gatheredFetches.ts';
import { keepingClient } from './keptFetches.ts';
import type { SubgraphClient } from './subgraphClient.ts';

/** Whoever answers a fetch: the subgraph, or what is kept of it. @throws where there is no such subgraph. */
export function clientFor(node: FetchNode, tools: FetchTools): SubgraphClient {
  const subgraph = subgraphOf(node, tools);
  if (tools.areOfEvents) return gatheringClient(subgraph, { body: compileFetchBody(node) });
  return keepingOf(node, tools)(subgraph);
}

/** The client of the subgraph that a fetch asks. @throws where the supergraph names one that nobody told of. */
export function subgraphOf(node: FetchNode, tools: FetchTools): SubgraphClient {
  const client = tools.subgraphs.get(node.serviceName);
  if (client === undefined) throw new Error(`There is no subgraph ${node.serviceName}.`);
  return client;
}

/** Makes of whoever asks for a fetch one that does not ask for what is kept. */
export function keepingOf(node: FetchNode, tools: FetchTools): (client: SubgraphClient) => SubgraphClient {
  const kept = tools.cache?.of({ subgraph: node.serviceName, operation: node.operation });
  if (kept === undefined) return (client) => client;
  const body = compileFetchBody(node);
  return (client) => keepingClient(client, { kept, body });
}
