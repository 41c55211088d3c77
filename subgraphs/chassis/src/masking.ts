// What clients learn of a failure: errors of the closed list as they are, everything else masked and logged.
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { isPublicCode } from './errors.ts';
import { currentTraceId } from './tracing.ts';

/** Errors that say "MongoDB does not serve us now"; the driver retries, so the next attempt may succeed. */
const outages = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoServerClosedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoClientClosedError',
  // Ours: MongoDB was away for longer than a transaction may take, or conflicts did not end.
  'TransactionDeadlineError',
]);

/** Of one operation's errors; the rest say the same thousands of times, each with its stack. */
const mostLogged = 5;

/** What one operation says of its failures: the first few, and at its end how many more there were. */
export class FailureLog {
  readonly #logger: Logger;
  #seen = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  write(level: 'warn' | 'error', facts: object, message: string): void {
    this.#seen += 1;
    if (this.#seen <= mostLogged) this.#logger[level](facts, message);
  }

  end(): void {
    const errors = this.#seen - mostLogged;
    if (errors > 0) this.#logger.error({ errors }, 'further errors of this operation were not logged');
  }
}

/** All errors of one result, as `maskError` does with each. */
export function maskErrors(errors: readonly unknown[], logger: Logger): GraphQLFormattedError[] {
  const log = new FailureLog(logger);
  const masked = errors.map((error) => maskError(error, log));
  log.end();
  return masked;
}

/**
 * The error as a client may see it. Logs what it hides, with the trace id that the client is told.
 * @param error what was thrown, or the GraphQLError around it.
 */
export function maskError(error: unknown, logger: Logger | FailureLog): GraphQLFormattedError {
  const log = logger instanceof FailureLog ? logger : new FailureLog(logger);
  const thrown = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const place = error instanceof GraphQLError ? placeOf(error) : {};
  const code = codeOf(error) ?? codeOf(thrown);
  if (error instanceof GraphQLError && isPublicCode(code) && code !== 'INTERNAL_SERVER_ERROR') {
    const cause = thrown instanceof Error ? thrown.cause : undefined;
    if (cause !== undefined) log.write('warn', { err: thrown, path: error.path, code }, 'operation failed');
    const { stacktrace: _, http: __, ...extensions } = error.extensions;
    return { message: error.message, ...place, extensions: { ...extensions, code } };
  }
  const path = error instanceof GraphQLError ? error.path : undefined;
  if (thrown instanceof Error && outages.has(thrown.name)) {
    log.write('error', { err: thrown, path }, 'the database is not reachable');
    const message = 'The database cannot be reached right now. Try again in a moment.';
    return { message, ...place, extensions: { code: 'SERVICE_UNAVAILABLE', traceId: currentTraceId() } };
  }
  log.write('error', { err: thrown, path }, 'unexpected error');
  const traceId = currentTraceId() ?? 'none';
  return {
    message: `Something went wrong on our side. Quote trace ${traceId} when you report it.`,
    ...place,
    extensions: { code: 'INTERNAL_SERVER_ERROR', traceId },
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof GraphQLError ? error.extensions.code : undefined;
}

function placeOf({ path, locations }: GraphQLError): Pick<GraphQLFormattedError, 'path' | 'locations'> {
  return { ...(locations === undefined ? {} : { locations }), ...(path === undefined ? {} : { path }) };
}
