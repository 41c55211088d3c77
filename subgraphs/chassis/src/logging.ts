// JSON logs on stdout, each line with the service, the tenant and the trace it belongs to.
import { type DestinationStream, type Logger, pino } from 'pino';
import { redact, redactedKeys, stripCredentials } from './redaction.ts';
import { currentScope } from './tenancy.ts';
import { currentTraceId } from './tracing.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  service: string;
  level: string;
  /** Default: stdout. */
  destination?: DestinationStream;
}

/** A logger that hides secrets and personal data by the name of the field, at any depth. */
export function createLogger({ service, level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => redact(fields) as Record<string, unknown>, // an object in is an object out
    },
    // `redact` has made plain objects of errors; pino would take them for errors again.
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: (line: string) => stripCredentials(line) },
    // Bindings of child loggers do not pass through `formatters.log`.
    redact: { paths: redactedKeys.flatMap((key) => [`["${key}"]`]), censor: '[redacted]' },
    mixin: () => {
      const traceId = currentTraceId();
      const tenant = currentScope()?.tenantId;
      return {
        ...(traceId === undefined ? {} : { trace_id: traceId }),
        ...(tenant === undefined ? {} : { tenant }),
      };
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
