// What operators' tools ask every service: is it alive, is it ready, how does it do.
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';
import type { Route } from './http.ts';
import { sendProblem } from './problem.ts';

/** `/health/live`, `/health/ready` and `/metrics`. */
export function observationRoutes({
  health,
  registry,
}: {
  health: Health;
  registry: Pick<Registry, 'contentType' | 'metrics'>;
}): Route[] {
  return [
    {
      path: '/health/live',
      observation: 'quiet',
      handle: (_request, response) => {
        response.setHeader('content-type', 'application/json').end('{"status":"alive"}');
      },
    },
    {
      path: '/health/ready',
      observation: 'quiet',
      async handle(_request, response) {
        const readiness = await health.readiness();
        response.statusCode = readiness.status === 'ready' || readiness.status === 'degraded' ? 200 : 503;
        response.setHeader('content-type', 'application/json');
        response.setHeader('cache-control', 'no-store');
        response.end(JSON.stringify(readiness));
      },
    },
    {
      path: '/metrics',
      observation: 'quiet',
      async handle(_request, response) {
        response.setHeader('content-type', registry.contentType).end(await registry.metrics());
      },
    },
  ];
}

/** Stands in for everything else while a service starts. */
export const startingRoute: Route = {
  path: '/',
  handle: (_request, response) => {
    response.setHeader('retry-after', '1');
    sendProblem(response, { status: 503, code: 'SERVICE_UNAVAILABLE', detail: 'The service is starting.' });
  },
};
