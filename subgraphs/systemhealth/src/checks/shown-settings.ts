// A check's settings as the schema shows them.
import type { CheckKind } from '../probes/settings.ts';
import type { Resolvers, ResolversUnionTypes } from '../schema.generated.ts';
import { type CheckRow, checkSettings } from './model.ts';

type Shown = ResolversUnionTypes<Record<string, unknown>>['CheckSettings'];

const typeOf = {
  HTTP: 'HttpCheckSettings',
  TCP: null,
  DNS: 'DnsCheckSettings',
  TLS: 'TlsCheckSettings',
  GRPC: 'GrpcCheckSettings',
  GRAPHQL: 'GraphQLCheckSettings',
  WEBSOCKET: 'WebSocketCheckSettings',
  MONGODB: 'MongodbCheckSettings',
  REDIS: 'RedisCheckSettings',
  RABBITMQ: 'RabbitmqCheckSettings',
  PROMETHEUS: 'PrometheusCheckSettings',
  HEARTBEAT: 'HeartbeatCheckSettings',
} as const satisfies Readonly<Record<CheckKind, Shown['__typename'] | null>>;

export function shownSettings(check: CheckRow): Shown | null {
  const settings = checkSettings(check);
  const __typename = typeOf[check.kind];
  if (settings === null || __typename === null) return null;
  return { ...settings, __typename } as Shown; // the settings of a kind have the fields of its type
}

export const settingsResolvers: Pick<Resolvers, 'CheckSettings'> = {
  CheckSettings: { __resolveType: ({ __typename }) => __typename ?? null },
};
