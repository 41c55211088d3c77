// HTTP errors outside of GraphQL, as RFC 9457 problem details.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type ErrorCode, PlatformError } from './errors.ts';

const statuses: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  RATE_LIMITED: 429,
  DEADLINE_EXCEEDED: 504,
  SUBGRAPH_UNAVAILABLE: 502,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};

/** The HTTP status that goes with an error: its code's, or 500. */
export function statusOf(error: unknown): number {
  return error instanceof PlatformError ? statuses[error.code] : 500;
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
