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

/** A part of this platform as its operator names it: any address, credentials included. */
export interface PlatformPart {
  readonly url: string;
  /** Of RabbitMQ: where its management API is; absent: its queues are not measured. */
  readonly managementUrl?: string | undefined;
  /** Of the services, as their queues are called. */
  readonly namespace: string;
}

const probesByKind: Readonly<Record<PlatformKind, (part: PlatformPart) => Probe>> = {
  HTTP: ({ url }) => httpProbe(url),
  TCP: ({ url }) => tcpProbe(url),
  MONGODB: ({ url }) => mongodbProbe(url),
  REDIS: ({ url }) => redisProbe(url),
  RABBITMQ: rabbitmqProbe,
};

/** Keeps its connection. */
export function platformProbe(kind: PlatformKind, part: PlatformPart): Probe {
  return probesByKind[kind](part);
}
