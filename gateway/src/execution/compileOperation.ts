// An operation made ready to run: its plan and the form of its answer as functions, prepared once for all requests that
// send it with equal rights.
import type { PlanNode, QueryPlan } from '@apollo/query-planner';
import type { Logger } from '@supergraph/chassis/logging';
import { maskErrors } from '@supergraph/chassis/masking';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLError,
  type GraphQLFormattedError,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import { errorsText } from '../authorization/denialErrors.ts';
import type { OperationContext } from '../context.ts';
import { fragmentsIn } from '../fragments.ts';
import { operationAlone } from '../operationAlone.ts';
import { compilePlan } from './compilePlan.ts';
import { deferredBlocks } from './deferPlan.ts';
import { Deferral } from './deferral.ts';
import type { ActiveDefers } from './defers.ts';
import { type Delivery, deliverParts, type InputInParts } from './deliverParts.ts';
import type { FetchTools } from './fetchBody.ts';
import { answerIntrospection } from './introspection.ts';
import type { JsonObject } from './mergeData.ts';
import { fetchesOf, placedFetches } from './planFetches.ts';
import { placeName } from './responsePaths.ts';
import { compileRootAnswer } from './rootFetch.ts';
import type { Run } from './run.ts';
import { compileShape, type Shape, type ShapedAnswer } from './shapeAnswer.ts';
import { placeKey } from './shapeProgress.ts';
import { readSubgraphAnswer } from './subgraphAnswer.ts';
import type { Supergraph } from './supergraph.ts';

/** The answer to an operation; `answerText` writes it as clients read it. */
export interface Answer {
  /** JSON: an object or null. */
  data: string;
  /** As clients may see them. */
  errors: readonly GraphQLFormattedError[];
  /** `Type.field` of what the answer would hold and the viewer may not see. */
  denied: ReadonlySet<string>;
  /** What subgraphs brought for it, in the form of the operation; absent where it was given up. */
  fetched?: JsonObject;
  /** Milliseconds of each fetch that has run, by its place in the plan (fetchesOf). */
  fetchMs: readonly (number | undefined)[];
}

export interface OperationInput {
  /** Coerced, with defaults. */
  variables: Readonly<Record<string, unknown>>;
  context: OperationContext;
  /** Filled while it runs, for whoever may not see its end: see `Answer.fetchMs`. */
  fetchMs?: (number | undefined)[];
}

export interface CompiledOperation {
  /** Undefined where the viewer may see nothing of the operation, so that no subgraph is asked. */
  readonly plan: QueryPlan | undefined;
  /** Whether it is answered in parts (`executeInParts`), and not as a whole. */
  readonly isDeferred: boolean;
  /** Answers a query or a mutation. A subgraph that is down costs its fields, never the whole answer. */
  execute(input: OperationInput): Promise<Answer>;
  /** The same in parts, as its `@defer`s have it. */
  executeInParts(input: InputInParts): Delivery;
  /** Joins what one event of a subscription brought with fields of other subgraphs. */
  completeEvent(event: unknown, input: OperationInput): Promise<Answer>;
  /** The answer where nothing was fetched: what is denied, with an error for each. */
  withoutData(input: OperationInput): Answer;
  /** The subscription to open at a subgraph. @throws for another operation */
  readonly subscription: {
    subgraph: string;
    query: string;
    operationName: string | undefined;
    variableNames: readonly string[];
  };
}

export interface OperationToCompile {
  authorized: AuthorizedOperation;
  operationName: string | undefined;
  /** Of the permitted part. */
  plan: QueryPlan | undefined;
  /** Those in `authorized.asked` by which it is answered in parts: the plan was made with them. */
  defers: ActiveDefers;
}

export interface CompileTools extends FetchTools {
  supergraph: Supergraph;
  logger: Logger;
}

/** What follows a change or tells of one is asked for anew. */
function withoutCache({ cache: _, ...tools }: CompileTools): CompileTools {
  return tools;
}

/** Forms of one operation that are kept, one for each way in which its `@skip` and `@include` fall out. */
const maximumForms = 16;

