// GraphQL over HTTP: Apollo Server behind this service's own HTTP server. No operation runs without a passport.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { Ambient } from './ambient.ts';
import { bodyText, maximumOperationBytes, readJsonBody, refusal } from './body.ts';
import { Abort, asViewer, type OperationFacts, requestFacts } from './context.ts';
import { answerInTime } from './deadline.ts';
import type { Route } from './http.ts';
import { FailureLog, maskError } from './masking.ts';
import type { Metrics } from './metrics.ts';
import { type PassportVerifier, passportHeader } from './passport.ts';
import { statusOf } from './problem.ts';
import { inSpan } from './tracing.ts';

/** Makes the resolvers' context of one operation, or of one event of a subscription. */
export type MakeContext = (operation: OperationFacts) => object;

export interface GraphqlOptions {
  schema: GraphQLSchema;
  verifyPassport: PassportVerifier;
  makeContext: MakeContext;
  logger: Logger;
  metrics: Metrics;
  /** Most time for one operation. */
  deadlineMs: number;
}

export interface GraphqlOverHttp {
  handle: Route['handle'];
  stop(): Promise<void>;
}

// Apollo Server has its errors formatted one by one, without telling whose they are.
const failureLogs = new Ambient<FailureLog>();

export async function createGraphql(options: GraphqlOptions): Promise<GraphqlOverHttp> {
  const { schema, verifyPassport, makeContext, logger, metrics, deadlineMs } = options;
  const apollo = new ApolloServer<object>({
    schema,
    logger,
    nodeEnv: 'production',
    // The gateway composes from SDL files; a subgraph tells its schema to nobody.
    introspection: false,
    hideSchemaDetailsFromClientErrors: true,
    includeStacktraceInErrorResponses: false,
    // Only JSON with a passport header is read here, which no browser sends across origins unasked.
    csrfPrevention: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    stringifyResult: (result) => JSON.stringify(result),
    formatError: (_formatted, error) => maskError(error, failureLogs.get() ?? logger),
    plugins: [
      measureOperations(metrics),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();

  async function execute(request: IncomingMessage, response: ServerResponse): Promise<HTTPGraphQLResponse> {
    if (request.method !== 'POST') throw refusal(405, 'Send GraphQL operations by POST.');
    // Before the body, so that strangers cost nothing.
    const viewer = await verifyPassport(request.headers[passportHeader]);
    const body = await readJsonBody(request, { maximumBytes: maximumOperationBytes });
    const abort = new Abort();
    response.once('close', () => {
      if (!response.writableFinished) abort.abort();
    });
    const failures = new FailureLog(logger);
    const run = () =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: 'POST', headers: headerMap(request), search: '', body },
        context: async () => makeContext({ viewer, request: requestFacts(request), abort }),
      });
    const execution = asViewer({ viewer, abort }, () =>
      inSpan(`graphql ${operationNameOf(body)}`, {}, () => failureLogs.run(failures, run)),
    ).finally(() => failures.end());
    return answerInTime(execution, { deadlineMs, abort });
  }

  return {
    async handle(request, response) {
      try {
        send(response, await execute(request, response));
      } catch (error) {
        const status = statusOf(error);
        if (status === 405) response.setHeader('allow', 'POST');
        // What is left of an unread body would be taken for the next request.
        if (!request.complete) response.setHeader('connection', 'close');
        sendErrors(response, { status, errors: [maskError(error, logger)] });
      }
    },
    stop: () => apollo.stop(),
  };
}

function measureOperations(metrics: Metrics): ApolloServerPlugin<object> {
  return {
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async willSendResponse({ operation, response }) {
          const result = response.body.kind === 'single' ? response.body.singleResult : {};
          const hasData = result.data !== undefined && result.data !== null;
          metrics.operations.observe(
            {
              operation: metrics.operationLabel(operation?.name?.value),
              type: operation?.operation ?? 'invalid',
              outcome: result.errors === undefined ? 'success' : hasData ? 'partial' : 'failure',
            },
            (performance.now() - startedAt) / 1000,
          );
        },
      };
    },
  };
}

function headerMap(request: IncomingMessage): HeaderMap {
  // Apollo Server looks at these two alone.
  const headers = new HeaderMap([['content-type', 'application/json']]);
  if (request.headers.accept !== undefined) headers.set('accept', request.headers.accept);
  return headers;
}

function operationNameOf(body: unknown): string {
  const name = typeof body === 'object' && body !== null ? Reflect.get(body, 'operationName') : undefined;
  return typeof name === 'string' ? name.slice(0, 100) : 'operation';
}

function send(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): void {
  if (response.destroyed) return;
  response.statusCode = status ?? 200;
  for (const [name, value] of headers) response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
  response.end(bodyText(body));
}

function sendErrors(
  response: ServerResponse,
  { status, errors }: { status: number; errors: unknown[] },
): void {
  if (response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify({ errors }));
}
