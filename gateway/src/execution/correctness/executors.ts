// Whoever executes: one signature for every executor that is compared.
import { operationFromDocument } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import { createLogger } from '@supergraph/chassis/logging';
import { anonymous } from '@supergraph/chassis/viewer';
import { type DocumentNode, GraphQLError, getOperationAST, getVariableValues } from 'graphql';
import type { Session } from '../../authentication/accessTokens.ts';
import type { AuthorizedOperation } from '../../authorization/authorizeOperation.ts';
import { joinParts, type Payload } from '../../testing/parts-client.ts';
import { withChangesInOrder } from '../changesInOrder.ts';
import { answerText, publicErrors } from '../compileOperation.ts';
import { activeDefers, defersOf } from '../defers.ts';
import { createExecutor } from '../executor.ts';
import { type SubgraphClient, SubgraphUnavailable } from '../subgraphClient.ts';
import type { Supergraph } from '../supergraph.ts';
import { interfaceNames } from '../typeConditions.ts';
import { withDefers } from './deferring.ts';
import type { SubgraphRequest, Subgraphs } from './subgraphs.ts';

export interface OperationToRun {
  supergraph: Supergraph;
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
  subgraphs: Subgraphs;
  /** Labels of `@override` that hold. */
  overridden: readonly string[];
  /** What to plan in place of the document, and for the same answer. */
  planned?: DocumentNode;
}

export interface AnswerError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: Readonly<Record<string, unknown>>;
}

export interface Answer {
  data: unknown;
  errors: readonly AnswerError[];
}

export type RunOperation = (operation: OperationToRun) => Promise<Answer>;

const logger = createLogger({ service: 'correctness', level: 'silent' });

type DataSource = ServiceMap[string];
type RequestContext = Parameters<typeof executeQueryPlan>[2];

/** @apollo/gateway's own executor. */
export const runWithApollo: RunOperation = async (operation) => {
  const { supergraph, document, operationName, variables, subgraphs, overridden } = operation;
  const selected = operationName === undefined ? {} : { operationName };
  const { schema, apiSchema, supergraphSchema, planner } = supergraph;
  const toPlan = operationFromDocument(apiSchema, operation.planned ?? document, selected);
  const plan = planner.plan(toPlan, overridden);
  const operationContext = buildOperationContext({ schema, operationDocument: document, ...selected });
  const sources: ServiceMap = Object.fromEntries([...subgraphs].map(([name, ask]) => [name, sourceOf(ask)]));
  // The only members that the executor reads.
  const request = {
    request: { variables },
    context: {},
    logger: console,
    metrics: {},
  } as unknown as RequestContext;
  const result = await executeQueryPlan(
    plan,
    sources,
    request,
    operationContext,
    supergraphSchema,
    apiSchema,
  );
  const completion: unknown = result.extensions?.valueCompletion;
  // It hides in `extensions` that a subgraph broke its own schema, when nothing else went wrong.
  const hidden = Array.isArray(completion) ? completion.filter((error) => error instanceof GraphQLError) : [];
  // A fetch that failed is an error of no kind there.
  const errors = (result.errors ?? hidden).map((error) =>
    error instanceof GraphQLError ? error : new GraphQLError(String(error)),
  );
  return plain({ data: result.data ?? null, errors });
};

/**
 * The same, spared the answers that it gets wrong on every day: an interface object calls an entity by the interface's
 * name, and that would take the place of the type that was known. And spared plans with changes out of order.
 */
export const runWithMendedApollo: RunOperation = (operation) => {
  const interfaces = interfaceNames(operation.supergraph.supergraphSchema);
  const mended =
    (ask: Ask): Ask =>
    async (request) => {
      const { data, ...answer } = await ask(request);
      const entities: unknown = data?._entities;
      if (!Array.isArray(entities)) return data === undefined ? answer : { data, ...answer };
      return {
        ...answer,
        data: { _entities: entities.map((entity) => withoutInterface(entity, interfaces)) },
      };
    };
  const subgraphs = new Map([...operation.subgraphs].map(([name, ask]) => [name, mended(ask)]));
  const planned = withChangesInOrder(operation.document, operation.operationName);
  return runWithApollo({ ...operation, subgraphs, planned });
};

