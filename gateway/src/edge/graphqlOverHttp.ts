// GraphQL over HTTP: a request becomes an operation, its answer a response in the form that the client likes best.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusal } from '@supergraph/chassis/body';
import { requestFacts } from '@supergraph/chassis/context';
import type { Route } from '@supergraph/chassis/http';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import { statusOf } from '@supergraph/chassis/problem';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import type { Authenticate } from '../authentication/authenticate.ts';
import { challengeOf } from '../authentication/challenge.ts';
import { type Credentials, credentialsOf } from '../authentication/credentials.ts';
import { mayLearnSchema } from '../authorization/developers.ts';
import type { OperationContext } from '../context.ts';
import { Cancellation } from '../execution/resilience/cancellation.ts';
import type { Admission } from '../limits/admission.ts';
import type { RateLimits } from '../limits/rateLimits.ts';
import { Timings } from '../observability/timings.ts';
import type { GraphqlParameters, Operations } from '../operations.ts';
import type { PersistedDocuments } from '../persistedDocuments/persistedDocuments.ts';
import type { CrossOrigin } from './crossOrigin.ts';
import type { EventStreams } from './eventStreams.ts';
import { type MediaType, mediaTypes, preferredMediaType } from './mediaTypes.ts';
import { readParameters } from './parameters.ts';
import { acceptsParts, openPartsResponse } from './partsResponse.ts';
import { type Resumption, resumptionIn } from './resumption.ts';

export interface GraphqlOverHttpOptions {
  operations: Operations;
  persisted: PersistedDocuments;
  crossOrigin: CrossOrigin;
  eventStreams: EventStreams;
  authenticate: Authenticate;
  rateLimits: RateLimits;
  logger: Logger;
}

export function createGraphqlOverHttp(options: GraphqlOverHttpOptions): Route['handle'] {
  const { operations, persisted, crossOrigin, eventStreams, authenticate, rateLimits, logger } = options;

  /** Before the body, so that strangers, and who asks too much, cost little. */
  async function admit(request: IncomingMessage): Promise<AdmittedContext> {
    const { requestId = '', ipAddress } = requestFacts(request);
    const timings = request.headers[timingsHeader] === undefined ? undefined : new Timings();
    const credentials = credentialsOf(request);
    const session = await authenticate(credentials);
    const admission = await rateLimits.enter({ viewer: session.viewer, ipAddress });
    timings?.end('admit');
    // How long things take may tell what is there.
    const isDeveloper = mayLearnSchema(session.viewer);
    const wantsCost = isDeveloper && request.headers['graphql-cost'] === 'true';
    const told = isDeveloper ? timings : undefined;
    return { credentials, session, requestId, ipAddress, admission, timings: told, wantsCost };
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { form, context }: { form: MediaType; context: AdmittedContext },
  ): Promise<void> {
    const { admission } = context;
    if (admission.refusal) throw admission.refusal;
    const isWholeRequest = request.complete;
    const asked = await readParameters(request);
    // A client may take its time to send the rest, and be allowed less by then.
    const current = isWholeRequest
      ? context
      : { ...context, session: await authenticate(context.credentials) };
    const parameters = await persisted.resolve(asked, current.session.viewer);
    context.timings?.end('read');
    const prepared = operations.prepare(parameters, current);
    if ('errors' in prepared) {
      const errors = prepared.errors.map((error) => error.toJSON());
      // A client that accepts only application/json can't tell our 400 from a proxy's (GraphQL over HTTP, §6.4.1).
      tellLimits(response, admission);
      return send(response, {
        form,
        status: form === 'json' ? 200 : 400,
        result: JSON.stringify({ errors }),
      });
    }
    const { operation } = prepared.request;
    refuseByMethod(request, operation.operation);
    if (form === 'eventStream') {
      tellLimits(response, admission);
      return eventStreams.open(prepared, response, resumptionOf(request, parameters));
    }
    if (operation.operation === OperationTypeNode.SUBSCRIPTION)
      throw refusal(406, `Subscriptions are served as ${mediaTypes.eventStream} or over WebSocket.`);
    const gone = new Cancellation();
    response.once('close', () => {
      if (!response.writableFinished) gone.cancel();
    });
    const complete = () => {
      tellLimits(response, admission);
      if (context.timings) response.setHeader('server-timing', context.timings.header());
    };
    if (prepared.compiled.isDeferred) {
      const parts = openPartsResponse(response, complete);
      await operations.executeInParts(prepared, { tell: parts.write, gone });
      return parts.end();
    }
    const result = await operations.execute(prepared, gone);
    complete();
    send(response, { form, status: 200, result });
  }

  return async (request, response) => {
    let context: AdmittedContext | undefined;
    if (crossOrigin.admit(request, response)) return;
    try {
      crossOrigin.refuseForged(request);
      const form = preferredMediaType(request.headers.accept);
      if (form === undefined) throw refusal(406, `Accept one of ${Object.values(mediaTypes).join(', ')}.`);
      const takesParts = form === 'eventStream' || acceptsParts(request.headers.accept);
      context = { ...(await admit(request)), takesParts };
      await answer(request, response, { form, context });
    } catch (error) {
      if (response.headersSent) {
        logger.error({ err: error }, 'an answer in parts was cut short');
        response.destroy();
        return;
      }
      if (context) tellLimits(response, context.admission);
      const status = statusOf(error);
      const told = maskError(error, logger);
      if (status === 405) response.setHeader('allow', 'GET, POST');
      if (status === 401)
        response.setHeader('www-authenticate', challengeOf(request.headers.authorization, error));
      if (status === 429 || status === 503) response.setHeader('retry-after', retryAfterOf(told));
      // What is left of an unread body would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close');
      const form = preferredMediaType(request.headers.accept) ?? 'json';
      const result = JSON.stringify({ errors: [told] });
      send(response, { form, status, result });
    }
  };
}

