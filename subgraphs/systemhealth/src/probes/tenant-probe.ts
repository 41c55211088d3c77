// A probe of a target that a tenant named: guarded addresses only, nothing kept open.
import { assertHostAllowed } from '@supergraph/chassis/addresses';
import { dnsProbe } from './dns.ts';
import { graphqlProbe } from './graphql.ts';
import { grpcProbe } from './grpc.ts';
import { guardedHttpProbe } from './http.ts';
import { guardedMongodbProbe } from './mongodb.ts';
import type { Probe } from './probe.ts';
import { prometheusProbe } from './prometheus.ts';
import { guardedAmqpProbe } from './rabbitmq.ts';
import { rabbitmqManagementProbe } from './rabbitmq-management.ts';
import type { Target } from './reaching.ts';
import { guardedRedisProbe } from './redis.ts';
import type { CheckKind, SettingsOf } from './settings.ts';
import { tcpProbe } from './tcp.ts';
import { tlsProbe } from './tls.ts';
import { webSocketProbe } from './websocket.ts';

/** The kinds that ask a target. To a heartbeat the target comes by itself. */
export type AskingKind = Exclude<CheckKind, 'HEARTBEAT'>;

type Makers = { readonly [Kind in AskingKind]: (target: Target, settings: SettingsOf<Kind>) => Probe };

const makers: Makers = {
  HTTP: guardedHttpProbe,
  TCP: guardedTcpProbe,
  DNS: dnsProbe,
  TLS: tlsProbe,
  GRPC: grpcProbe,
  GRAPHQL: graphqlProbe,
  WEBSOCKET: webSocketProbe,
  MONGODB: guardedMongodbProbe,
  REDIS: guardedRedisProbe,
  RABBITMQ: (target, settings) =>
    target.url.startsWith('http') ? rabbitmqManagementProbe(target, settings) : guardedAmqpProbe(target),
  PROMETHEUS: prometheusProbe,
};

export function tenantProbe<Kind extends AskingKind>(
  kind: Kind,
  target: Target,
  settings: SettingsOf<Kind>,
): Probe {
  return makers[kind](target, settings);
}

function guardedTcpProbe({ url, guard }: Target): Probe {
  const probe = tcpProbe(url, guard.lookup);
  return {
    ask: async (signal) => {
      assertHostAllowed(url, guard);
      return probe.ask(signal);
    },
    close: probe.close,
  };
}
