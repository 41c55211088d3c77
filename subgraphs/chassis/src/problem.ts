// HTTP errors outside of GraphQL, as RFC 9457 problem details.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { GraphQLError } from 'graphql';
import { type ErrorCode, PlatformError } from './errors.ts';

const statuses: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  EVENTS_LOST: 410,
  COST_LIMIT_EXCEEDED: 400,
  DOCUMENT_NOT_TRUSTED: 403,
  DEADLINE_EXCEEDED: 504,
  SUBGRAPH_UNAVAILABLE: 502,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** The HTTP status that goes with an error: its code's, the one in its `extensions.http`, or 500. */
export function statusOf(error: unknown): number {
  if (error instanceof PlatformError) return statuses[error.code];
  const http = error instanceof GraphQLError ? error.extensions.http : undefined;
  const status = typeof http === 'object' && http !== null ? Reflect.get(http, 'status') : undefined;
  return typeof status === 'number' ? status : 500;
}

export interface Problem {
  status: number;
  /** One of the closed list, or absent for plain HTTP problems. */
  code?: ErrorCode;
  detail?: string;
  traceId?: string | undefined;
}

/** Sends a problem; a response that has begun is cut off instead. */
export function sendProblem(response: ServerResponse, { status, code, detail, traceId }: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.statusCode = status;
  response.setHeader('content-type', 'application/problem+json');
  response.setHeader('cache-control', 'no-store');
  response.end(JSON.stringify({ title: STATUS_CODES[status] ?? 'Error', status, code, detail, traceId }));
}