export function compileOperation(
  { authorized, operationName, plan, defers }: OperationToCompile,
  tools: CompileTools,
): CompiledOperation {
  const document = authorized.asked;
  const operation = operationOf(document, operationName);
  const { supergraph, logger } = tools;
  const { schema, policy } = supergraph;
  const node = plan?.node;
  const primary = node?.kind === 'Subscription' ? node.primary : undefined;
  const rest = node?.kind === 'Subscription' ? node.rest : node;
  const mayKeep = operation.operation === OperationTypeNode.QUERY;
  const planTools = {
    ...(mayKeep ? tools : withoutCache(tools)),
    fetches: plan ? fetchesOf(plan) : [],
    areOfEvents: operation.operation === OperationTypeNode.SUBSCRIPTION,
  };
  const run = rest && compilePlan(rest, planTools);
  const receiveEvent = primary && compileRootAnswer(primary, tools, []);
  const conditionNames = namesInConditions(document, operation);
  const isDeferred = defers.size > 0;
  const blocks = isDeferred && plan ? deferredBlocks(plan) : new Map<number, number>();
  const forms = new LRUCache<string, Shape>({ max: maximumForms });
  const introspect = (fields: readonly FieldNode[], variables: OperationInput['variables']) =>
    answerIntrospection({ schema, document, operation, fields, variables });

  function shapeFor(variables: Readonly<Record<string, unknown>>): Shape {
    let key = '';
    for (const name of conditionNames) key += variables[name] === true ? '1' : '0';
    let shape = forms.get(key);
    if (shape === undefined) {
      shape = compileShape({
        ...{ schema, policy, operation, introspect, defers },
        fragments: fragmentsIn(document),
        conditions: Object.fromEntries(conditionNames.map((name) => [name, variables[name]])),
        authorized,
        // What is written once for many places would have its parts at one of them.
        entityPaths: isDeferred ? new Set() : entityPaths(rest),
      });
      forms.set(key, shape);
    }
    return shape;
  }

  function finish({ data, errors, shared, variables, context, fetchMs }: Run): Answer {
    const { viewer } = context.session;
    const shaped = shapeFor(variables)({ data, variables, shared, viewer });
    const { denied } = shaped;
    return { data: shaped.data, errors: errorsOf(shaped, errors), denied, fetched: data, fetchMs };
  }

  function errorsOf(
    { denials, disowned, violations }: ShapedAnswer,
    errors: readonly GraphQLFormattedError[],
  ): readonly GraphQLFormattedError[] {
    // A null that a subgraph explained needs no second explanation.
    const told = errors.length > 0 ? errors : violations;
    if (told.length === 0) return denials;
    const others = publicErrors(told, logger).filter((error) => !isSaidOf(error, disowned));
    return [...others, ...denials];
  }

  function begin({ variables, context, fetchMs = [] }: OperationInput): Run {
    return {
      ...{ variables, context, data: {}, errors: [], fetchMs },
      ...{ shared: new Set(), groups: new Map(), loaded: new Map() },
    };
  }

  return {
    plan,
    isDeferred,
    executeInParts({ tell, beforeTold, extensions, ...input }) {
      const deferral = new Deferral(blocks);
      const progress = { ...begin(input), deferral };
      return deliverParts({
        ...{ run: progress, deferral, step: run, shape: shapeFor(input.variables), errorsOf, tell },
        ...(beforeTold ? { beforeTold } : {}),
        ...(extensions ? { extensions } : {}),
      });
    },
    async execute(input) {
      const progress = begin(input);
      await run?.(progress);
      return finish(progress);
    },
    async completeEvent(event, input) {
      const progress = begin(input);
      receiveEvent?.(progress, readSubgraphAnswer(event));
      await run?.(progress);
      return finish(progress);
    },
    withoutData: (input) => finish(begin(input)),
    get subscription() {
      if (primary === undefined) throw new Error('The plan of a subscription does not begin with one.');
      const { serviceName, operation: query, operationName, variableUsages = [] } = primary;
      return { subgraph: serviceName, query, operationName, variableNames: variableUsages };
    },
  };
}

/** An answer as clients read it: GraphQL's response format as JSON. */
export function answerText({ data, errors }: Answer, extensions?: Readonly<Record<string, unknown>>): string {
  const before = errors.length > 0 ? `"errors":${errorsText(errors)},` : '';
  const after = extensions === undefined ? '' : `,"extensions":${JSON.stringify(extensions)}`;
  return `{${before}"data":${data}${after}}`;
}

/** What clients learn of an operation's errors: which subgraph they came from is an inner matter. */
export function publicErrors(
  errors: readonly GraphQLFormattedError[],
  logger: Logger,
): GraphQLFormattedError[] {
  return maskErrors(errors.map(asError), logger).map(
    ({ extensions: { serviceName: _, ...extensions } = {}, ...error }) => ({
      ...error,
      extensions,
    }),
  );
}

/** Whether a subgraph denied what the gateway denies as well: once is enough. */
function isSaidOf({ path, extensions }: GraphQLFormattedError, places: ReadonlySet<string>): boolean {
  return (
    places.size > 0 && extensions?.code === 'FORBIDDEN' && path !== undefined && places.has(placeKey(path))
  );
}

/** Of subgraphs' errors, which are about another document, nothing else is passed on. */
function asError(error: GraphQLFormattedError): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const { message, path, extensions } = error;
  return new GraphQLError(message, { path, extensions });
}

function operationOf(document: DocumentNode, name: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error('An operation that was authorized is not in its document.');
  return operation;
}

function namesInConditions(document: DocumentNode, operation: OperationDefinitionNode): string[] {
  const names = new Set<string>();
  visit(operationAlone(document, operation.name?.value), {
    Directive({ name, arguments: given = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/** Where the plan puts entities in. */
function entityPaths(node: PlanNode | undefined): Set<string> {
  const fetches = node ? placedFetches(node) : [];
  return new Set(fetches.flatMap(({ fetch, path }) => (fetch.requires ? placeName(path) : [])));
}
