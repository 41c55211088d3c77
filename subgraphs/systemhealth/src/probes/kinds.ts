// From a kind of check to the probe that asks for it.
import { httpProbe } from './http.ts';
import { mongodbProbe } from './mongodb.ts';
import type { Probe } from './probe.ts';
import { rabbitmqProbe } from './rabbitmq.ts';
import { redisProbe } from './redis.ts';
import { tcpProbe } from './tcp.ts';

/** The kinds in which an operator names parts of the platform. */
export const platformKinds = ['HTTP', 'TCP', 'MONGODB', 'REDIS', 'RABBITMQ'] as const;
export type PlatformKind = (typeof platformKinds)[number];

const probesByKind: Readonly<Record<PlatformKind, (url: string) => Probe>> = {
  HTTP: httpProbe,
  TCP: tcpProbe,
  MONGODB: mongodbProbe,
  REDIS: redisProbe,
  RABBITMQ: rabbitmqProbe,
};

/** A probe of a part of this platform, named by its operator: any address, connection kept. */
export function platformProbe(kind: PlatformKind, url: string): Probe {
  return probesByKind[kind](url);
}
