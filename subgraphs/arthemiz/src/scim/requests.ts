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
