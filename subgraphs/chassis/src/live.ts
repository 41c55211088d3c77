// Live topics: what changed, pushed to whoever watches now, over Redis pub/sub. A topic that keeps a log tells
// whoever was away for a moment what they missed. The others are best effort: an outage of Redis delays pushes by up
// to a minute, older ones are lost, and a subscriber that was away asks for the current state again. Durable facts
// are events (events.ts).

import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LiveBookmark } from './live-bookmark.ts';
import { type FollowedLog, LiveFollower } from './live-follower.ts';
import { type LiveIterator, LiveQueue } from './live-iterator.ts';
import {
  defaultLogLimits,
  type LiveLogLimits,
  logKeys,
  logPosition,
  parseHeard,
  readLog,
} from './live-log.ts';
import { openLivePublisher } from './live-publisher.ts';
import { connectRedis, quitRedis } from './redis.ts';
import { currentTenant, tenantFor } from './tenancy.ts';

export { type LiveIterator, LiveOverflowError } from './live-iterator.ts';
export type { LiveLogLimits } from './live-log.ts';

/** Topics that keep a log, with their bounds where these differ from the defaults. */
export type LiveLogs = Readonly<Record<string, Partial<LiveLogLimits>>>;

export interface LiveSubscription {
  /** Ends it when aborted. */
  signal?: AbortSignal;
  /** Where to begin, and how far it has come: the context's. Only topics with a log use it. */
  bookmark?: LiveBookmark;
}

export interface Live {
  /**
   * Pushes to this service's topic of the tenant in scope; across tenants, name the tenant. Resolves when Redis
   * has it, or it is kept for Redis's return: in the order of the calls, at most 10,000 and for a minute.
   */
  publish(topic: string, payload: object, target?: { tenantId?: string }): Promise<void>;
  /**
   * The topic's messages for the tenant in scope, from now on, or from the bookmark's place. Survives a Redis outage;
   * what was published meanwhile comes later: once and in its order where the topic keeps a log, else in rare cases
   * twice. Ends on return, abort or close; without a log also with a LiveOverflowError when its buffer is full.
   */
  subscribe<T extends object>(topic: string, options?: LiveSubscription): LiveIterator<T>;
  close(): Promise<void>;
}

export interface LiveOptions {
  url: string;
  namespace: string;
  service: string;
  logger: Logger;
  metrics: Registry;
  /** Default: none. */
  logs?: LiveLogs;
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
  readonly followers: Set<LiveFollower<object>>;
  /** Whether the SUBSCRIBE stands on the present connection. */
  isHeard: boolean;
}

/** Opens two Redis connections in the background, one to publish and one to listen; a third to read logs, if any. */
export function openLive(options: LiveOptions): Live {
  const {
    url,
    namespace,
    service,
    logger,
    logs = {},
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
  const limitsOf = new Map(
    Object.entries(logs).map(([topic, limits]) => [topic, { ...defaultLogLimits, ...limits }]),
  );
  const reader =
    limitsOf.size === 0
      ? undefined
      : connectRedis({ url, name: `${service}-live-reader`, logger, commandTimeoutMs });
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
    for (const follower of topic.followers) follower.stand();
  };
  const forget = (channel: string, { queues, followers }: Topic) => {
    if (queues.size + followers.size > 0) return;
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
    measured.delivered.inc(topic.queues.size + topic.followers.size);
    if (topic.followers.size > 0) hearLogged(topic, text);
    if (topic.queues.size === 0) return;
    const message = parse(text);
    if (message === null) {
      logger.error({ channel }, 'live message is not a JSON object; dropped');
      return;
    }
    // One parse per process: subscribers share the object and must not change it.
    for (const queue of topic.queues) queue.offer(message);
  });
  const hearLogged = ({ followers }: Topic, text: string) => {
    const entry = parseHeard(text);
    // Told by a copy of before the topic kept a log: it stands nowhere.
    if (entry === null) return;
    // The same object to all, so that it is parsed once.
    for (const follower of followers) follower.hear(entry);
  };
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
      const channel = channelOf(tenantFor(target?.tenantId), topic);
      await publisher.publish({ channel, text: JSON.stringify(payload), limits: limitsOf.get(topic) });
    },

    subscribe<T extends object>(topic: string, { signal, bookmark }: LiveSubscription = {}): LiveIterator<T> {
      const channel = channelOf(currentTenant(), topic);
      const topicHere: Topic = topics.get(channel) ?? {
        queues: new Set(),
        followers: new Set(),
        isHeard: false,
      };
      const leave = () => void iterator.return?.();
      const onEnd = () => {
        signal?.removeEventListener('abort', leave);
        leaveTopic();
        if (topics.get(channel) === topicHere) forget(channel, topicHere);
      };
      let leaveTopic: () => void = () => undefined;
      let iterator: LiveIterator<object>;
      if (reader !== undefined && limitsOf.has(topic)) {
        const follower = new LiveFollower<object>({
          ...{ bookmark, parse, logger, limit: bufferSize, onEnd },
          log: logOf(reader, channel),
        });
        topicHere.followers.add(follower);
        leaveTopic = () => topicHere.followers.delete(follower);
        if (topicHere.isHeard) follower.stand();
        iterator = follower;
      } else {
        const queue = new LiveQueue<object>({ limit: bufferSize, onEnd });
        topicHere.queues.add(queue);
        leaveTopic = () => topicHere.queues.delete(queue);
        if (topicHere.isHeard) queue.confirm();
        iterator = queue;
      }
      if (!topics.has(channel)) {
        topics.set(channel, topicHere);
        void listen(channel, topicHere);
      }
      if (signal?.aborted === true) leave();
      else signal?.addEventListener('abort', leave, { once: true });
      return iterator as LiveIterator<T>; // publisher and subscriber of a topic agree on its payload
    },

    async close() {
      clearInterval(heartbeat);
      const iterators = [...topics.values()].flatMap(({ queues, followers }) => [...queues, ...followers]);
      for (const iterator of iterators) void iterator.return();
      reader?.disconnect();
      await Promise.all([publisher.close(), quitRedis(subscriber)]);
    },
  };
}

function logOf(redis: Redis, channel: string): FollowedLog {
  const keys = logKeys(channel);
  return {
    position: () => logPosition(redis, keys),
    after: (after, most) => readLog(redis, keys, { after, most }),
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
      const open = [...topics.values()].map(({ queues, followers }) => queues.size + followers.size);
      this.set(open.reduce((sum, size) => sum + size, 0));
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
