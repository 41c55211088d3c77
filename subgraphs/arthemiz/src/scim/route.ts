// SCIM 2.0 (RFC 7643, 7644): a tenant's identity provider keeps its people and groups here.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJsonBody } from '@supergraph/chassis/body';
import { inTime } from '@supergraph/chassis/deadline';
import type { Route } from '@supergraph/chassis/http';
import { statusOf } from '@supergraph/chassis/problem';
import { inTenant } from '@supergraph/chassis/tenancy';
import { mountPath } from '../config.ts';
import type { Arthemiz } from '../context.ts';
import { DutiesHeldTogether } from '../separations/keeping.ts';
import { type Caller, callerOf } from './authentication.ts';
import { resourceTypes, schemaDefinitions, serviceProviderConfig } from './discovery.ts';
import { errorBody, invalidSyntax, refused, resourceNotFound, ScimError } from './errors.ts';
import { answerGroups } from './groups/endpoint.ts';
import { scimRead, scimWrite } from './permissions.ts';
import { methodNotAllowed, type ScimAnswer, type ScimRequest } from './requests.ts';
import { answerUsers } from './users/endpoint.ts';
import { names } from './versions.ts';

const path = `${mountPath}/scim/v2`;
const mediaType = 'application/scim+json';
/** What nginx lets through. */
const maximumBytes = 1_048_576;

export function createScimRoute(service: Arthemiz): Route {
  const { OPERATION_DEADLINE_MS: deadlineMs } = service.config;
  const otherwise = () => {
    throw new ScimError(504, 'It took too long and was given up.');
  };
  return {
    path,
    async handle(request, response) {
      try {
        send(response, request, await inTime(answerTo(service, request), { deadlineMs, otherwise }));
      } catch (error) {
        sendError(response, { service, error });
      }
    },
  };
}

async function answerTo(service: Arthemiz, request: IncomingMessage): Promise<ScimAnswer> {
  const { pathname, searchParams: query } = new URL(request.url ?? path, service.config.ISSUER);
  const [name = '', id, ...more] = pathname.slice(path.length + 1).split('/');
  const caller = await callerOf(service, request);
  const method = request.method ?? 'GET';
  demandPermission(caller, method);
  const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
  if (endpoint === undefined || more.length > 0) throw resourceNotFound();
  const given: ScimRequest = {
    ...{
      service,
      caller,
      method,
      query,
      id: id === undefined || id === '' ? undefined : decodeURIComponent(id),
    },
    baseUrl: `${service.config.ISSUER}/scim/v2`,
    ifMatch: request.headers['if-match'],
    body: () => readBody(request),
  };
  return inTenant(caller.tenantId, () => endpoint(given));
}

type Endpoint = (request: ScimRequest) => Promise<ScimAnswer> | ScimAnswer;

const endpoints: Readonly<Record<string, Endpoint>> = {
  Users: answerUsers,
  Groups: answerGroups,
  ServiceProviderConfig: ({ method, baseUrl }) => reading(method, serviceProviderConfig(baseUrl)),
  ResourceTypes: ({ method, baseUrl, id }) => reading(method, resourceTypes(baseUrl, id)),
  Schemas: ({ method, baseUrl, id }) => reading(method, schemaDefinitions(baseUrl, id)),
  Me() {
    throw new ScimError(501, 'Programs provision here, so there is no "me". Ask for /Users.');
  },
  Bulk() {
    throw new ScimError(501, 'Bulk requests are not supported. Send single ones.');
  },
};

function reading(method: string, body: object): ScimAnswer {
  if (method !== 'GET') throw methodNotAllowed();
  return { status: 200, body };
}

function demandPermission({ permissions }: Caller, method: string): void {
  const mayRead = permissions.has(scimRead) || permissions.has(scimWrite);
  if (method === 'GET' ? mayRead : permissions.has(scimWrite)) return;
  const needed = method === 'GET' ? scimRead : scimWrite;
  throw new ScimError(403, `That takes the permission ${needed}.`);
}

async function readBody(request: IncomingMessage): Promise<object> {
  const contentTypes = [mediaType, 'application/json'];
  const body = await readJsonBody(request, { maximumBytes, contentTypes });
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw invalidSyntax('The body is a JSON object.');
  return body;
}

function send(
  response: ServerResponse,
  { headers }: IncomingMessage,
  { status, body, location, version }: ScimAnswer,
): void {
  const isKnown = status === 200 && version !== undefined && names(headers['if-none-match'] ?? '', version);
  response.statusCode = isKnown ? 304 : status;
  response.setHeader('cache-control', 'no-store');
  if (version !== undefined) response.setHeader('etag', version);
  if (location !== undefined) response.setHeader(status === 201 ? 'location' : 'content-location', location);
  if (body === undefined || isKnown) {
    response.end();
    return;
  }
  response.setHeader('content-type', mediaType);
  response.end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  { service, error }: { service: Arthemiz; error: unknown },
): void {
  const { status, scimType, detail } = toldOf(
    error instanceof DutiesHeldTogether ? refused(error.refusal) : error,
  );
  if (status >= 500 && !(error instanceof ScimError)) service.logger.error({ err: error }, 'SCIM failed');
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-type', mediaType);
  if (status === 401) response.setHeader('www-authenticate', 'Bearer realm="scim"');
  response.end(JSON.stringify(errorBody({ status, scimType, detail })));
}

function toldOf(error: unknown): Pick<ScimError, 'status' | 'scimType'> & { detail: string } {
  if (error instanceof ScimError)
    return { status: error.status, scimType: error.scimType, detail: error.message };
  const status = error instanceof URIError ? 400 : statusOf(error);
  if (status >= 500 || !(error instanceof Error))
    return { status, scimType: undefined, detail: 'Something went wrong on our side. Try again.' };
  return { status, scimType: status === 400 ? 'invalidSyntax' : undefined, detail: error.message };
}
