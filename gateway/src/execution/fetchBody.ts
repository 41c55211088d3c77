// What goes to a subgraph: the request as JSON text, of which only the variables differ from time to time.
import type { FetchNode } from '@apollo/query-planner';
import type { Logger } from '@supergraph/chassis/logging';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import { quoted } from './jsonText.ts';
import type { Run } from './run.ts';
import type { SubgraphClient, SubgraphFetch } from './subgraphClient.ts';

/** What fetches are compiled with. */
export interface FetchTools {
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  /** With the join directives, and types that clients don't see. */
  supergraphSchema: GraphQLSchema;
  logger: Logger;
}

/** And for one plan. */
export interface PlanTools extends FetchTools {
  /** All fetches of the plan, as `fetchesOf` gives them. */
  fetches: readonly FetchNode[];
}

/** @param representations JSON texts, for a fetch of entities */
export type FetchBody = (run: Run, representations?: readonly string[]) => SubgraphFetch;

export function compileFetchBody(node: FetchNode): FetchBody {
  const { operation, operationName, variableUsages = [] } = node;
  const kind = node.operationKind === OperationTypeNode.MUTATION ? 'mutation' : 'query';
  const name = operationName === undefined ? '' : `,"operationName":${quoted(operationName)}`;
  const start = `{"query":${quoted(operation)}${name}`;
  const variables = variableUsages.map((variable) => ({ variable, prefix: `${quoted(variable)}:` }));
  const whole: SubgraphFetch = { body: `${start}}`, kind };
  return (run, representations) => {
    const members: string[] = [];
    for (const { variable, prefix } of variables) {
      const value = run.variables[variable];
      if (value !== undefined) members.push(prefix + JSON.stringify(value));
    }
    if (representations) members.push(`"representations":[${representations.join(',')}]`);
    if (members.length === 0) return whole;
    return { body: `${start},"variables":{${members.join(',')}}}`, kind };
  };
}

/** The client of the subgraph that a fetch asks. @throws where the supergraph names one that nobody told of. */
export function subgraphOf(node: FetchNode, tools: FetchTools): SubgraphClient {
  const client = tools.subgraphs.get(node.serviceName);
  if (client === undefined) throw new Error(`There is no subgraph ${node.serviceName}.`);
  return client;
}
