// One operation's way through the gateway: what may its viewer see of it, run that, answer what was asked.
import type { Documents, ReadDocument } from '@supergraph/chassis/documents';
import { PlatformError } from '@supergraph/chassis/errors';
import { GraphQLError, getVariableValues, OperationTypeNode } from 'graphql';
import type { Session } from './authentication/accessTokens.ts';
import { mayLearnSchema } from './authorization/developers.ts';
import type { DenialReporter } from './authorization/reportDenials.ts';
import {
  type Authorization,
  createAuthorizations,
  type OperationSource,
  type OperationUse,
} from './authorizations.ts';
import type { Cache } from './caching/cache.ts';
import type { OperationContext } from './context.ts';
import { answerText, type CompiledOperation } from './execution/compileOperation.ts';
import { activeDefers } from './execution/defers.ts';
import type { Executor } from './execution/executor.ts';
import type { FetchingViewers } from './execution/fetchingViewers.ts';
import { type Draw, draw, type OverrideRules } from './execution/overrideRules.ts';
import type { Cancellation } from './execution/resilience/cancellation.ts';
import type { Supergraph } from './execution/supergraph.ts';
import { refuseCost } from './limits/costLimit.ts';
import type { Payer, Planning } from './limits/planning.ts';
import { refuseNull } from './nullVariables.ts';
import type { FieldUsage } from './observability/fieldUsage.ts';
import type { OperationObserver } from './observability/operationObserver.ts';
import { costExtension, createRuns, type DeliveryToClient, type Executed } from './runs.ts';

/** An operation as a client sends it, by whatever transport. */
export interface GraphqlParameters {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
  /**
   * Whether its document is one that was registered and is valid, as far as is known: making that ready is nobody's to
   * pay for. What is not valid is read anew each time.
   */
  isRegistered?: boolean;
  /** To be called when its document has turned out to be valid. */
  onValid?(): void;
}

/** A parsed and valid operation with everything that came along with it. */
interface Operation extends ReadDocument {
  context: OperationContext;
  /** Decides once and for all where fields are fetched that move from one subgraph to another. */
  draw: Draw;
  /** Whether making it ready is nobody's to pay for. */
  isFree: boolean;
}

/** An operation whose viewer, variables and permissions have been looked at. */
export interface PreparedOperation {
  /** Who prepared it, and answers it though another supergraph may be served by then. */
  by: Operations;
  request: Operation;
  authorized: Authorization;
  /** Coerced, with defaults. */
  variables: Record<string, unknown>;
  compiled: CompiledOperation;
  /** The most that it costs, by the weights of the schema. What was returned: `authorized.cost.returned(…)`. */
  estimatedCost: number;
  /** When its preparation began, of `performance.now()`. */
  startedAt: number;
}

/** For whoever serves clients. */
export interface Operations {
  /**
   * @returns errors where the document is not valid or the variables don't fit the operation.
   * @throws PlatformError RATE_LIMITED where its caller has not enough left for what it may cost, or for making it ready
   */
  prepare(
    parameters: GraphqlParameters,
    context: OperationContext,
  ): PreparedOperation | { errors: readonly GraphQLError[] };
  /**
   * Looks at a prepared operation again for the same viewer, whose rights have changed.
   * @throws PlatformError RATE_LIMITED where they have not enough left for making it ready (`planningWaitMs`)
   */
  reauthorize(prepared: PreparedOperation, session: Session): PreparedOperation;
  /**
   * Answers a prepared query or mutation with a result as JSON text, and tells sentinel of the fields that were denied.
   * After the deadline nothing more of it is asked of subgraphs, nor of a query when `gone` says that nobody waits; a
   * mutation is seen through.
   */
  execute(prepared: PreparedOperation, gone?: Cancellation): Promise<string>;
  /**
   * The same for what is answered in parts (`prepared.compiled.isDeferred`), alone for each who asks: `tell` gets each
   * payload as JSON text, until the promise is settled.
   */
  executeInParts(prepared: PreparedOperation, options: DeliveryToClient): Promise<void>;
}

/** Of one supergraph. */
export interface OwnOperations extends Operations {
  /** The operations that clients prepared most often, the most used first. */
  mostUsed(most: number): OperationUse[];
  /**
   * Prepares what is about to be asked for, for nobody, and as most are to get it: one plan, though there be several for
   * the labels of `@override` that hold. @returns undefined where it is not valid
   */
  makeReady(source: OperationSource): OperationUse | undefined;
  /** Drops the decisions that are remembered. */
  forget(): void;
}

interface PermittedOperation {
  request: ReadDocument;
  authorized: Authorization;
  variables: Readonly<Record<string, unknown>>;
}

export interface OperationsOptions {
  viewers: Pick<FetchingViewers, 'of'>;
  supergraph: Supergraph;
  documents: Documents;
  executor: Executor;
  cache: Pick<Cache, 'noteChangeBy'>;
  denials: DenialReporter;
  observer: OperationObserver;
  usage: Pick<FieldUsage, 'of'>;
  /** Most time for one query or mutation. */
  deadlineMs: number;
  planning: Planning;
  /** Most that one operation may cost. */
  maximumCost: number;
  overrideRules: OverrideRules;
}

