// `GET /graphql/exports/ID/SUBGRAPH`: what a subgraph wrote of the viewer's tenant's export. The gateway passes it on as
// it comes; which tenant's it is, and whether it is there, the subgraph decides by the passport.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusal } from '@supergraph/chassis/body';
import { requestFacts } from '@supergraph/chassis/context';
import { sendStream } from '@supergraph/chassis/download';
import { forbidden, notFound, PlatformError, unauthenticated } from '@supergraph/chassis/errors';
import { exportPermission, exportsPath } from '@supergraph/chassis/export/route';
import type { Route } from '@supergraph/chassis/http';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import { statusOf } from '@supergraph/chassis/problem';
import { injectTrace } from '@supergraph/chassis/tracing';
import type { Viewer } from '@supergraph/chassis/viewer';
import { Agent, type Dispatcher, request as send } from 'undici';
import type { Authenticate } from '../authentication/authenticate.ts';
import { credentialsOf } from '../authentication/credentials.ts';
import type { RateLimits } from '../limits/rateLimits.ts';

export interface ExportRouteOptions {
  /** The GraphQL endpoints of the subgraphs that are served now, by name. */
  subgraphUrls(): ReadonlyMap<string, string>;
  authenticate: Authenticate;
  mintPassport: PassportMint;
  rateLimits: Pick<RateLimits, 'enter'>;
}

export interface ExportRoute extends Route {
  /** Cuts off what is under way. */
  close(): Promise<void>;
}

const path = '/graphql/exports';
/** The rest of a path: an export's id and a subgraph's name. */
const named = /^\/(exp_[a-z0-9-]{1,60})\/([a-z][a-z0-9-]{0,63})$/;
const absent = () => notFound('There is no such export, or none any more, or it is not ready.');

export function createExportRoute(options: ExportRouteOptions): ExportRoute {
  const { subgraphUrls, authenticate, mintPassport, rateLimits } = options;
  // The chassis's client reads answers whole, and these are as large as a tenant.
  const agent = new Agent({
    ...{ connections: 8, connect: { timeout: 5_000 }, keepAliveTimeout: 4_000 },
    ...{ headersTimeout: 10_000, bodyTimeout: 30_000 },
  });

  async function exporter(request: IncomingMessage, response: ServerResponse): Promise<Viewer> {
    try {
      const { viewer } = await authenticate(credentialsOf(request));
      if (viewer.isAnonymous) throw unauthenticated('Sign in to download an export.');
      if (!viewer.permissions.has(exportPermission))
        throw forbidden(`This takes ${exportPermission}, which your roles don't include.`);
      return viewer;
    } catch (error) {
      // RFC 6750 §3
      if (statusOf(error) === 401) response.setHeader('www-authenticate', 'Bearer');
      throw error;
    }
  }

  async function ask(viewer: Viewer, { exportId, subgraph }: { exportId: string; subgraph: string }) {
    const endpoint = subgraphUrls().get(subgraph);
    if (endpoint === undefined) throw absent();
    const headers = injectTrace({ [passportHeader]: await mintPassport(viewer, subgraph) });
    const url = new URL(`${exportsPath}/${exportId}`, endpoint);
    return send(url, { dispatcher: agent, headers }).catch((cause: unknown) => {
      throw unavailable(subgraph, cause);
    });
  }

  return {
    path,
    async handle(request, response) {
      if (request.method !== 'GET') {
        response.setHeader('allow', 'GET');
        throw refusal(405, 'Use GET.');
      }
      const viewer = await exporter(request, response);
      const { refusal: tooMany } = await rateLimits.enter({
        viewer,
        ipAddress: requestFacts(request).ipAddress,
      });
      if (tooMany) throw tooMany;
      const [, exportId, subgraph] = named.exec((request.url ?? '').slice(path.length)) ?? [];
      if (exportId === undefined || subgraph === undefined) throw absent();
      const answer = await ask(viewer, { exportId, subgraph });
      if (answer.statusCode !== 200) throw await refused(answer, subgraph);
      response.writeHead(200, {
        'content-type': 'application/gzip',
        'content-disposition': `attachment; filename="${subgraph}.ndjson.gz"`,
        'cache-control': 'no-store',
      });
      await sendStream(response, answer.body);
    },
    close: () => agent.destroy(),
  };
}

async function refused(
  { statusCode, body }: Dispatcher.ResponseData,
  subgraph: string,
): Promise<PlatformError> {
  await body.dump();
  return statusCode === 404 ? absent() : unavailable(subgraph, new Error(`HTTP status ${statusCode}`));
}

function unavailable(subgraph: string, cause: unknown): PlatformError {
  const message = `The export of ${subgraph} can't be read right now. Try again in a moment.`;
  return new PlatformError('SUBGRAPH_UNAVAILABLE', message, { cause });
}
