// One operation's way through the gateway: what may its viewer see of it, run that, answer what was asked.
import { createHash } from 'node:crypto';
import { inTime } from '@supergraph/chassis/deadline';
import type { Documents, ReadDocument } from '@supergraph/chassis/documents';
import { deadlineExceeded } from '@supergraph/chassis/errors';
import { inSpan } from '@supergraph/chassis/tracing';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type DirectiveNode,
  GraphQLError,
  type GraphQLFormattedError,
  getVariableValues,
  OperationTypeNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Session } from './authentication/accessTokens.ts';
import {
  type AuthorizedOperation,
  decideOperation,
  type OperationAuthorization,
} from './authorization/authorizeOperation.ts';
import { mayLearnSchema } from './authorization/developers.ts';
import type { DenialReporter } from './authorization/reportDenials.ts';
import type { Cache } from './caching/cache.ts';
import type { OperationContext } from './context.ts';
import { type CostPlan, createCostPlan } from './cost/costPlan.ts';
import { type Answer, answerText, type CompiledOperation } from './execution/compileOperation.ts';
import { activeDefers, defersOf } from './execution/defers.ts';
import type { Delivery } from './execution/deliverParts.ts';
import type { Executor } from './execution/executor.ts';
import type { FetchingViewers } from './execution/fetchingViewers.ts';
import { createSharedRuns } from './execution/sharedRuns.ts';
import type { Supergraph } from './execution/supergraph.ts';
import { refuseCost } from './limits/costLimit.ts';
import { refuseNull } from './nullVariables.ts';
import type { FieldUsage, OperationUsage } from './observability/fieldUsage.ts';
import type { OperationObserver } from './observability/operationObserver.ts';
import { usedCoordinates } from './observability/usedCoordinates.ts';

/** An operation as a client sends it, by whatever transport. */
export interface GraphqlParameters {
  query: string;
  operationName?: string | null | undefined;
  variables?: Record<string, unknown> | null | undefined;
  extensions?: Record<string, unknown> | null | undefined;
}

/** A parsed and valid operation with everything that came along with it. */
interface Operation extends ReadDocument {
  context: OperationContext;
}

