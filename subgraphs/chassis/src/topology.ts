// The names and arguments of everything a service declares in RabbitMQ.
import type { Cmd, MethodParams } from 'rabbitmq-client';

type QueueDeclaration = MethodParams[Cmd.QueueDeclare] & { queue: string };
type ExchangeDeclaration = MethodParams[Cmd.ExchangeDeclare] & { exchange: string };

export interface Topology {
  exchange: ExchangeDeclaration;
  workQueue: string;
  /** One queue for each retry, in order of growing delay. */
  retryQueues: readonly string[];
  deadQueue: string;
  /** All queues of the service, as they are declared. */
  queues: QueueDeclaration[];
}

export interface TopologyOptions {
  namespace: string;
  service: string;
  retryDelaysMs?: readonly number[];
}

const defaultRetryDelaysMs = [1_000, 10_000, 60_000, 300_000];

/**
 * Events go exchange → work queue. A failure goes to a retry queue, where it expires back into this service's
 * work queue alone, and after the last retry to the dead queue. A message that its consumer never answers
 * (it dies each time) goes to the dead queue by the delivery limit.
 */
export function topologyOf({ namespace, service, retryDelaysMs }: TopologyOptions): Topology {
  const workQueue = `${namespace}.${service}.events`;
  const deadQueue = `${workQueue}.dead`;
  const delays = retryDelaysMs ?? defaultRetryDelaysMs;
  const retryQueueOf = (delayMs: number) => `${workQueue}.retry.${delayMs}`;
  return {
    exchange: { exchange: `${namespace}.events`, type: 'topic', durable: true },
    workQueue,
    deadQueue,
    retryQueues: delays.map(retryQueueOf),
    queues: [
      quorum(deadQueue, { 'x-delivery-limit': neverReached }),
      ...[...new Set(delays)].map((delayMs) =>
        quorum(retryQueueOf(delayMs), { 'x-message-ttl': delayMs, ...deadLettersTo(workQueue) }),
      ),
      quorum(workQueue, { 'x-delivery-limit': 20, ...deadLettersTo(deadQueue) }),
    ],
  };
}

/** Where a service is asked questions. Gone when none of its copies has been there for an hour. */
export function questionQueueOf({ namespace, service }: Omit<TopologyOptions, 'retryDelaysMs'>) {
  const queue = `${namespace}.${service}.questions`;
  return { queue, durable: true, arguments: { 'x-expires': 3_600_000 } };
}

// Looking at a dead letter counts as a delivery, and RabbitMQ 4 drops after twenty unless told otherwise.
const neverReached = 1_000_000_000;

function quorum(queue: string, queueArguments: Record<string, string | number>): QueueDeclaration {
  return { queue, durable: true, arguments: { 'x-queue-type': 'quorum', ...queueArguments } };
}

function deadLettersTo(queue: string): Record<string, string> {
  return {
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': queue,
    // Moves a message on only once it has arrived; that mode requires refusing publishers when full.
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}
