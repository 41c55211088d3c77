// Live topics: what changed, pushed to whoever watches now, over Redis pub/sub. Best effort: an outage of Redis
// delays pushes by up to a minute, older ones are lost, and a subscriber that was away asks for the current state
// again. Durable facts are events (events.ts).

import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type LiveIterator, LiveQueue } from './live-iterator.ts';
import { openLivePublisher } from './live-publisher.ts';
import { connectRedis, quitRedis } from './redis.ts';
import { currentTenant, tenantFor } from './tenancy.ts';

export { type LiveIterator, LiveOverflowError } from './live-iterator.ts';

export interface Live {
  /**
   * Pushes to this service's topic of the tenant in scope; across tenants, name the tenant. Resolves when Redis
   * has it, or it is kept for Redis's return: in the order of the calls, at most 1,000 and for a minute.
   */
  publish(topic: string, payload: object, target?: { tenantId?: string }): Promise<void>;
  /**
   * The topic's messages for the tenant in scope, from now on. Survives a Redis outage; what was published
   * meanwhile comes later, and in rare cases twice. Ends on return, abort or close; an overflow of the buffer ends it with LiveOverflowError.
   */
  subscribe<T extends object>(topic: string, options?: { signal?: AbortSignal }): LiveIterator<T>;
  close(): Promise<void>;
}

export interface LiveOptions {
  url: string;
  namespace: string;
  service: string;
  logger: Logger;
  metrics: Registry;
  /** Most unread messages of one subscriber. Default 1,000. */
  bufferSize?: number;
  /** How often a silent subscriber connection is asked whether it still stands. Default 10,000. */
  heartbeatMs?: number;
  /** How long Redis may take to answer. Default 1,000. */
  commandTimeoutMs?: number;
  /** How long the subscriber connection may leave a question unanswered before it is made anew. Default 5,000. */
  silenceMs?: number;
  /** How long after Redis's return pushes are still held back, so that all copies listen again. Default 1,500. */
  settleMs?: number;
}

/** One channel's subscribers in this process. They share one SUBSCRIBE. */
interface Topic {
  readonly queues: Set<LiveQueue<object>>;
  /** Whether the SUBSCRIBE stands on the present connection. */
  isHeard: boolean;
}

/** Opens two Redis connections, one to publish and one to listen, in the background. */
export function openLive(options: LiveOptions): Live {
  const {
    url,
    namespace,
    service,
    logger,
    bufferSize = 1_000,
    heartbeatMs = 10_000,
    commandTimeoutMs = 1_000,
    silenceMs = 5_000,
  } = options;
  const topics = new Map<string, Topic>();
  const measured = liveMetrics(options.metrics, topics);
  const publisher = openLivePublisher({
    url,
    name: `${service}-live-publisher`,
    logger,
    commandTimeoutMs,
    published: measured.published,
    settleMs: options.settleMs,
  });
  const subscriber = connectRedis({
    url,
    name: `${service}-live-subscriber`,
    logger,
    commandTimeoutMs: silenceMs,
  });
  const channelOf = (tenantId: string, topic: string) => `${namespace}:live:${tenantId}:${service}.${topic}`;

  const listen = async (channel: string, topic: Topic) => {
    if (subscriber.status !== 'ready') return; // the ready handler subscribes to all of them
    try {
      await subscriber.subscribe(channel);
    } catch (error) {
      logger.warn({ err: error, channel }, 'live topic could not be subscribed; reconnecting');
      subscriber.disconnect(true);
      return;
    }
    topic.isHeard = true;
    for (const queue of topic.queues) queue.confirm();
  };
  const forget = (channel: string) => {
    topics.delete(channel);
    if (subscriber.status === 'ready') subscriber.unsubscribe(channel).catch(() => undefined);
  };

  subscriber.on('close', () => {
    for (const topic of topics.values()) topic.isHeard = false;
  });
  subscriber.on('ready', () => {
    for (const [channel, topic] of topics) void listen(channel, topic);
  });
  subscriber.on('message', (channel: string, text: string) => {
    const topic = topics.get(channel);
    if (topic === undefined) return;
    const message = parse(text);
    if (message === null) {
      logger.error({ channel }, 'live message is not a JSON object; dropped');
      return;
    }
    measured.delivered.inc(topic.queues.size);
    // One parse per process: subscribers share the object and must not change it.
    for (const queue of topic.queues) queue.offer(message);
  });
  // A peer that vanished without closing leaves a connection that looks fine and stays silent.
  let isAsking = false;
  const ask = async () => {
    if (isAsking || subscriber.status !== 'ready') return;
    isAsking = true;
    try {
      await subscriber.ping();
    } catch (error) {
      logger.warn({ err: error }, 'Redis does not answer; reconnecting');
      if (subscriber.status === 'ready') subscriber.disconnect(true);
    } finally {
      isAsking = false;
    }
  };
  const heartbeat = setInterval(() => void ask(), heartbeatMs).unref();

  return {
    async publish(topic, payload, target) {
      await publisher.publish(channelOf(tenantFor(target?.tenantId), topic), JSON.stringify(payload));
    },

    subscribe<T extends object>(topic: string, { signal }: { signal?: AbortSignal } = {}): LiveIterator<T> {
      const channel = channelOf(currentTenant(), topic);
      const leave = () => void queue.return();
      const queue: LiveQueue<object> = new LiveQueue({
        limit: bufferSize,
        onEnd() {
          signal?.removeEventListener('abort', leave);
          topicHere.queues.delete(queue);
          if (topicHere.queues.size === 0) forget(channel);
        },
      });
      const known = topics.get(channel);
      const topicHere: Topic = known ?? { queues: new Set(), isHeard: false };
      topicHere.queues.add(queue);
      if (known === undefined) {
        topics.set(channel, topicHere);
        void listen(channel, topicHere);
      } else if (known.isHeard) queue.confirm();
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave, { once: true });
      return queue as unknown as LiveIterator<T>; // publisher and subscriber of a topic agree on its payload
    },

    async close() {
      clearInterval(heartbeat);
      for (const queue of [...topics.values()].flatMap(({ queues }) => [...queues])) void queue.return();
      await Promise.all([publisher.close(), quitRedis(subscriber)]);
    },
  };
}

function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function liveMetrics(registry: Registry, topics: ReadonlyMap<string, Topic>) {
  const registers = [registry];
  new Gauge({
    name: 'live_subscribers',
    help: 'Iterators open on live topics.',
    registers,
    collect() {
      this.set([...topics.values()].reduce((sum, { queues }) => sum + queues.size, 0));
    },
  });
  return {
    published: new Counter({
      name: 'live_published_total',
      help: 'Live messages by outcome: sent to Redis at once, delayed by an outage, or lost.',
      labelNames: ['outcome'],
      registers,
    }),
    delivered: new Counter({
      name: 'live_delivered_total',
      help: 'Live messages handed to subscribers of this process.',
      registers,
    }),
  };
}
