// What the gateway asks about grants, by the internal network, with a passport of its own that no viewer can hold.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJsonBody } from '@supergraph/chassis/body';
import { badUserInput, forbidden, notFound } from '@supergraph/chassis/errors';
import type { Route } from '@supergraph/chassis/http';
import { createPassportVerifier, passportHeader } from '@supergraph/chassis/passport';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { recentChanges, standingsOf } from './changes.ts';

/** Not in the list of permissions, so that no role can hold it. */
const mayRead = 'grant:read';

const recentQuery = z.object({ since: z.iso.datetime().transform((text) => new Date(text)) });
const standingsBody = z.object({
  subjects: z
    .array(z.object({ tenantId: z.string().min(1).max(64), subject: z.string().min(1).max(100) }))
    .min(1)
    .max(500),
});

/** `GET /internal/grants/changes?since=…` and `POST /internal/grants/standings`. */
export async function createGrantsRoute(service: Arthemiz): Promise<Route> {
  const { name, config } = service;
  const verify = await createPassportVerifier({ publicKey: config.PASSPORT_PUBLIC_KEY, audience: name });

  async function answer(request: IncomingMessage): Promise<object> {
    const { permissions } = await verify(request.headers[passportHeader]);
    if (!permissions.has(mayRead)) throw forbidden('Grants are told to gateways alone.');
    const url = new URL(request.url ?? '/', 'http://internal');
    if (request.method === 'GET' && url.pathname === '/internal/grants/changes')
      return changesAnswer(service, parse(recentQuery, Object.fromEntries(url.searchParams)).since);
    if (request.method === 'POST' && url.pathname === '/internal/grants/standings') {
      const body = await readJsonBody(request, { maximumBytes: 131_072 });
      return { standings: await standingsOf(service, parse(standingsBody, body).subjects) };
    }
    throw notFound('There is no such question about grants.');
  }

  return {
    path: '/internal/grants',
    async handle(request: IncomingMessage, response: ServerResponse) {
      const body = JSON.stringify(await answer(request));
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.setHeader('cache-control', 'no-store');
      response.end(body);
    },
  };
}

async function changesAnswer(service: Arthemiz, since: Date): Promise<object> {
  const { changes, isComplete } = await recentChanges(service, since);
  const told = changes.map(({ tenantId, subject, rolesRemoved, permissionsRemoved, changedAt }) => ({
    ...{ tenantId, subject, rolesRemoved, permissionsRemoved },
    changedAt: changedAt.toISOString(),
  }));
  return { changes: told, isComplete };
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw badUserInput(z.prettifyError(parsed.error));
}
