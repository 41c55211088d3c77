// One operation's way through the gateway: what may its viewer see of it, run that, answer what was asked.
import { createHash } from 'node:crypto';
import type { Logger } from '@supergraph/chassis/logging';
import { inSpan } from '@supergraph/chassis/tracing';
import {
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLError,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type AuthorizedOperation, authorizeOperation } from './authorization/authorizeOperation.ts';
import { maskResult } from './authorization/maskResult.ts';
import type { DenialReporter } from './authorization/reportDenials.ts';
import type { OperationContext } from './context.ts';
import type { Executor, PlannedOperation } from './execution/executeOperation.ts';
import type { Supergraph } from './execution/supergraph.ts';

/** A parsed and valid operation with everything that came along with it. */
export interface Operation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** SHA-256 of the document's text. */
  hash: string;
  variables: Record<string, unknown> | undefined;
  context: OperationContext;
}

/** An operation whose viewer, variables and permissions have been looked at. */
export interface PreparedOperation {
  request: Operation;
  authorized: AuthorizedOperation;
  /** Coerced, with defaults. */
  variables: Record<string, unknown>;
  /** Null when the viewer may see nothing of it, so that there is nothing to run. */
  planned: PlannedOperation | null;
}

export interface Operations {
  /** @returns errors where the variables don't fit the operation. */
  prepare(request: Operation): PreparedOperation | { errors: readonly GraphQLError[] };
  /** Answers a query or mutation. */
  execute(request: Operation): Promise<ExecutionResult>;
  /** Turns the result of the permitted part into the answer to what was asked. */
  answer(prepared: PreparedOperation, result: ExecutionResult): ExecutionResult;
}

export interface OperationsOptions {
  supergraph: Supergraph;
  executor: Executor;
  denials: DenialReporter;
  logger: Logger;
  /** Most decisions remembered, each for one operation and one set of permissions. Default 5,000. */
  cacheSize?: number;
}

interface Authorization extends AuthorizedOperation {
  /** Identifies the document that is left, for caches of plans. */
  key: string;
}

export function createOperations(options: OperationsOptions): Operations {
  const { supergraph, executor, denials, cacheSize = 5_000 } = options;
  const { schema, policy } = supergraph;
  const authorizations = new LRUCache<string, Authorization>({ max: cacheSize });

  function authorize({ document, operation, hash, context }: Operation): Authorization {
    const { viewer } = context.session;
    const name = operation.name?.value ?? '';
    const cacheKey = `${hash} ${name} ${policy.signature(viewer)}`;
    const known = authorizations.get(cacheKey);
    if (known) return known;
    const authorized = inSpan('authorize', {}, () => {
      const result = authorizeOperation({ schema, policy, viewer, document, operation });
      return { ...result, key: `${hash} ${name} ${digest([...result.denials.keys()])}` };
    });
    authorizations.set(cacheKey, authorized);
    return authorized;
  }

  function prepare(request: Operation): ReturnType<Operations['prepare']> {
    const definitions = request.operation.variableDefinitions ?? [];
    const variables = getVariableValues(schema, definitions, request.variables ?? {}, { maxErrors: 20 });
    if (variables.errors) return { errors: variables.errors };
    const authorized = authorize(request);
    const { document, key } = authorized;
    const operationName = request.operation.name?.value;
    const planned = document && executor.plan({ key, document, operationName });
    return { request, authorized, variables: variables.coerced, planned };
  }

  function answer(prepared: PreparedOperation, result: ExecutionResult): ExecutionResult {
    const { request, authorized, variables } = prepared;
    if (authorized.denials.size === 0) return result;
    const { document, operation, context } = request;
    const masked = maskResult({
      schema,
      operation,
      fragments: fragmentsOf(document),
      variables,
      denials: authorized.denials,
      typenameKey: authorized.typenameKey,
      data: result.data ?? null,
    });
    if (masked.coordinates.size > 0) {
      const operationName = operation.name?.value ?? null;
      denials.report({ context, operationName, coordinates: masked.coordinates });
    }
    const errors = [...(result.errors ?? []), ...masked.errors];
    return { data: masked.data, ...(errors.length > 0 ? { errors } : {}) };
  }

  return {
    prepare,
    answer,
    async execute(request) {
      const prepared = prepare(request);
      if ('errors' in prepared) return prepared;
      const { planned, variables } = prepared;
      const { context } = request;
      const result = planned ? await executor.execute({ planned, variables, context }) : { data: {} };
      return answer(prepared, result);
    },
  };
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

function digest(coordinates: string[]): string {
  if (coordinates.length === 0) return '';
  return createHash('sha256').update(coordinates.sort().join(' ')).digest('base64');
}
