// Web pages of other origins: which of them may read answers (CORS), and that none makes a visitor's browser ask without
// being one of them (CSRF). Browsers say whose page asks; other programs say nothing, and are no one's cat's-paw.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusal } from '@supergraph/chassis/body';

export interface CrossOrigin {
  /**
   * Sets what a page may read of the answer, and answers preflights.
   * @returns whether the request has been answered
   */
  admit(request: IncomingMessage, response: ServerResponse): boolean;
  /** @throws GraphQLError 403 for a request that another origin's page had a browser send without asking first */
  refuseForged(request: IncomingMessage): void;
  /** Whether a page of this origin may open a connection; programs name none. */
  mayConnect(request: IncomingMessage): boolean;
}

export interface CrossOriginOptions {
  /** Origins that may read answers, beside our own. */
  origins: readonly string[];
}

/** Any of these makes a browser ask for leave first, so that a request that carries one has been let through. */
const preflightHeaders = [
  'authorization',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
];
/** What a form or an image can send: all else is asked for first (Fetch, "CORS-safelisted request-header"). */
const simpleContentTypes = new Set([
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

const requestHeaders = [
  'accept',
  'authorization',
  'content-type',
  'dpop',
  ...['apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight', 'graphql-cost'],
  ...['apollographql-client-name', 'apollographql-client-version', 'last-event-id'],
  ...['x-request-id', 'traceparent', 'tracestate', 'baggage'],
].join(', ');
const exposedHeaders = [
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'Server-Timing',
  'traceparent',
  'WWW-Authenticate',
  'X-Request-Id',
].join(', ');
/** Chromium heeds two hours at most. */
const preflightSeconds = '7200';

export function createCrossOrigin({ origins }: CrossOriginOptions): CrossOrigin {
  const allowed = new Set(origins);

  function isAllowed(origin: string, request: IncomingMessage): boolean {
    return allowed.has(origin) || isOwn(origin, request);
  }

  return {
    admit(request, response) {
      const { origin } = request.headers;
      // Whether it is named or not: a cache must not give one origin's answer to another.
      response.setHeader('vary', 'Origin');
      const isListed = origin !== undefined && allowed.has(origin);
      if (isListed) {
        response.setHeader('access-control-allow-origin', origin);
        response.setHeader('access-control-allow-credentials', 'true');
        response.setHeader('access-control-expose-headers', exposedHeaders);
      }
      const isPreflight =
        request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
      if (!isPreflight) return false;
      response.setHeader('vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
      if (isListed) {
        response.setHeader('access-control-allow-methods', 'GET, POST');
        response.setHeader('access-control-allow-headers', requestHeaders);
        response.setHeader('access-control-max-age', preflightSeconds);
      }
      response.writeHead(204).end();
      return true;
    },

    refuseForged(request) {
      if (!isForeign(request, isAllowed)) return;
      if (preflightHeaders.some((name) => request.headers[name])) return;
      const [contentType = ''] = (request.headers['content-type'] ?? '').split(';', 1);
      const type = contentType.trim().toLowerCase();
      if (type !== '' && !simpleContentTypes.has(type)) return;
      throw refusal(
        403,
        'This request may have been forged by another web page. Send it with one of the headers apollo-require-preflight, x-apollo-operation-name or graphql-require-preflight, or as application/json.',
      );
    },

    mayConnect(request) {
      const { origin } = request.headers;
      return origin === undefined || isAllowed(origin, request);
    },
  };
}

/** Whether a browser says that another origin's page asks (Fetch Metadata; Origin in browsers that lack it). */
function isForeign(
  request: IncomingMessage,
  isAllowed: (origin: string, request: IncomingMessage) => boolean,
): boolean {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  if (origin !== undefined) return !isAllowed(origin, request);
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

// By the address that the client asked for: the gateway does not know all its names, and TLS ends at the proxy before
// it, which says so. A page without TLS may be anybody's who stands in the way, so it is not our page with TLS.
function isOwn(origin: string, { headers }: IncomingMessage): boolean {
  const { host, 'x-forwarded-proto': forwarded } = headers;
  // Several proxies make a list; clients came to the first.
  const [protocol = ''] = String(forwarded ?? 'http').split(',', 1);
  return host !== undefined && origin === `${protocol.trim().toLowerCase()}://${host.toLowerCase()}`;
}