/** With it a developer asks how long the parts of the operation take. */
const timingsHeader = 'x-server-timing';

/** An operation that has been counted. */
type AdmittedContext = OperationContext & { admission: Admission; credentials: Credentials };

function tellLimits(response: ServerResponse, admission: Admission): void {
  const fields = admission.fields();
  if (fields === undefined || response.headersSent) return;
  for (const [name, value] of Object.entries(fields)) response.setHeader(name, value);
}

function retryAfterOf({ extensions }: GraphQLFormattedError): string {
  const seconds = extensions?.retryAfterSeconds;
  return typeof seconds === 'number' ? String(seconds) : '1';
}

/** Where a stream goes on: the header that a browser sends by itself counts first. @throws for what is no cursor */
function resumptionOf(request: IncomingMessage, { extensions }: GraphqlParameters): Resumption | undefined {
  const lastEventId = request.headers['last-event-id'];
  const asked = lastEventId === undefined || lastEventId === '' ? extensions : { resumeAfter: lastEventId };
  const resumption = resumptionIn(asked);
  if (resumption !== 'invalid') return resumption;
  throw refusal(
    400,
    'Last-Event-ID or extensions.resumeAfter is no cursor. Send one that came with an event.',
  );
}

function refuseByMethod(request: IncomingMessage, type: OperationTypeNode): void {
  if (request.method === 'GET' && type === OperationTypeNode.MUTATION)
    throw refusal(405, 'Mutations are sent by POST: a GET may be repeated and cached.');
}

function send(
  response: ServerResponse,
  { form, status, result }: { form: MediaType; status: number /** JSON */; result: string },
): void {
  // What has begun in parts ends in the middle: so its client sees that something is missing.
  if (response.headersSent && !response.writableEnded) response.destroy();
  if (response.headersSent || response.destroyed) return;
  // What is refused before it begins is no stream.
  const contentType = mediaTypes[form === 'eventStream' ? 'json' : form];
  const body = Buffer.from(result);
  response.writeHead(status, {
    'content-type': `${contentType}; charset=utf-8`,
    'content-length': body.length,
    'cache-control': 'no-store',
  });
  response.end(body);
}
