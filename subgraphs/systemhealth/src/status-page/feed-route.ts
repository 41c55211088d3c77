// `/status/SLUG/feed`, for readers of feeds: public, remembered for a minute, and not sent again to who has it.
import type { Route } from '@supergraph/chassis/http';
import { sendProblem } from '@supergraph/chassis/problem';
import type { SystemHealth } from '../context.ts';
import { feedOf } from './feed.ts';
import { lookUp } from './looking.ts';

const pages = '/status';
const form = new RegExp(`^${pages}/([a-z0-9-]{3,63})/feed$`);

export function createFeedRoute(service: SystemHealth): Route {
  return {
    path: pages,
    async handle(request, response) {
      request.resume();
      const [path = ''] = (request.url ?? '').split('?', 1);
      const [, slug] = form.exec(path) ?? [];
      if (slug === undefined) return sendProblem(response, { status: 404 });
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD');
        return sendProblem(response, { status: 405 });
      }
      const page = await lookUp(service, slug);
      if (page === null) return sendProblem(response, { status: 404 });
      const { body, etag } = feedOf(page, service.config.PUBLIC_ORIGIN);
      const headers = { etag, 'cache-control': 'public, max-age=60' };
      if (has(request.headers['if-none-match'], etag)) {
        response.writeHead(304, headers).end();
        return;
      }
      response.writeHead(200, { ...headers, 'content-type': 'application/atom+xml; charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : body);
    },
  };
}

/** By the weak comparison (RFC 9110, 13.1.2): a proxy that compresses makes an entity tag weak. */
function has(header: string | undefined, etag: string): boolean {
  const tags = (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}
