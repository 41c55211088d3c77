// What goes to a subgraph: the request as JSON text, of which only the variables differ from time to time.
import type { FetchNode } from '@apollo/query-planner';
import type { Logger } from '@supergraph/chassis/logging';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import type { FetchCache } from '../caching/fetchCache.ts';
import { contextVariables } from './contextArguments.ts';
import { quoted } from './jsonText.ts';
import { own } from './mergeData.ts';
import type { Run } from './run.ts';
import type { SubgraphClient, SubgraphFetch } from './subgraphClient.ts';

/** What fetches are compiled with. */
export interface FetchTools {
  subgraphs: ReadonlyMap<string, SubgraphClient>;
  /** With the join directives, and types that clients don't see. */
  supergraphSchema: GraphQLSchema;
  logger: Logger;
  /** What need not be asked for again. Absent for changes and events, which never get what was kept. */
  cache?: FetchCache;
  /** Whether what is fetched completes the events of a subscription. */
  areOfEvents?: boolean;
}

/** And for one plan. */
export interface PlanTools extends FetchTools {
  /** All fetches of the plan, as `fetchesOf` gives them. */
  fetches: readonly FetchNode[];
}

/** A request with the parts that it was put together from. */
export interface DividedFetch extends SubgraphFetch {
  /** Its variables but for `representations`, as members of a JSON object. */
  variables: string;
  /** Entities that it asks for, each as JSON. */
  representations?: readonly string[] | undefined;
}

/** What a fetch of entities is about. */
export interface AskedEntities {
  /** JSON texts. */
  representations: readonly string[];
  /** Variables that come from around the entities, as members of a JSON object. */
  args: string;
}

export interface FetchBody {
  (run: Run, entities?: AskedEntities): DividedFetch;
  /** The same request for other entities. */
  divided(variables: string, representations: readonly string[] | undefined): DividedFetch;
}

export function compileFetchBody(node: FetchNode): FetchBody {
  const { operation, operationName, variableUsages = [] } = node;
  const kind = node.operationKind === OperationTypeNode.MUTATION ? 'mutation' : 'query';
  const name = operationName === undefined ? '' : `,"operationName":${quoted(operationName)}`;
  const start = `{"query":${quoted(operation)}${name}`;
  // A client may call variables of its own as it likes.
  const fromContext = contextVariables(node);
  const fromRun = variableUsages.filter((variable) => !fromContext.has(variable));
  const variables = fromRun.map((variable) => ({ variable, prefix: `${quoted(variable)}:` }));
  const whole: DividedFetch = { body: `${start}}`, kind, variables: '' };
  const divided: FetchBody['divided'] = (members, representations) => {
    if (representations === undefined && members === '') return whole;
    const list = representations ? `"representations":[${representations.join(',')}]` : '';
    const separator = list !== '' && members !== '' ? ',' : '';
    const body = `${start},"variables":{${members}${separator}${list}}}`;
    return { body, kind, variables: members, representations };
  };
  const ofRun = (run: Run, entities?: AskedEntities) => {
    const members: string[] = entities?.args ? [entities.args] : [];
    for (const { variable, prefix } of variables) {
      const value = own(run.variables, variable);
      if (value !== undefined) members.push(prefix + JSON.stringify(value));
    }
    return divided(members.join(','), entities?.representations);
  };
  return Object.assign(ofRun, { divided });
}