export function createOperations(options: OperationsOptions): OwnOperations {
  const { supergraph, documents, executor, cache, denials, observer, planning } = options;
  const { maximumCost } = options;
  const { schema } = supergraph;
  const authorizations = createAuthorizations(options);
  const runs = createRuns(options);

  function prepare(parameters: GraphqlParameters, context: OperationContext, startedAt: number) {
    const { timings } = context;
    const { query, operationName, variables: given } = parameters;
    const mayLearn = mayLearnSchema(context.session.viewer);
    const payer = parameters.isRegistered ? undefined : context;
    const source = { query, operationName, mayLearnSchema: mayLearn };
    const read = documents.recall(source) ?? planning.spend(payer, () => documents.read(source));
    timings?.end('parse');
    if ('errors' in read) return read;
    parameters.onValid?.();
    const request = { ...read, context, draw: draw(), isFree: payer === undefined };
    const definitions = request.operation.variableDefinitions ?? [];
    const variables = getVariableValues(schema, definitions, given ?? {}, { maxErrors: 20 });
    if (variables.errors) return { errors: variables.errors.map((error) => badVariable(error, mayLearn)) };
    const unsettled = refuseNull(request.document, variables.coerced);
    if (unsettled) return { errors: [unsettled] };
    const prepared = permit(request, variables.coerced, payer);
    const { cost } = prepared.authorized;
    const refused = cost.refusePages(variables.coerced) ?? refuseCost(prepared.estimatedCost, maximumCost);
    if (refused) return { errors: [refused] };
    context.admission?.charge(prepared.estimatedCost);
    timings?.end('authorize');
    const compiled = compileOrRefuse(prepared, payer);
    timings?.end('plan');
    if ('errors' in compiled) return compiled;
    prepared.authorized.use.times += 1;
    return { ...prepared, compiled, startedAt };
  }

  /** All but what costs most, the plan. */
  function permit(request: Operation, variables: Record<string, unknown>, payer?: Payer) {
    const { viewer } = request.context.session;
    const authorized = authorizations.of(request, { viewer, variables, draw: request.draw }, payer);
    const estimatedCost = authorized.cost.estimate(variables);
    return { by: self, request, authorized, variables, estimatedCost };
  }

  function compile(
    { request, authorized, variables }: PermittedOperation,
    { takesParts = false, payer }: { takesParts: boolean | undefined; payer?: Payer | undefined },
  ): CompiledOperation {
    const { operation, bytes } = request;
    const operationName = operation.name?.value;
    const { overridden } = authorized;
    const hasDefers = authorized.defers.length > 0;
    const isInParts = takesParts && operation.operation !== OperationTypeNode.SUBSCRIPTION;
    const defers = hasDefers ? activeDefers(isInParts ? authorized.defers : [], variables) : undefined;
    const deferred = defers && defers.size > 0 ? ` deferring ${[...defers.values()].join(',')}` : '';
    const key = authorized.key + deferred;
    const known = executor.recall(key);
    if (known) return known;
    const toPrepare = { key, authorized, bytes, operationName, overridden, defers };
    return planning.spend(payer, () => executor.prepare(toPrepare));
  }

  function compileOrRefuse(permitted: ReturnType<typeof permit>, payer: Payer | undefined) {
    const { context } = permitted.request;
    try {
      return compile(permitted, { takesParts: context.takesParts, payer });
    } catch (error) {
      // It will not run.
      context.admission?.settle(0);
      const isTooInvolved = error instanceof PlatformError && error.code === 'COST_LIMIT_EXCEEDED';
      if (isTooInvolved) return { errors: [error] };
      throw error;
    }
  }

  /** What has been done is accounted for. */
  function settle(prepared: PreparedOperation, { answer, cost }: Executed, gone?: Cancellation) {
    const { context, operation } = prepared.request;
    // What was given up had its price: else expensive operations were free for whoever leaves early.
    if (cost !== undefined && !gone?.isCancelled) context.admission?.settle(cost);
    observer.answered(prepared, answer);
    const operationName = operation.name?.value ?? null;
    const { denied } = answer;
    if (denied.size > 0) denials.report({ context, operationName, coordinates: denied });
  }

  const self: OwnOperations = {
    mostUsed: (most) => authorizations.mostUsed(most),

    makeReady({ query, operationName, ...asking }) {
      const request = documents.read({ query, operationName, mayLearnSchema: false });
      if ('errors' in request) return undefined;
      const authorized = authorizations.of(request, asking);
      // Who defers takes parts.
      compile({ request, authorized, variables: asking.variables }, { takesParts: true });
      return authorized.use;
    },

    forget: () => authorizations.forget(),

    prepare(parameters, context) {
      const startedAt = performance.now();
      const prepared = prepare(parameters, context, startedAt);
      if ('errors' in prepared) observer.refused(startedAt);
      return prepared;
    },

    reauthorize({ request, variables, startedAt }, session) {
      const context = { ...request.context, session };
      // Whoever shows tokens of other rights in turn could hold everybody up for free.
      const payer = request.isFree ? undefined : context;
      const prepared = permit({ ...request, context }, variables, payer);
      const compiled = compile(prepared, { takesParts: context.takesParts, payer });
      return { ...prepared, compiled, startedAt };
    },

    async execute(prepared, gone) {
      const { context, operation } = prepared.request;
      const executed = await runs.whole(prepared, gone);
      // Before they know that it is done, so that what they ask for next is not what it was before.
      if (operation.operation === OperationTypeNode.MUTATION)
        await cache.noteChangeBy(context.session.viewer);
      settle(prepared, executed, gone);
      const { answer, text, cost } = executed;
      return context.wantsCost ? answerText(answer, costExtension(prepared, cost)) : text;
    },

    async executeInParts(prepared, delivery) {
      settle(prepared, await runs.inParts(prepared, delivery), delivery.gone);
    },
  };
  return self;
}

function badVariable({ message, nodes }: GraphQLError, mayLearnSchema: boolean): GraphQLError {
  // graphql-js suggests names of the schema here without being asked.
  const told = mayLearnSchema ? message : message.replace(/ Did you mean .*/s, '');
  return new GraphQLError(told, { nodes, extensions: { code: 'BAD_USER_INPUT' } });
}
