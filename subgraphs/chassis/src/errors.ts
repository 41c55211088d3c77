// The closed list of failures that leave a service. Whatever is not on it is masked (see masking.ts).
import { GraphQLError } from 'graphql';

/** Every `extensions.code` that this platform's own code answers with. */
export const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'RATE_LIMITED',
  'EVENTS_LOST',
  'COST_LIMIT_EXCEEDED',
  'DOCUMENT_NOT_TRUSTED',
  'DEADLINE_EXCEEDED',
  'SUBGRAPH_UNAVAILABLE',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** Codes that Apollo Server itself answers with when a request breaks the protocol or the schema. */
export const protocolErrorCodes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
] as const;

const publicCodes: ReadonlySet<unknown> = new Set([...errorCodes, ...protocolErrorCodes]);

/** Whether clients may see an error with this code as it is. */
export function isPublicCode(code: unknown): boolean {
  return publicCodes.has(code);
}

export interface PlatformErrorOptions {
  /** What made this one happen; logged, never sent. */
  cause?: unknown;
  /** Further extensions that clients may read, such as `retryAfterSeconds`. */
  extensions?: Record<string, unknown>;
}

/** A failure with a code of the closed list. The message is for people: what happened, to what, what to do. */
export class PlatformError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, { cause, extensions }: PlatformErrorOptions = {}) {
    super(message, { extensions: { ...extensions, code } });
    this.code = code;
    // Set here because GraphQLError takes over the stack of an `originalError` and would expose it to formatters.
    if (cause !== undefined) Object.defineProperty(this, 'cause', { value: cause, configurable: true });
  }
}

/** No valid proof of who asks. */
export const unauthenticated = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('UNAUTHENTICATED', message, options);

/** The viewer is known and may not do this. */
export const forbidden = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('FORBIDDEN', message, options);

/** What was named does not exist, or not for this tenant. */
export const notFound = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('NOT_FOUND', message, options);

/** The input is wrong in a way that its author can put right. */
export const badUserInput = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('BAD_USER_INPUT', message, options);

/** The input is right but clashes with what is stored. */
export const conflict = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('CONFLICT', message, options);

/** Asked too often; `extensions.retryAfterSeconds` says when to come back. */
export const rateLimited = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('RATE_LIMITED', message, options);

/** A subscription cannot go on where it was: what changed meanwhile has to be asked for. */
export const eventsLost = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('EVENTS_LOST', message, options);

/** One operation costs more than is allowed; `extensions.cost` says how much, and how much may be. */
export const costLimitExceeded = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('COST_LIMIT_EXCEEDED', message, options);

/** Only registered documents are taken from this viewer, and this is none. */
export const documentNotTrusted = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('DOCUMENT_NOT_TRUSTED', message, options);

/** The time allowed for the work ran out. */
export const deadlineExceeded = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('DEADLINE_EXCEEDED', message, options);

/** A subgraph did not answer. */
export const subgraphUnavailable = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('SUBGRAPH_UNAVAILABLE', message, options);

/** A part that is needed for this request is down; trying again later may work. */
export const serviceUnavailable = (message: string, options?: PlatformErrorOptions): PlatformError =>
  new PlatformError('SERVICE_UNAVAILABLE', message, options);
