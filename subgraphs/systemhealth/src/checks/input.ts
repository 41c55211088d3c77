// What a check may be given, when it is made and when it is changed.
import { z } from 'zod';
import { headerName } from '../expectations/assertions.ts';
import { type CheckKind, checkKinds, type SettingsOf, settingsOf } from '../probes/settings.ts';
import { targetProblem } from './target.ts';

const milliseconds = (minimum: number, maximum: number) => z.number().int().min(minimum).max(maximum);

const name = z.string().trim().min(1).max(100);
const target = z.string().max(2_000);
const intervalMs = milliseconds(5_000, 86_400_000);
const timeoutMs = milliseconds(100, 30_000);
const degradedAfterMs = milliseconds(1, 30_000);
const pendingMs = milliseconds(0, 3_600_000);

const keyOf: Readonly<Record<CheckKind, string | null>> = {
  HTTP: 'http',
  TCP: null,
  DNS: 'dns',
  TLS: 'tls',
  GRPC: 'grpc',
  GRAPHQL: 'graphql',
  WEBSOCKET: 'webSocket',
  MONGODB: 'mongodb',
  REDIS: 'redis',
  RABBITMQ: 'rabbitmq',
  PROMETHEUS: 'prometheus',
  HEARTBEAT: 'heartbeat',
};

/** Headers that say how the connection is used, or whom it is for. */
const keptHeaders = new Set([
  ...['connection', 'content-length', 'expect', 'host', 'keep-alive', 'proxy-authorization'],
  ...['proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

const headers = z
  .array(
    z.object({
      name: headerName.refine(
        (given) => !keptHeaders.has(given) && !given.startsWith('sec-websocket-'),
        "can't be set",
      ),
      value: z
        .string()
        .max(4_096)
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'holds characters that no header can' })
        .nullish(),
    }),
  )
  .max(20)
  .refine((all) => new Set(all.map((each) => each.name)).size === all.length, { error: 'has a name twice' });

/** A header's value; null: the one that the check has. */
export type GivenHeaders = Readonly<Record<string, string | null>>;

export interface GivenSettings {
  readonly settings: SettingsOf<CheckKind>;
  readonly headers: GivenHeaders;
}

export const newCheck = z
  .object({
    serviceId: z.string().max(64),
    name,
    kind: z.enum(checkKinds),
    target: target.nullish().transform((given) => given ?? null),
    intervalMs: intervalMs.nullish(),
    timeoutMs: timeoutMs.nullish().transform((given) => given ?? 5_000),
    degradedAfterMs: degradedAfterMs.nullish().transform((given) => given ?? null),
    downAfterMs: pendingMs.nullish().transform((given) => given ?? 3_000),
    upAfterMs: pendingMs.nullish().transform((given) => given ?? 0),
    settings: z.unknown().optional(),
  })
  .superRefine(({ kind, target, intervalMs, timeoutMs }, context) => {
    const wrong = (path: string, message: string | null) => {
      if (message !== null) context.addIssue({ code: 'custom', path: [path], message });
    };
    wrong('target', targetProblem(kind, target));
    if (kind === 'HEARTBEAT') wrong('intervalMs', intervalMs ? 'is not for HEARTBEAT' : null);
    else
      wrong('timeoutMs', timeoutMs > (intervalMs ?? presetIntervalMs) ? 'is longer than the interval' : null);
  });

export const presetIntervalMs = 30_000;

export const checkChange = z
  .object({
    name,
    target,
    intervalMs,
    timeoutMs,
    degradedAfterMs: degradedAfterMs.nullable(),
    downAfterMs: pendingMs,
    upAfterMs: pendingMs,
  })
  .partial();

export type ParsedSettings =
  | { readonly success: true; readonly data: GivenSettings }
  | { readonly success: false; readonly error: z.ZodError };

/** What is given for a check of this kind: that of its kind, or nothing. Issues are in `settings`. */
export function parseSettings(kind: CheckKind, given: unknown): ParsedSettings {
  const key = keyOf[kind];
  const all = Object.entries(Object(given ?? {})).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  const foreign = all.find(([each]) => each !== key)?.[0];
  if (foreign !== undefined)
    return failed([{ code: 'custom', path: [foreign], message: `is not for ${kind}`, input: given }], []);
  const path = key === null ? [] : [key];
  const own = Object(all[0]?.[1] ?? {}) as Record<string, unknown>; // an input object, or nothing
  const givenHeaders = headers.safeParse(own.headers ?? []);
  if (!givenHeaders.success) return failed(givenHeaders.error.issues, [...path, 'headers']);
  const headerNames = givenHeaders.data.map((each) => each.name);
  const parsed = settingsOf[kind].safeParse({ ...own, headerNames });
  if (!parsed.success) return failed(parsed.error.issues, path);
  const values = Object.fromEntries(givenHeaders.data.map((each) => [each.name, each.value ?? null]));
  return { success: true, data: { settings: parsed.data, headers: values } };
}

function failed(issues: readonly z.core.$ZodIssue[], path: readonly string[]): ParsedSettings {
  const inSettings = issues.map((issue) => ({ ...issue, path: ['settings', ...path, ...issue.path] }));
  return { success: false, error: new z.ZodError(inSettings) };
}