/** The part of an operation that its viewer may see. */
export interface Authorization extends AuthorizedOperation {
  /** Identifies the document that is left: for caches of plans, and for who may share what it brings. */
  key: string;
  /** Of the part that its viewer may see. */
  cost: CostPlan;
  /** Counts who asks for it. */
  usage: OperationUsage;
  /** The `@defer`s of `asked`. */
  defers: readonly DirectiveNode[];
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

export interface Operations {
  /**
   * @returns errors where the document is not valid or the variables don't fit the operation.
   * @throws PlatformError RATE_LIMITED where its caller has not enough left for what it may cost
   */
  prepare(
    parameters: GraphqlParameters,
    context: OperationContext,
  ): PreparedOperation | { errors: readonly GraphQLError[] };
  /** Looks at a prepared operation again for the same viewer, whose rights have changed. */
  reauthorize(prepared: PreparedOperation, session: Session): PreparedOperation;
  /**
   * Answers a prepared query or mutation with a result as JSON text, and tells sentinel of the fields that were denied.
   * After the deadline nothing more of it is asked of subgraphs, nor of a query when `gone` says that nobody waits; a
   * mutation is seen through.
   */
  execute(prepared: PreparedOperation, gone?: AbortSignal): Promise<string>;
  /**
   * The same for what is answered in parts (`prepared.compiled.isDeferred`), alone for each who asks: `tell` gets each
   * payload as JSON text, until the promise is settled.
   */
  executeInParts(prepared: PreparedOperation, options: DeliveryToClient): Promise<void>;
  /** Drops the decisions that are remembered. */
  forget(): void;
}

export interface DeliveryToClient {
  tell(payload: string): void;
  gone: AbortSignal;
}

/** What several requests may be answered with. */
interface Executed {
  answer: Answer;
  /** As JSON. */
  text: string;
  /** By what was returned; undefined where the operation was given up. */
  cost: number | undefined;
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
  /** Most that one operation may cost. */
  maximumCost: number;
}

/** Most decisions remembered, each for one operation and one set of permissions, and most memory for them. */
const mostDecisions = { max: 5_000, maxSize: 64 * 1_048_576 };

export function createOperations(options: OperationsOptions): Operations {
  const { supergraph, documents, executor, cache, denials, observer, usage } = options;
  const { deadlineMs, maximumCost } = options;
  const { schema, policy, costs: directives } = supergraph;
  const shared = createSharedRuns<Executed>(options.viewers);
  const authorizations = new LRUCache<string, Authorization | OperationAuthorization>(mostDecisions);
  // There is one Viewer per access token, so that most requests skip the sorting of its permissions.
  const signatures = new WeakMap<Viewer, string>();

  function signatureOf(viewer: Viewer): string {
    const known = signatures.get(viewer);
    if (known !== undefined) return known;
    // A short one: it is a part of every request's key.
    const signature = createHash('sha256').update(policy.signature(viewer)).digest('base64url').slice(0, 22);
    signatures.set(viewer, signature);
    return signature;
  }

  function authorize(request: Operation, variables: Record<string, unknown>): Authorization {
    const { hash, operation, context } = request;
    const { viewer } = context.session;
    const name = operation.name?.value ?? '';
    const cacheKey = `${hash} ${name} ${signatureOf(viewer)}`;
    const known = authorizations.get(cacheKey) ?? decide(request, cacheKey);
    if ('key' in known) return known;
    // The arguments have a say: the same document may be pruned in several ways.
    const outcome = known.outcomeOf({ viewer, variables });
    const outcomeKey = `${cacheKey} ${outcome}`;
    const decided = authorizations.get(outcomeKey);
    if (decided !== undefined && 'key' in decided) return decided;
    return remember(outcomeKey, { request, authorized: known.authorize(outcome) });
  }

  function decide(request: Operation, cacheKey: string): Authorization | OperationAuthorization {
    const { document, operation, bytes, context } = request;
    const { viewer } = context.session;
    return inSpan('authorize', {}, () => {
      const decided = decideOperation({ schema, policy, viewer, document, operation });
      if (decided.settled) return remember(cacheKey, { request, authorized: decided.settled });
      authorizations.set(cacheKey, decided, { size: bytes });
      return decided;
    });
  }

  function remember(
    cacheKey: string,
    { request, authorized }: { request: Operation; authorized: AuthorizedOperation },
  ): Authorization {
    const { hash, operation, bytes } = request;
    const operationName = operation.name?.value;
    const cost = createCostPlan({ schema, directives, document: authorized.document, operationName });
    const used = usedCoordinates(schema, { document: authorized.asked, operation });
    const known = {
      ...authorized,
      cost,
      usage: usage.of(used),
      defers: defersOf(authorized.asked, operationName),
      key: `${hash} ${operationName ?? ''} ${authorized.digest}`,
    };
    // A document that came through whole is shared with the cache of documents.
    authorizations.set(cacheKey, known, {
      size: (authorized.isWhole ? sharedBytes : bytes) + 8 * used.all.length,
    });
    return known;
  }

  /** A subgraph's own deadline is shorter; this one bounds a plan of many steps. */
  async function run(prepared: PreparedOperation, abandoned?: AbortSignal): Promise<Executed> {
    const { compiled, variables, request, authorized } = prepared;
    const abort = new AbortController();
    const leave = () => abort.abort();
    abandoned?.addEventListener('abort', leave, { once: true });
    const context = { ...request.context, signal: abort.signal };
    const fetchMs: (number | undefined)[] = [];
    const otherwise = () => {
      leave();
      return givenUp(tooLate(), fetchMs);
    };
    try {
      const work = inSpan('execute', {}, (span) => {
        if (span.isRecording()) span.setAttributes(attributesOf(request));
        return compiled.execute({ variables, context, fetchMs });
      });
      const answer = await inTime(work, { deadlineMs, otherwise });
      const { fetched } = answer;
      const cost = fetched && authorized.cost.returned(fetched, variables);
      return { answer, text: answerText(answer), cost };
    } finally {
      abandoned?.removeEventListener('abort', leave);
    }
  }

  function tooLate(): GraphQLFormattedError {
    return deadlineExceeded(`The operation took longer than ${deadlineMs} ms and was given up.`).toJSON();
  }

  async function deliver(
    prepared: PreparedOperation,
    { tell, gone }: DeliveryToClient,
  ): Promise<Omit<Executed, 'text'>> {
    const { compiled, variables, request, authorized } = prepared;
    const { viewer } = request.context.session;
    const isMutation = request.operation.operation === OperationTypeNode.MUTATION;
    const abort = new AbortController();
    const leave = () => abort.abort();
    // A mutation is seen through.
    if (!isMutation) gone.addEventListener('abort', leave, { once: true });
    if (!isMutation && gone.aborted) leave();
    const fetchMs: (number | undefined)[] = [];
    let delivery: Delivery | undefined;
    const otherwise = () => {
      leave();
      const error = tooLate();
      return delivery?.giveUp(error) ?? givenUp(error, fetchMs);
    };
    try {
      const work = inSpan('execute', {}, (span) => {
        if (span.isRecording()) span.setAttributes(attributesOf(request));
        delivery = compiled.executeInParts({
          ...{ variables, context: { ...request.context, signal: abort.signal }, fetchMs, tell },
          ...(isMutation ? { beforeTold: () => cache.noteChangeBy(viewer) } : {}),
        });
        return delivery.done;
      });
      const answer = await inTime(work, { deadlineMs, otherwise });
      const { fetched } = answer;
      return { answer, cost: fetched && authorized.cost.returned(fetched, variables) };
    } finally {
      gone.removeEventListener('abort', leave);
    }
  }

  /** A mutation is seen through by itself; equal queries of a viewer under way are one. */
  function execute(prepared: PreparedOperation, gone: AbortSignal | undefined): Promise<Executed> {
    const { request, authorized, variables } = prepared;
    const { session, ipAddress } = request.context;
    if (request.operation.operation !== OperationTypeNode.QUERY) return run(prepared);
    return shared.join({
      ...{ key: authorized.key, variables, viewer: session.viewer, ipAddress, gone },
      begin: (abandoned) => run(prepared, abandoned),
    });
  }

  function prepare(parameters: GraphqlParameters, context: OperationContext, startedAt: number) {
    const { timings } = context;
    const { query, operationName, variables: given } = parameters;
    const mayLearn = mayLearnSchema(context.session.viewer);
    const read = documents.read({ query, operationName, mayLearnSchema: mayLearn });
    timings?.end('parse');
    if ('errors' in read) return read;
    const request = { ...read, context };
    const definitions = request.operation.variableDefinitions ?? [];
    const variables = getVariableValues(schema, definitions, given ?? {}, { maxErrors: 20 });
    if (variables.errors) return { errors: variables.errors.map((error) => badVariable(error, mayLearn)) };
    const unsettled = refuseNull(request.document, variables.coerced);
    if (unsettled) return { errors: [unsettled] };
    const prepared = permit(request, variables.coerced);
    const { cost } = prepared.authorized;
    const refused = cost.refusePages(variables.coerced) ?? refuseCost(prepared.estimatedCost, maximumCost);
    if (refused) return { errors: [refused] };
    context.admission?.charge(prepared.estimatedCost);
    timings?.end('authorize');
    const compiled = compile(prepared);
    timings?.end('plan');
    return { ...prepared, compiled, startedAt };
  }

  /** All but what costs most, the plan. */
  function permit(request: Operation, variables: Record<string, unknown>) {
    const authorized = authorize(request, variables);
    const estimatedCost = authorized.cost.estimate(variables);
    return { by: self, request, authorized, variables, estimatedCost };
  }

  function compile({ request, authorized, variables }: ReturnType<typeof permit>): CompiledOperation {
    const { operation, bytes, context } = request;
    const operationName = operation.name?.value;
    const { key } = authorized;
    if (authorized.defers.length === 0) return executor.prepare({ key, authorized, bytes, operationName });
    const isInParts = context.takesParts && operation.operation !== OperationTypeNode.SUBSCRIPTION;
    const defers = activeDefers(isInParts ? authorized.defers : [], variables);
    const deferred = defers.size === 0 ? '' : ` deferring ${[...defers.values()].join(',')}`;
    return executor.prepare({ key: key + deferred, authorized, bytes, operationName, defers });
  }

  /** What has been done is accounted for. */
  function settle(prepared: PreparedOperation, { answer, cost }: Omit<Executed, 'text'>, gone?: AbortSignal) {
    const { context, operation } = prepared.request;
    // What was given up had its price: else expensive operations were free for whoever leaves early.
    if (cost !== undefined && !gone?.aborted) context.admission?.settle(cost);
    observer.answered(prepared, answer);
    const operationName = operation.name?.value ?? null;
    const { denied } = answer;
    if (denied.size > 0) denials.report({ context, operationName, coordinates: denied });
  }

  const self: Operations = {
    forget: () => authorizations.clear(),

    prepare(parameters, context) {
      const startedAt = performance.now();
      const prepared = prepare(parameters, context, startedAt);
      if ('errors' in prepared) observer.refused(startedAt);
      return prepared;
    },

    reauthorize({ request, variables, startedAt }, session) {
      const prepared = permit({ ...request, context: { ...request.context, session } }, variables);
      return { ...prepared, compiled: compile(prepared), startedAt };
    },

    async executeInParts(prepared, options) {
      settle(prepared, await deliver(prepared, options), options.gone);
    },

    async execute(prepared, gone) {
      const { context, operation } = prepared.request;
      const executed = await execute(prepared, gone);
      // Before they know that it is done, so that what they ask for next is not what it was before.
      if (operation.operation === OperationTypeNode.MUTATION)
        await cache.noteChangeBy(context.session.viewer);
      settle(prepared, executed, gone);
      const { answer, text, cost } = executed;
      if (!context.wantsCost) return text;
      return answerText(answer, { cost: { estimated: prepared.estimatedCost, actual: cost ?? 0 } });
    },
  };
  return self;
}

function givenUp(error: GraphQLFormattedError, fetchMs: Answer['fetchMs']): Answer {
  return { data: 'null', errors: [error], denied: new Set(), fetchMs };
}

/** A remembered decision without a document of its own, with the costs that were worked out of it. */
const sharedBytes = 4_096;

/** By OpenTelemetry's semantic conventions. */
function attributesOf({ operation, hash }: Operation): Record<string, string> {
  const name = operation.name?.value;
  return {
    'graphql.operation.type': operation.operation,
    ...(name === undefined ? {} : { 'graphql.operation.name': name }),
    'graphql.document.hash': hash,
  };
}

function badVariable({ message, nodes }: GraphQLError, mayLearnSchema: boolean): GraphQLError {
  // graphql-js suggests names of the schema here without being asked.
  const told = mayLearnSchema ? message : message.replace(/ Did you mean .*/s, '');
  return new GraphQLError(told, { nodes, extensions: { code: 'BAD_USER_INPUT' } });
}
