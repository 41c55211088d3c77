// Configuration comes from the environment alone and is read once, by one zod schema per service.
import { z } from 'zod';

/** A wrong or missing environment variable. The message names each one and never shows a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** Names of the variables that are wrong or missing. */
  readonly variables: readonly string[];

  constructor(service: string, problems: ReadonlyMap<string, string>) {
    const lines = [...problems].map(([variable, problem]) => `  ${variable}: ${problem}`);
    super(`${service} cannot start, its environment is wrong:\n${lines.join('\n')}`);
    this.variables = [...problems.keys()];
  }
}

/** A URL whose scheme is one of the given, kept as a string. May hold credentials: never log it. */
export function urlVariable(...schemes: [string, ...string[]]): z.ZodString {
  const expected = schemes.map((scheme) => `${scheme}://`).join(' or ');
  return z
    .string()
    .refine((value) => schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value), {
      error: `expected a URL that begins with ${expected}`,
    });
}

/** A variable that holds JSON of the given shape. */
export function jsonVariable<Shape extends z.ZodType>(shape: Shape) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        // JSON.parse's own message quotes the text, which may be a secret.
        context.addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(shape);
}

/** A whole number of milliseconds, written as digits. */
export function millisecondsVariable({ minimum, maximum }: { minimum: number; maximum: number }) {
  return z.coerce.number({ error: 'expected a number of milliseconds' }).int().min(minimum).max(maximum);
}

/** A key that secrets are sealed with at rest (sealing.ts): 32 bytes in base64. */
export const encryptionKeyVariable = z
  .string()
  .refine((value) => Buffer.from(value, 'base64').length === 32, { error: 'expected 32 bytes in base64' })
  .transform((value) => Buffer.from(value, 'base64'));

export const emailVariable = z
  .string()
  .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, { error: 'expected an e-mail address' });

/** Ed25519 public key as JWK (RFC 8037). */
const ed25519PublicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  kid: z.string().optional(),
});

/** Ed25519 private key as JWK (RFC 8037). */
export const ed25519PrivateJwk = ed25519PublicJwk.extend({ d: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

/** Names a region in databases' names, in events and to operators. */
const regionName = z.string().regex(/^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,14}$/, {
  error: 'expected 1 to 15 of a-z, 0-9 and inner hyphens, beginning with a letter',
});

/** What every service needs; a subgraph adds its own with `chassisConfig.extend({…})`. */
export const chassisConfig = z.object({
  /** Listen address. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Listen port; 0 takes any free one. */
  PORT: z.coerce.number({ error: 'expected a port number from 0 to 65535' }).int().min(0).max(65_535),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  /** Keeps installations and tests apart that share backing services. */
  NAMESPACE: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,30}$/, {
      error: 'expected a lower-case letter, then up to 30 of a-z, 0-9, _ and -',
    })
    .default('platform'),
  MONGODB_URI: urlVariable('mongodb', 'mongodb+srv'),
  /** The name of the region at MONGODB_URI, which holds what belongs to no single tenant. */
  HOME_REGION: regionName.default('default'),
  /** The other regions in which tenants' data may lie: a JSON object from name to MongoDB URI. */
  MONGODB_URIS: jsonVariable(z.record(regionName, urlVariable('mongodb', 'mongodb+srv'))).default({}),
  REDIS_URL: urlVariable('redis', 'rediss'),
  AMQP_URL: urlVariable('amqp', 'amqps'),
  /** Ed25519 public JWK that passports are verified with. */
  PASSPORT_PUBLIC_KEY: jsonVariable(ed25519PublicJwk),
  /** OTLP/HTTP collector, for example http://127.0.0.1:4318; absent: traces are propagated, not exported. */
  OTEL_EXPORTER_OTLP_ENDPOINT: urlVariable('http', 'https').optional(),
  /** Part of the traces that is recorded, from 0 to 1. All services take the same. */
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number({ error: 'expected a number' }).min(0).max(1).default(1),
  /** Most time for one GraphQL query or mutation. */
  OPERATION_DEADLINE_MS: millisecondsVariable({ minimum: 1, maximum: 600_000 }).default(30_000),
  /** How long a stopping service still accepts requests, so that clients and load balancers turn away first. */
  SHUTDOWN_DELAY_MS: millisecondsVariable({ minimum: 0, maximum: 60_000 }).default(500),
  /** How long in-flight work may take to finish at a stop. */
  SHUTDOWN_GRACE_MS: millisecondsVariable({ minimum: 0, maximum: 600_000 }).default(10_000),
});

export type ChassisConfig = z.infer<typeof chassisConfig>;

export interface ReadConfigOptions {
  /** Who reads, for the error's first line. */
  service: string;
  /** Default: the process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads and checks the environment.
 * @throws ConfigError naming every wrong or missing variable and what was expected of it.
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  options: ReadConfigOptions,
): z.output<Schema> {
  const { service, env = process.env } = options;
  // `NAME=` in a shell or a compose file means "not set"; zod would read Number('') as 0.
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) =>
      env[name] === undefined || env[name] === '' ? [] : [[name, env[name]]],
    ),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = new Map<string, string>();
  for (const issue of result.error.issues) {
    const [variable, ...inner] = issue.path.map(String);
    if (variable === undefined) continue;
    const problem =
      given[variable] === undefined
        ? 'is required and not set'
        : `${inner.length > 0 ? `at ${inner.join('.')} ` : ''}${issue.message}`;
    if (!problems.has(variable)) problems.set(variable, problem);
  }
  throw new ConfigError(service, problems);
}
