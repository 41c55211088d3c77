// What the explorer and other tools of developers ask beside GraphQL: facts of the schema's fields, and the plan of an
// operation, which is looked at and not executed.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusal } from '@supergraph/chassis/body';
import { requestFacts } from '@supergraph/chassis/context';
import { forbidden, unauthenticated } from '@supergraph/chassis/errors';
import type { Route } from '@supergraph/chassis/http';
import { statusOf } from '@supergraph/chassis/problem';
import type { Session } from '../authentication/accessTokens.ts';
import type { Authenticate } from '../authentication/authenticate.ts';
import { credentialsOf } from '../authentication/credentials.ts';
import { mayLearnSchema, schemaPermission } from '../authorization/developers.ts';
import { readParameters } from '../edge/parameters.ts';
import type { Supergraph } from '../execution/supergraph.ts';
import type { RateLimits } from '../limits/rateLimits.ts';
import type { Operations } from '../operations.ts';
import type { PersistedDocuments } from '../persistedDocuments/persistedDocuments.ts';
import { inspectOperation } from './inspectOperation.ts';
import { type SchemaFactsDocument, schemaFactsDocument } from './schemaFacts.ts';

export interface DeveloperRoutesOptions {
  /** The supergraph that is served now. */
  supergraph(): Supergraph;
  operations: Operations;
  persisted: PersistedDocuments;
  /** Most that one operation may cost. */
  maximumCost: number;
  rateLimits: Pick<RateLimits, 'enter'>;
  authenticate: Authenticate;
}

/**
 * `GET /graphql/facts` and `POST /graphql/plan`, for those who may learn the schema; others are refused with a problem.
 * Nothing that they answer names a subgraph's address or what the public schema does not have.
 */
export function developerRoutes(options: DeveloperRoutesOptions): Route[] {
  const { supergraph, operations, persisted, maximumCost, rateLimits, authenticate } = options;
  const documents = new WeakMap<Supergraph, SchemaFactsDocument>();

  async function developer(request: IncomingMessage, response: ServerResponse): Promise<Session> {
    try {
      const session = await authenticate(credentialsOf(request));
      const { viewer } = session;
      if (viewer.isAnonymous) throw unauthenticated('Sign in to learn about the schema.');
      if (!mayLearnSchema(viewer))
        throw forbidden(`This takes ${schemaPermission}, which your roles don't include.`);
      return session;
    } catch (error) {
      // RFC 6750 §3
      if (statusOf(error) === 401) response.setHeader('www-authenticate', 'Bearer');
      throw error;
    }
  }

  function currentFacts(): SchemaFactsDocument {
    const current = supergraph();
    const known = documents.get(current) ?? schemaFactsDocument(current);
    documents.set(current, known);
    return known;
  }

  return [
    {
      path: '/graphql/facts',
      async handle(request, response) {
        demandMethod(request, response, 'GET');
        await developer(request, response);
        const { body, etag } = currentFacts();
        response.setHeader('etag', etag);
        response.setHeader('cache-control', 'private, no-cache');
        response.setHeader('vary', 'authorization');
        if (holds(request.headers['if-none-match'], etag)) response.writeHead(304).end();
        else response.setHeader('content-type', 'application/json; charset=utf-8').end(body);
      },
    },
    {
      path: '/graphql/plan',
      async handle(request, response) {
        demandMethod(request, response, 'POST');
        const session = await developer(request, response);
        const { requestId = '', ipAddress } = requestFacts(request);
        // It counts as an operation, for planning takes time; it costs nothing, as it doesn't run.
        const { refusal: tooMany } = await rateLimits.enter({ viewer: session.viewer, ipAddress });
        if (tooMany) throw tooMany;
        const parameters = await persisted.resolve(await readParameters(request), session.viewer);
        const prepared = operations.prepare(parameters, { session, requestId, ipAddress });
        const isRefused = 'errors' in prepared;
        const answer = isRefused
          ? { errors: prepared.errors.map((error) => error.toJSON()) }
          : inspectOperation(prepared, { supergraph: supergraph(), maximumCost });
        response.writeHead(isRefused ? 400 : 200, {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-store',
        });
        response.end(JSON.stringify(answer));
      },
    },
  ];
}

function demandMethod(request: IncomingMessage, response: ServerResponse, method: 'GET' | 'POST'): void {
  if (request.method === method) return;
  response.setHeader('allow', method);
  throw refusal(405, `Use ${method}.`);
}

// Weak comparison (RFC 9110 §13.1.2).
function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((given) => given.trim() === etag);
}
