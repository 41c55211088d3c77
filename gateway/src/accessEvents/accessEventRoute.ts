// `POST /sentinel/v1/access-events`: accesses that other products saw, as NDJSON. The gateway passes the body on as it comes;
// what is taken of it, and for which tenant, sentinel decides by the passport.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { refusal } from '@supergraph/chassis/body';
import { requestFacts } from '@supergraph/chassis/context';
import { forbidden, PlatformError, unauthenticated } from '@supergraph/chassis/errors';
import type { Route } from '@supergraph/chassis/http';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import { statusOf } from '@supergraph/chassis/problem';
import { injectTrace } from '@supergraph/chassis/tracing';
import type { Viewer } from '@supergraph/chassis/viewer';
import { Agent, request as send } from 'undici';
import type { Authenticate } from '../authentication/authenticate.ts';
import { credentialsOf } from '../authentication/credentials.ts';
import type { RateLimits } from '../limits/rateLimits.ts';

export interface AccessEventRouteOptions {
  /** The GraphQL endpoints of the subgraphs that are served now, by name. */
  subgraphUrls(): ReadonlyMap<string, string>;
  authenticate: Authenticate;
  mintPassport: PassportMint;
  rateLimits: Pick<RateLimits, 'enter'>;
}

export interface AccessEventRoute extends Route {
  /** Cuts off what is under way. */
  close(): Promise<void>;
}

const path = '/sentinel/v1/access-events';
const subgraph = 'sentinel';
const permission = 'security-event:write';
/** A body of 20,000 events is stored by many transactions before it is answered. */
const longestMs = 60_000;

export function createAccessEventRoute(options: AccessEventRouteOptions): AccessEventRoute {
  const { subgraphUrls, authenticate, mintPassport, rateLimits } = options;
  // The chassis's client sends bodies whole, and these are large.
  const agent = new Agent({
    ...{ connections: 32, connect: { timeout: 5_000 }, keepAliveTimeout: 4_000 },
    ...{ headersTimeout: longestMs, bodyTimeout: longestMs },
  });

  async function sender(request: IncomingMessage, response: ServerResponse): Promise<Viewer> {
    try {
      const { viewer } = await authenticate(credentialsOf(request));
      if (viewer.isAnonymous) throw unauthenticated('Say who sends these events.');
      if (!viewer.permissions.has(permission))
        throw forbidden(`This takes ${permission}, which your roles don't include.`);
      return viewer;
    } catch (error) {
      // RFC 6750 §3
      if (statusOf(error) === 401) response.setHeader('www-authenticate', 'Bearer');
      throw error;
    }
  }

  async function passOn(request: IncomingMessage, viewer: Viewer) {
    const endpoint = subgraphUrls().get(subgraph);
    if (endpoint === undefined) throw unavailable(new Error('it is not served'));
    const { 'content-type': type, 'content-length': length, 'content-encoding': encoding } = request.headers;
    const headers = injectTrace({
      [passportHeader]: await mintPassport(viewer, subgraph),
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(length === undefined ? {} : { 'content-length': length }),
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    });
    const url = new URL('/access-events', endpoint);
    return send(url, { dispatcher: agent, method: 'POST', headers, body: request }).catch(
      (cause: unknown) => {
        throw unavailable(cause);
      },
    );
  }

  return {
    path,
    async handle(request, response) {
      if (request.method !== 'POST') {
        response.setHeader('allow', 'POST');
        throw refusal(405, 'Use POST.');
      }
      const viewer = await sender(request, response);
      const { ipAddress } = requestFacts(request);
      const { refusal: tooMany } = await rateLimits.enter({ viewer, ipAddress });
      if (tooMany) {
        response.setHeader('retry-after', '1');
        throw tooMany;
      }
      const { statusCode, headers, body } = await passOn(request, viewer);
      const answer = await text(body);
      if (statusCode >= 500) throw unavailable(new Error(`HTTP status ${statusCode}`));
      const { 'content-type': type, 'retry-after': retryAfter } = headers;
      response.writeHead(statusCode, {
        'content-type': typeof type === 'string' ? type : 'application/json',
        'cache-control': 'no-store',
        ...(typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : {}),
      });
      response.end(answer);
    },
    close: () => agent.destroy(),
  };
}

/** How much of it was taken is not known; what is sent again is taken once. */
function unavailable(cause: unknown): PlatformError {
  const message = 'The events could not all be stored right now. Send all of them again in a moment.';
  return new PlatformError('SERVICE_UNAVAILABLE', message, { cause });
}
