// Where programs call: `/health/heartbeats/TOKEN`, and behind that `/start` and `/fail`. Any of GET, HEAD and POST will
// do, as whatever a job can call with; what they send is not read.
import type { Route } from '@supergraph/chassis/http';
import { sendProblem } from '@supergraph/chassis/problem';
import type { SystemHealth } from '../context.ts';
import { takeCall } from './calls.ts';
import type { Signal } from './rules.ts';
import { heartbeatsPath } from './token.ts';

const methods = new Set(['GET', 'HEAD', 'POST']);
const form = new RegExp(`^${heartbeatsPath}/([\\w-]{43})(?:/(start|fail))?$`);

export function createHeartbeatRoute(service: SystemHealth): Route {
  return {
    path: heartbeatsPath,
    async handle(request, response) {
      request.resume();
      const [path = ''] = (request.url ?? '').split('?', 1);
      const [, token, signal] = form.exec(path) ?? [];
      if (token === undefined) return sendProblem(response, { status: 404 });
      if (!methods.has(request.method ?? '')) {
        response.setHeader('allow', [...methods].join(', '));
        return sendProblem(response, { status: 405 });
      }
      const isKnown = await takeCall(service, token, (signal as Signal | undefined) ?? 'success');
      if (!isKnown) return sendProblem(response, { status: 404 });
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('OK\n');
    },
  };
}
