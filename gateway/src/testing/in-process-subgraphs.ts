// For tests only: subgraphs without a server, composed and executed as the gateway does it. What a test is about stands
// in its own few types, and the way from the operation to the answer is the real one.
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { createLogger } from '@supergraph/chassis/logging';
import type { Viewer } from '@supergraph/chassis/viewer';
import { type DocumentNode, execute, type GraphQLFieldResolver, type GraphQLSchema, parse } from 'graphql';
import { authorizeOperation } from '../authorization/authorizeOperation.ts';
import type { FetchCache } from '../caching/fetchCache.ts';
import type { Answer } from '../execution/compileOperation.ts';
import { createExecutor } from '../execution/executor.ts';
import { type SubgraphClient, SubgraphUnavailable } from '../execution/subgraphClient.ts';
import { loadSupergraph, type Supergraph } from '../execution/supergraph.ts';
import { onlyOperationOf } from './only-operation.ts';

export interface ComposedSubgraphs {
  supergraph: Supergraph;
  /** By name of the subgraph. */
  schemas: ReadonlyMap<string, GraphQLSchema>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: [
  "@key", "@shareable", "@external", "@override", "@inaccessible", "@authenticated", "@policy", "@context", "@fromContext"
])`;

/** @param sdls name → SDL, which may use the directives of federation for entities and authorization */
export function composeSubgraphs(sdls: Readonly<Record<string, string>>): ComposedSubgraphs {
  const services = Object.entries(sdls).map(([name, sdl]) => ({
    ...{ name, url: `http://${name}.invalid` },
    typeDefs: parse(`${link}\n${sdl}`),
  }));
  const { supergraphSdl, errors } = composeServices(services);
  if (supergraphSdl === undefined) throw new Error((errors ?? []).map(({ message }) => message).join('\n'));
  const schemas = services.map(({ name, typeDefs }) => [name, buildSubgraphSchema({ typeDefs })] as const);
  return { supergraph: loadSupergraph(supergraphSdl), schemas: new Map(schemas) };
}

export interface OperationOfViewer {
  document: DocumentNode;
  viewer: Viewer;
  /** Coerced, with defaults. */
  variables?: Record<string, unknown>;
  rootValue?: unknown;
  /** How subgraphs resolve; default: from the properties of objects. An entity is its representation. */
  fieldResolver?: Resolver;
  /** Subgraphs that cannot be asked. */
  away?: readonly string[];
  /** What is known already. */
  cache?: FetchCache;
}

export type Resolver = GraphQLFieldResolver<unknown, unknown>;

export interface ObservedAnswer {
  answer: Answer;
  /** `answer.data`, parsed. */
  data: unknown;
  authorized: ReturnType<typeof authorizeOperation>;
  /** Paths of the errors that subgraphs answered. */
  subgraphErrors: readonly string[];
  /** What subgraphs were asked. */
  fetches: readonly FetchSeen[];
}

export interface FetchSeen {
  subgraph: string;
  query: string;
  variables: Readonly<Record<string, unknown>>;
}

const logger = createLogger({ service: 'test', level: 'silent' });

/** Authorizes, plans, executes and shapes a document's only operation. */
export async function answerOperation(
  { supergraph, schemas }: ComposedSubgraphs,
  asked: OperationOfViewer,
): Promise<ObservedAnswer> {
  const { document, viewer, variables = {}, rootValue, fieldResolver, away = [], cache } = asked;
  const { schema, policy } = supergraph;
  const operation = onlyOperationOf(document);
  const authorized = authorizeOperation({ schema, policy, viewer, document, operation, variables });
  const subgraphErrors: string[] = [];
  const fetches: FetchSeen[] = [];
  const clientOf = (name: string, schema: GraphQLSchema): SubgraphClient => ({
    name,
    async fetch({ body }) {
      if (away.includes(name)) throw new SubgraphUnavailable(name, 'failure');
      const { query, variables: variableValues = {} } = JSON.parse(body);
      fetches.push({ subgraph: name, query, variables: variableValues });
      const resolve = fieldResolver ? { fieldResolver } : {};
      const given = { schema, document: parse(query), variableValues, rootValue, ...resolve };
      const { data, errors } = await execute(given);
      subgraphErrors.push(...(errors ?? []).map(({ path = [] }) => path.join('.')));
      return JSON.stringify({ data, ...(errors ? { errors } : {}) });
    },
    async demandReady() {},
    async close() {},
  });
  const subgraphs = new Map([...schemas].map(([name, each]) => [name, clientOf(name, each)]));
  const executor = createExecutor({ supergraph, subgraphs, logger, ...(cache ? { cache } : {}) });
  const compiled = executor.prepare({ key: '', bytes: 1, operationName: undefined, authorized });
  const session = { viewer, issuedAt: 0, expiresAt: Number.POSITIVE_INFINITY, onChange: () => () => {} };
  const context = { session, requestId: 'test', ipAddress: undefined };
  const answer = await compiled.execute({ variables, context });
  return { answer, data: JSON.parse(answer.data), authorized, subgraphErrors, fetches };
}
