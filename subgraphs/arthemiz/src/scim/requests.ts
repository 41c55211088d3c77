import type { Arthemiz } from '../context.ts';
import type { Caller } from './authentication.ts';
import { ScimError } from './errors.ts';

/** A request of somebody who is known, in the scope of their tenant. */
export interface ScimRequest {
  service: Arthemiz;
  caller: Caller;
  method: string;
  /** The id in the path, or what stands there in its place. */
  id: string | undefined;
  query: URLSearchParams;
  ifMatch: string | undefined;
  /** The address of this service, which those of resources begin with. */
  baseUrl: string;
  /** @throws ScimError for what is no JSON object */
  body(): Promise<object>;
}

export interface ScimAnswer {
  status: number;
  body?: object;
  location?: string;
  version?: string | undefined;
}

export function methodNotAllowed(): ScimError {
  return new ScimError(405, 'The method does not go with this address.');
}

/** What there is to do with the resources of one type (RFC 7644, §3). */
export interface ResourceEndpoint {
  list(request: ScimRequest): Promise<ScimAnswer>;
  create(request: ScimRequest): Promise<ScimAnswer>;
  read(request: ScimRequest, id: string): Promise<ScimAnswer>;
  replace(request: ScimRequest, id: string): Promise<ScimAnswer>;
  patch(request: ScimRequest, id: string): Promise<ScimAnswer>;
  remove(request: ScimRequest, id: string): Promise<ScimAnswer>;
}

/** @throws ScimError for a method that does not go with the address */
export function answerResources(endpoint: ResourceEndpoint, request: ScimRequest): Promise<ScimAnswer> {
  const { id, method } = request;
  if (id === undefined) {
    if (method === 'GET') return endpoint.list(request);
    if (method === 'POST') return endpoint.create(request);
    throw methodNotAllowed();
  }
  switch (method) {
    case 'GET':
      return endpoint.read(request, id);
    case 'PUT':
      return endpoint.replace(request, id);
    case 'PATCH':
      return endpoint.patch(request, id);
    case 'DELETE':
      return endpoint.remove(request, id);
    default:
      throw methodNotAllowed();
  }
}
