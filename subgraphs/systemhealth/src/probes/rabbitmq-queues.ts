// How the platform's own queues stand, by the management API of its broker. Asked beside the probe and not within it: whether
// RabbitMQ is up is said by AMQP alone, and a slow or absent management API is a gap in a chart and no outage.
import { Agent } from 'undici';
import { z } from 'zod';
import type { Measurement } from './measurement.ts';
import { deadLettered, getJson, measured, queueAnswered } from './rabbitmq-management.ts';

export interface PlatformQueues {
  /** Where the management API is, with user name and password. */
  readonly url: string;
  /** Of the services: their queues begin with it. */
  readonly namespace: string;
  readonly virtualHost: string;
}

export interface QueueWatch {
  /** What was found since the last call; nothing in between. Has the queues asked anew when it is time. */
  take(): readonly Measurement[];
  close(): Promise<void>;
}

/** The API's own figures are five seconds old. */
const everyMs = 10_000;
const timeoutMs = 5_000;

const answered = z.object({ items: z.array(queueAnswered.extend({ name: z.string() })) });

export function watchQueues(queues: PlatformQueues): QueueWatch {
  const dispatcher = new Agent({ connections: 1, keepAliveTimeout: 30_000 });
  let found: readonly Measurement[] = [];
  let askedAt = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<void> {
    const { virtualHost, namespace } = queues;
    const query = new URLSearchParams({
      ...{ page: '1', page_size: '500', name: `${namespace}.`, pagination: 'true' },
      columns: 'name,messages,messages_ready,messages_unacknowledged,consumers,message_stats',
    });
    const path = `queues/${encodeURIComponent(virtualHost)}?${query}`;
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await getJson(queues, path, { agent: { dispatcher }, signal });
    found = measurementsOf(answered.parse(answer).items, namespace);
  }

  return {
    take() {
      if (performance.now() - askedAt >= everyMs) {
        askedAt = performance.now();
        // What is missing is unknown: an absence rule tells who wants to know.
        ask().catch(() => undefined);
      }
      const taken = found;
      found = [];
      return taken;
    },
    close: () => dispatcher.destroy(),
  };
}

/** Of the work queue of each service, with what lies in its dead queue. */
function measurementsOf(queues: z.infer<typeof answered>['items'], namespace: string): Measurement[] {
  const named = new Map(queues.map((queue) => [queue.name, queue]));
  return queues
    .filter(({ name }) => name.startsWith(`${namespace}.`) && name.endsWith('.events'))
    .flatMap((queue) => {
      const dead = named.get(`${queue.name}.dead`);
      return [...measured(queue, queue.name), ...(dead ? [deadLettered(dead, queue.name)] : [])];
    });
}
