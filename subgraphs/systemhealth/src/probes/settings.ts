// What a tenant says of a check beside its target: what it asks and what it expects. One schema a kind.
import { isIP } from 'node:net';
import { z } from 'zod';
import { assertions, headerName } from '../expectations/assertions.ts';
import { comparisons, isAboutNumbers } from '../expectations/comparisons.ts';

/** Absent, or null: the preset. */
function preset<Type extends z.ZodType, const Preset>(type: Type, value: Preset) {
  return type.nullish().transform((given) => (given ?? value) as z.output<Type> | Preset);
}

const text = (most: number) => z.string().min(1).max(most);
const count = (most: number) => z.number().int().min(0).max(most);
const names = z.array(headerName).max(20).default([]);

export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const statusRange = z.string().refine(
  (value) => {
    const [, first = '', last = first] = /^(\d{3})(?:-(\d{3}))?$/.exec(value) ?? [];
    return Number(first) >= 100 && Number(first) <= Number(last) && Number(last) <= 599;
  },
  { error: 'is not a status such as 204, or a range such as 200-299' },
);

const certificateDays = preset(count(1_000), null);

const http = z.object({
  method: preset(z.enum(httpMethods), 'GET'),
  /** Their values lie with the check's secrets. */
  headerNames: names,
  body: preset(z.string().max(16_384), null),
  redirects: preset(count(5), 0),
  statuses: preset(z.array(statusRange).min(1).max(20), null),
  assertions,
  certificateDays,
});

const tcp = z.object({});

export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT', 'CAA'] as const;

const resolver = z.string().refine((value) => resolverOf(value) !== null, {
  error: 'is not an address such as 9.9.9.9, 9.9.9.9:53 or [2620:fe::fe]:53',
});

const dns = z.object({
  recordType: preset(z.enum(recordTypes), 'A'),
  values: preset(z.array(text(500)).max(20), []),
  resolver: preset(resolver, null),
});

const tls = z.object({ certificateDays: preset(count(1_000), 0), serverName: preset(text(253), null) });

const grpc = z.object({ service: preset(z.string().max(200), '') });

const graphql = z.object({
  document: text(16_384),
  variables: preset(z.string().max(16_384).refine(isJsonObject, { error: 'is not a JSON object' }), null),
  headerNames: names,
  assertions,
  certificateDays,
});

const webSocket = z.object({
  subprotocol: preset(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/), null),
  headerNames: names,
  send: preset(z.string().max(16_384), null),
  assertions: assertions.refine((all) => all.every(({ source }) => source !== 'HEADER'), {
    error: 'may be about BODY and JSON',
  }),
});

const ratio = z.number().min(0).max(1);

const mongodb = z.object({
  maximumLagSeconds: preset(z.number().min(0).max(86_400), null),
  maximumConnectionsRatio: preset(ratio, null),
});

const redis = z.object({
  minimumHitRatio: preset(ratio, null),
  maximumMemoryRatio: preset(ratio, null),
  maximumEvictedKeys: preset(count(2_147_483_647), null),
});

const queue = text(255);

const rabbitmq = z
  .object({
    virtualHost: preset(text(255), '/'),
    queue: preset(queue, null),
    deadLetterQueue: preset(queue, null),
    maximumReady: preset(count(2_147_483_647), null),
    maximumUnacknowledged: preset(count(2_147_483_647), null),
    minimumConsumers: preset(count(1_000_000), null),
    maximumDeadLettered: preset(count(2_147_483_647), null),
  })
  .superRefine((given, context) => {
    const ofQueue = ['maximumReady', 'maximumUnacknowledged', 'minimumConsumers'] as const;
    for (const path of ofQueue.filter((each) => given[each] !== null && given.queue === null))
      context.addIssue({ code: 'custom', path: [path], message: 'needs a queue' });
    if (given.maximumDeadLettered !== null && given.deadLetterQueue === null)
      context.addIssue({
        code: 'custom',
        path: ['maximumDeadLettered'],
        message: 'needs a dead-letter queue',
      });
  });

const prometheus = z.object({
  query: text(4_096),
  comparison: z.enum(comparisons).refine((each) => isAboutNumbers(each) || each.endsWith('EQUALS'), {
    error: 'is not for numbers',
  }),
  value: z.number(),
  headerNames: names,
});

const heartbeat = z.object({
  periodSeconds: z.number().int().min(10).max(31_536_000),
  graceSeconds: preset(z.number().int().min(1).max(31_536_000), 60),
});

export const settingsOf = {
  HTTP: http,
  TCP: tcp,
  DNS: dns,
  TLS: tls,
  GRPC: grpc,
  GRAPHQL: graphql,
  WEBSOCKET: webSocket,
  MONGODB: mongodb,
  REDIS: redis,
  RABBITMQ: rabbitmq,
  PROMETHEUS: prometheus,
  HEARTBEAT: heartbeat,
} as const;

export const checkKinds = [
  'HTTP',
  'TCP',
  'DNS',
  'TLS',
  'GRPC',
  'GRAPHQL',
  'WEBSOCKET',
  'MONGODB',
  'REDIS',
  'RABBITMQ',
  'PROMETHEUS',
  'HEARTBEAT',
] as const satisfies ReadonlyArray<keyof typeof settingsOf>;

export type CheckKind = (typeof checkKinds)[number];

export type SettingsOf<Kind extends CheckKind> = z.output<(typeof settingsOf)[Kind]>;

/** The settings with which a check of this kind runs that was given none; null for kinds that need some. */
export function presetSettings<Kind extends CheckKind>(kind: Kind): SettingsOf<Kind> | null {
  const { data } = settingsOf[kind].safeParse({});
  return (data as SettingsOf<Kind> | undefined) ?? null; // the schema of this very kind
}

/** Whether a status is one of those, written as "204" or "200-299". */
export function isExpectedStatus(status: number, statuses: readonly string[] | null): boolean {
  return (statuses ?? ['200-399']).some((each) => {
    const [first, last = first] = each.split('-');
    return status >= Number(first) && status <= Number(last);
  });
}

/** The address and port of a name server as people write it; null for anything else. */
export function resolverOf(value: string): { address: string; port: number } | null {
  if (isIP(value) !== 0) return { address: value, port: 53 };
  const [, ipv6, ipv4, port] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(value) ?? [];
  const address = ipv6 ?? ipv4 ?? '';
  const isPort = Number(port) > 0 && Number(port) < 65_536;
  return isIP(address) !== 0 && isPort ? { address, port: Number(port) } : null;
}

function isJsonObject(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}
