// From a kind of check to the probe that asks for it.
import { type AddressGuard, assertHostAllowed } from '@supergraph/chassis/addresses';
import { guardedHttpProbe, httpProbe } from './http.ts';
import { mongodbProbe } from './mongodb.ts';
import type { Probe } from './probe.ts';
import { rabbitmqProbe } from './rabbitmq.ts';
import { redisProbe } from './redis.ts';
import { tcpProbe } from './tcp.ts';

export const checkKinds = ['HTTP', 'TCP', 'MONGODB', 'REDIS', 'RABBITMQ'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** The kinds that tenants may use for targets of their own. */
export const tenantKinds = ['HTTP', 'TCP'] as const;
export type TenantKind = (typeof tenantKinds)[number];

const probesByKind: Readonly<Record<CheckKind, (url: string) => Probe>> = {
  HTTP: httpProbe,
  TCP: tcpProbe,
  MONGODB: mongodbProbe,
  REDIS: redisProbe,
  RABBITMQ: rabbitmqProbe,
};

/** A probe of a part of this platform, named by its operator: any address, connection kept. */
export function platformProbe(kind: CheckKind, url: string): Probe {
  return probesByKind[kind](url);
}

/** A probe of a target that a tenant named: guarded addresses only, nothing kept open. */
export function tenantProbe(target: { kind: TenantKind; url: string }, guard: AddressGuard): Probe {
  const { kind, url } = target;
  const probe = kind === 'HTTP' ? guardedHttpProbe(url, guard.lookup) : tcpProbe(url, guard.lookup);
  return {
    ask: async (signal) => {
      assertHostAllowed(url, guard);
      return probe.ask(signal);
    },
    close: probe.close,
  };
}
