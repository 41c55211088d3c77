// Forgets what was kept when an event says that it changed. The events come by one durable queue of all gateways: what
// happens while none runs is heard of when one does, and each is handled by one of them for all.
import type { Broker } from '@supergraph/chassis/broker';
import type { ChangeSource } from '@supergraph/chassis/cache-marks';
import { bytesOf } from '@supergraph/chassis/delivery';
import type { EventContracts } from '@supergraph/chassis/events';
import type { Logger } from '@supergraph/chassis/logging';
import type { Counter } from 'prom-client';
import { tagsChangedBy } from './changeTags.ts';
import type { EntryStore } from './entryStore.ts';

export interface Invalidation {
  /** Listens to the events of these sources, too, from now on. */
  follow(sources: Iterable<ChangeSource>): void;
  /** Whether events of these types reach the queue, and this process reads it: else nothing may be kept. */
  hearsOf(sources: readonly ChangeSource[]): boolean;
  stop(): Promise<void>;
}

export interface InvalidationOptions {
  broker: Broker;
  contracts: EventContracts;
  store: Pick<EntryStore, 'change'>;
  logger: Logger;
  /** Events that made something be forgotten. */
  changes: Counter<'event'>;
  /** Pause before an event is tried again that Redis did not take. Default 200. */
  retryMs?: number;
}

export function createInvalidation(options: InvalidationOptions): Invalidation {
  const { broker, contracts, store, logger, changes, retryMs = 200 } = options;
  const sources = new Map<string, ChangeSource>();
  let heard: ReadonlySet<string> = new Set();
  let consumer: ReturnType<Broker['consume']> | undefined;
  let isStopped = false;
  let underWay = 0;

  /** Redis may be away: then nothing that is kept is told either, and the event waits. */
  async function forget(tags: readonly string[]): Promise<boolean> {
    for (;;) {
      try {
        await store.change(tags);
        return true;
      } catch (error) {
        if (isStopped) return false;
        logger.debug({ err: error }, 'an event waits until Redis can forget what it changed');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  async function counted(message: { body: unknown }): Promise<void> {
    underWay += 1;
    try {
      await handle(message);
    } finally {
      underWay -= 1;
    }
  }

  async function handle({ body }: { body: unknown }): Promise<void> {
    let event: ReturnType<EventContracts['check']>;
    try {
      event = contracts.check(JSON.parse(bytesOf(body).toString()));
    } catch (error) {
      // Nobody can act on it later either; what it would have changed is forgotten with time.
      logger.warn({ err: error }, 'an event could not be read, and nothing is forgotten for it');
      return;
    }
    if (!(await forget(tagsChangedBy(event, sources.values()))))
      throw new Error('The gateway stops before Redis took the event.');
    changes.inc({ event: event.type });
  }

  // What was said while nobody listened has to have its effect before anything is told that was kept before.
  const forgetReadiness = broker.onConnected(() => {
    heard = new Set();
  });

  async function isCaughtUp(): Promise<boolean> {
    const queue = { queue: broker.topology.workQueue, passive: true };
    try {
      while (!isStopped && ((await broker.connection.queueDeclare(queue)).messageCount > 0 || underWay > 0))
        await new Promise((resolve) => setTimeout(resolve, retryMs / 4));
      return !isStopped;
    } catch (error) {
      logger.debug(
        { err: error },
        'the queue of changes could not be looked at; it will be when RabbitMQ is back',
      );
      return false;
    }
  }

  function listen(): void {
    const types = new Set([...sources.values()].map(({ eventType }) => eventType));
    const before = consumer;
    const next = broker.consume({ routingKeys: [...types], concurrency: 8, handle: counted });
    next.on('ready', async () => {
      if (await isCaughtUp()) heard = types;
      before?.close().catch((error: unknown) => logger.debug({ err: error }, 'a consumer did not close'));
    });
    consumer = next;
  }

  return {
    follow(given) {
      const known = sources.size;
      for (const source of given) sources.set(JSON.stringify(source), source);
      if (sources.size > known) listen();
    },
    hearsOf: (wanted) =>
      wanted.length === 0 || (broker.isConnected && wanted.every(({ eventType }) => heard.has(eventType))),
    async stop() {
      isStopped = true;
      forgetReadiness();
      heard = new Set();
      const closing = consumer?.close();
      if (broker.isConnected) await closing;
      else closing?.catch(() => undefined);
    },
  };
}
