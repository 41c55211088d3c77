// GraphQL over WebSocket (graphql-transport-ws). Each operation brings its own passport in
// `extensions.passport`, since the gateway carries many viewers' operations over one connection. A passport
// opens a subscription; how long the viewer may keep it is for the gateway to say, which knows the access token.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { maximumOperationBytes } from './body.ts';
import { conflationKey } from './conflation.ts';
import { Abort, asViewer, requestFacts } from './context.ts';
import { answerInTime, within } from './deadline.ts';
import { createDocuments } from './documents.ts';
import type { MakeContext } from './graphql.ts';
import { noIntrospection } from './introspection.ts';
import type { LiveBookmark } from './live-bookmark.ts';
import { bookmarkFor, liveExtension } from './live-extension.ts';
import { maskError, maskErrors } from './masking.ts';
import type { Metrics } from './metrics.ts';
import type { PassportVerifier } from './passport.ts';
import { attachSocket } from './socket.ts';
import { openSubscription } from './subscription-stream.ts';
import type { Tracing } from './tracing.ts';
import type { Viewer } from './viewer.ts';

export interface SubscriptionServerOptions {
  schema: GraphQLSchema;
  verifyPassport: PassportVerifier;
  makeContext: MakeContext;
  logger: Logger;
  metrics: Metrics;
  tracing: Tracing;
  /** Most time for one query or mutation. */
  deadlineMs: number;
  /** How often a connection is pinged; no answer until the next ping ends it. Default 12,000. */
  keepAliveMs?: number;
  /** Most operations on one connection. Default 20,000. */
  maximumOperations?: number;
}

/** Planned, a document may have more of them than the client's, of which the gateway takes 5,000. */
const maximumTokens = 10_000;

export interface SubscriptionServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells clients to reconnect elsewhere (1012) and cuts off those that have not closed after `graceMs`. */
  stop(options: { graceMs: number }): Promise<void>;
}

interface Extra {
  request: IncomingMessage;
  /** Operations that are open on this connection. */
  open: number;
}

/** What `onSubscribe` found out about an operation and what runs it needs. */
interface Operation extends ExecutionArgs {
  viewer: Viewer;
  extra: Extra;
  type: OperationTypeNode;
  /** Its name in metrics and traces. */
  label: string;
  traceparent: unknown;
  operation: OperationDefinitionNode;
  bookmark: LiveBookmark | undefined;
}

export function createSubscriptionServer(options: SubscriptionServerOptions): SubscriptionServer {
  const { schema, verifyPassport, makeContext, logger, metrics, tracing, deadlineMs } = options;
  const { keepAliveMs = 12_000, maximumOperations = 20_000 } = options;
  const documents = createDocuments({ schema, firstRules: [noIntrospection], maximumTokens });
  const sockets = new WebSocketServer({
    noServer: true,
    // What is too large here closes the gateway's link for everybody.
    maxPayload: maximumOperationBytes,
    handleProtocols,
    clientTracking: true,
  });
  const mask = (error: unknown) => asGraphqlError(maskError(error, logger));
  const maskAll = (errors: readonly unknown[]) => maskErrors(errors, logger).map(asGraphqlError);

  async function prepare(
    extra: Extra,
    payload: SubscribePayload,
  ): Promise<Operation | readonly GraphQLError[]> {
    try {
      const viewer = await verifyPassport(payload.extensions?.passport);
      const { query, operationName } = payload;
      const read = documents.read({ query, operationName, mayLearnSchema: false });
      if ('errors' in read) return read.errors;
      return {
        schema,
        document: read.document,
        operationName,
        variableValues: payload.variables,
        viewer,
        extra,
        type: read.operation.operation,
        label: metrics.operationLabel(read.operation.name?.value),
        traceparent: payload.extensions?.traceparent,
        operation: read.operation,
        bookmark: bookmarkFor(payload.extensions?.[liveExtension]),
      };
    } catch (error) {
      return [mask(error)];
    }
  }

  function run(operation: Operation) {
    const { viewer, extra, traceparent, label, bookmark } = operation;
    const abort = new Abort();
    const request = requestFacts(extra.request);
    const context = () => makeContext({ viewer, request, abort, ...(bookmark ? { bookmark } : {}) });
    const inScope = <T>(work: () => Promise<T>) => asViewer({ viewer, abort }, work);
    const measured = <T>(work: () => Promise<T>) =>
      tracing.serve({ name: `graphql ${label}`, carrier: { traceparent } }, work);
    const args = { ...operation, contextValue: context() };
    if (operation.type !== OperationTypeNode.SUBSCRIPTION) {
      const execution = inScope(() =>
        measured(async () => {
          const result = await execute(args);
          return result.errors === undefined ? result : { ...result, errors: maskAll(result.errors) };
        }),
      );
      return answerInTime(execution, { deadlineMs, abort })
        .catch((error: unknown) => ({ errors: [mask(error)] }))
        .finally(() => {
          extra.open--;
        });
    }
    metrics.subscriptions.inc({ operation: label });
    return openSubscription({
      args,
      makeContext: context,
      inScope,
      measured,
      mask,
      maskAll,
      bookmark,
      keyOf: bookmark && conflationKey(schema, operation.operation),
      onEnd() {
        abort.abort();
        extra.open--;
        metrics.subscriptions.dec({ operation: label });
      },
    });
  }

  const server = makeServer<Record<string, unknown>, Extra>({
    async onSubscribe({ extra }, _id, payload) {
      if (extra.open >= maximumOperations) {
        const extensions = { code: 'RATE_LIMITED' };
        return [new GraphQLError('Too many operations on one connection.', { extensions })];
      }
      extra.open++;
      const prepared = await prepare(extra, payload);
      if (Array.isArray(prepared)) extra.open--;
      return prepared;
    },
    // All three get back what onSubscribe returned, which is an Operation.
    execute: (args) => run(args as Operation),
    subscribe: (args) => run(args as Operation),
    onNext(_context, _id, _payload, args, { errors }) {
      const outcome = errors === undefined ? 'success' : 'failure';
      metrics.subscriptionResults.inc({ operation: (args as Operation).label, outcome });
    },
  });

  return {
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        attachSocket(webSocket, {
          logger,
          keepAliveMs,
          open: (adapter) => server.opened(adapter, { request, open: 0 }),
        });
      });
    },
    async stop({ graceMs }) {
      const closed = [...sockets.clients].map(
        (client) => new Promise((resolve) => client.once('close', resolve)),
      );
      for (const client of sockets.clients) client.close(1012, 'Service restart');
      await within(graceMs, Promise.all(closed));
      for (const client of sockets.clients) client.terminate();
      await Promise.all(closed);
      sockets.close();
    },
  };
}

function asGraphqlError({ message, extensions, path }: ReturnType<typeof maskError>): GraphQLError {
  return new GraphQLError(message, { extensions: extensions ?? {}, path: path ?? null });
}