function withoutInterface(entity: unknown, interfaces: ReadonlySet<unknown>): unknown {
  if (typeof entity !== 'object' || entity === null || !('__typename' in entity)) return entity;
  const { __typename: typeName, ...rest } = entity;
  return interfaces.has(typeName) ? rest : entity;
}

type Ask = NonNullable<ReturnType<Subgraphs['get']>>;

function sourceOf(ask: Ask): DataSource {
  return {
    process: ({ request: { query, variables, operationName } }) =>
      ask({ query: query ?? '', variables: variables ?? {}, operationName }) as ReturnType<
        DataSource['process']
      >, // errors are formatted errors, as GraphQL over HTTP has them
  };
}

/** The gateway's own, as it runs for viewers who may see all. */
export const runOurs: RunOperation = async (operation) => {
  return runWhole(prepare(operation));
};

/** The same with parts deferred at random, which are joined. */
export const runOursInParts: RunOperation = async (operation) => {
  const { compiled, variables } = prepare({ ...operation, document: withDefers(operation.document) });
  const payloads: Payload[] = [];
  const tell = (payload: string) => void payloads.push(JSON.parse(payload));
  // What the planner cannot divide.
  if (!compiled.isDeferred) return runWhole({ compiled, variables });
  await compiled.executeInParts({ variables, context, tell }).done;
  return joinParts(payloads);
};

async function runWhole({ compiled, variables }: ReturnType<typeof prepare>): Promise<Answer> {
  const { data, errors = [] } = JSON.parse(answerText(await compiled.execute({ variables, context })));
  return { data, errors };
}

function prepare({ supergraph, document, operationName, variables, subgraphs, overridden }: OperationToRun) {
  const clients = new Map([...subgraphs].map(([name, ask]) => [name, clientOf(name, ask)]));
  const executor = createExecutor({ supergraph, subgraphs: clients, logger });
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { coerced = {} } = getVariableValues(supergraph.schema, definitions, variables);
  const defers = activeDefers(defersOf(document, operationName), coerced);
  const authorized = allowed(document);
  // As the gateway does it: those of other fields change nothing.
  const labels = supergraph.overrides.of(document, operationName);
  const held = overridden.filter((label) => labels.includes(label));
  const compiled = executor.prepare({
    key: '',
    bytes: 1,
    operationName,
    authorized,
    defers,
    overridden: held,
  });
  return { compiled, variables: coerced };
}

const session: Session = {
  viewer: anonymous,
  issuedAt: 0,
  expiresAt: Number.POSITIVE_INFINITY,
  onChange: () => () => {},
};
const context = { session, requestId: 'trial', ipAddress: undefined };

function allowed(document: DocumentNode): AuthorizedOperation {
  const nothing = { denials: new Map(), argumentDenials: new Map(), ownerships: new Map() };
  return { document, asked: document, isWhole: true, digest: '', typenameKey: '__concreteType', ...nothing };
}

function clientOf(name: string, ask: Ask): SubgraphClient {
  return {
    name,
    async fetch({ body }) {
      const { query, variables = {}, operationName }: SubgraphRequest = JSON.parse(body);
      try {
        return JSON.stringify(await ask({ query, variables, operationName }));
      } catch (error) {
        throw new SubgraphUnavailable(name, 'failure', error);
      }
    },
    async demandReady() {},
    async close() {},
  };
}

export const executorNames = ['ours', 'ours-in-parts', 'apollo'] as const;

export const executors: Readonly<Record<(typeof executorNames)[number], RunOperation>> = {
  ours: runOurs,
  'ours-in-parts': runOursInParts,
  apollo: runWithApollo,
};

/** As a client of this gateway gets it, whoever executes. */
export function plain(answer: { data: unknown; errors: readonly GraphQLError[] }): Answer {
  return JSON.parse(JSON.stringify({ data: answer.data, errors: publicErrors(answer.errors, logger) }));
}
