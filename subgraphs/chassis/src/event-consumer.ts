// Takes events from the work queue, one transaction each: the effect and the inbox entry, or neither.
// What fails comes back later by the retry queues; what cannot succeed goes to the dead queue at once. What this
// copy does not know comes back too: while a new version is rolled out, copies of both share the queue.
import { SpanKind } from '@opentelemetry/api';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type AsyncMessage, type Consumer, ConsumerStatus } from 'rabbitmq-client';
import type { Broker } from './broker.ts';
import { bytesOf, deliveryOf, failureHeaders } from './delivery.ts';
import { type BatchHandler, EventBatches } from './event-batches.ts';
import { consumerMetrics } from './event-consumer-metrics.ts';
import { type EventHandlers, isBatchHandler, type SingleHandler } from './event-handlers.ts';
import {
  type AnyCloudEvent,
  type EventContracts,
  InvalidEventError,
  UnknownEventTypeError,
} from './events.ts';
import { DuplicateEvent, type Inbox } from './inbox.ts';
import type { Residence } from './models.ts';
import { isOutage } from './outage.ts';
import { Places } from './places.ts';
import { stripCredentials } from './redaction.ts';
import { inTenant } from './tenancy.ts';
import type { Tracing } from './tracing.ts';
import type { Transaction, UnitOfWork } from './transaction.ts';

export interface EventConsumerOptions<Service> {
  broker: Broker;
  contracts: EventContracts;
  handlers: EventHandlers<Service>;
  service: Service;
  inbox: Inbox;
  /** Where the effects of handlers lie that don't say. Default: in the event's tenant's region. */
  usually?: Residence | undefined;
  /** Runs before an event takes effect, outside of its tenant: what it says about where the tenant lives. */
  learn?: ((event: AnyCloudEvent) => Promise<void>) | undefined;
  transaction: Transaction;
  tracing: Pick<Tracing, 'serve'>;
  logger: Logger;
  metrics: Registry;
  /** Most events handled at once, beside those that are taken in batches. Default 8. */
  concurrency?: number;
}

/** Most events that are taken in batches and wait or are under way. */
const mostInBatches = 2_000;
/** Should the database go away, all of those are set aside at once, and the broker takes 1,000 publications. */
const mostSetAside = 500;

export interface EventConsumer {
  name: string;
  start(): Promise<void>;
  /** Stops taking events and waits for those being handled. */
  stop(): Promise<void>;
  /** Settles when the queues stand and events flow for the first time. */
  readonly ready: Promise<void>;
}

type Outcome = 'handled' | 'duplicate' | 'retried' | 'dead';

export function createEventConsumer<Service>(options: EventConsumerOptions<Service>): EventConsumer {
  const {
    broker,
    contracts,
    inbox,
    usually = 'region',
    learn,
    transaction,
    tracing,
    logger,
    concurrency = 8,
  } = options;
  const measured = consumerMetrics(options.metrics);
  // One list for all types: a handler is looked up by the type of the very event it is then given.
  const handlers = new Map(Object.entries(options.handlers)) as Map<
    string,
    SingleHandler<Service> | BatchHandler<Service>
  >;
  const isBatched = [...handlers.values()].some((handler) => isBatchHandler(handler));
  const singles = new Places(concurrency);
  const settingAside = new Places(mostSetAside);
  let consumer: Consumer | undefined;
  const underway = new Set<Promise<unknown>>();
  let markReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    markReady = resolve;
  });

  const setAside = async (
    message: AsyncMessage,
    next: { queue: string; attempts: number; reason: string },
  ) => {
    const delivery = deliveryOf(message);
    const headers = failureHeaders(delivery, next);
    await settingAside.take(() => broker.send(next.queue, { ...delivery, headers }));
  };

  const bury = async (message: AsyncMessage, reason: string, attempts = deliveryOf(message).attempts) => {
    logger.error(
      { eventId: deliveryOf(message).messageId, reason, attempts },
      'event goes to the dead queue',
    );
    await setAside(message, { queue: broker.topology.deadQueue, attempts, reason });
    return 'dead' as const;
  };

  const retry = async (message: AsyncMessage, error: unknown) => {
    const { messageId, attempts: before } = deliveryOf(message);
    const { retryQueues } = broker.topology;
    // While the database is away nothing can succeed, so waiting for it uses up no attempt.
    const attempts = isOutage(error) ? before : before + 1;
    const queue = retryQueues[Math.min(before, retryQueues.length - 1)];
    if (queue === undefined || attempts > retryQueues.length) return bury(message, describe(error), attempts);
    logger.warn({ err: error, eventId: messageId, attempts }, 'event will be retried');
    await setAside(message, { queue, attempts, reason: describe(error) });
    return 'retried' as const;
  };

  const handle = async (message: AsyncMessage): Promise<Outcome> => {
    let event: AnyCloudEvent;
    try {
      event = contracts.check(parse(message));
    } catch (error) {
      return error instanceof UnknownEventTypeError ? retry(message, error) : bury(message, describe(error));
    }
    const handler = handlers.get(event.type);
    if (handler === undefined) {
      return retry(message, new UnknownEventTypeError(`There is no handler for ${event.type}.`));
    }
    if (isBatchHandler(handler)) {
      try {
        await learn?.(event);
        await batches.take(handler, event);
        return 'handled';
      } catch (error) {
        if (error instanceof DuplicateEvent) return 'duplicate';
        const outcome = await retry(message, error);
        if (outcome === 'dead') await giveUp(event, handler);
        return outcome;
      }
    }
    return singles.take(() => handleAlone(message, { event, handler }));
  };

  const giveUp = (event: AnyCloudEvent, handler: BatchHandler<Service>) =>
    inTenant(event.tenantid, () =>
      transaction(async (unit) => handler.givenUp?.({ ...unit, ...about(event) }), { at: 'region' }),
    ).catch((error: unknown) =>
      logger.error({ err: error, eventId: event.id }, 'that an event was given up could not be noted'),
    );

  const handleAlone = async (
    message: AsyncMessage,
    { event, handler }: { event: AnyCloudEvent; handler: SingleHandler<Service> },
  ): Promise<Outcome> => {
    const { act, at, answerFailure } = actOf(handler, event);
    try {
      await tracing.serve(
        {
          name: `handle ${event.type}`,
          kind: SpanKind.CONSUMER,
          carrier: { traceparent: event.traceparent },
          attributes: { 'messaging.system': 'rabbitmq', 'messaging.message.id': event.id },
        },
        async () => {
          await learn?.(event);
          return act().catch(async (error: unknown) => {
            if (answerFailure === undefined || error instanceof DuplicateEvent || isOutage(error))
              throw error;
            logger.warn({ err: error, eventId: event.id }, 'event failed; its sender is told');
            await once(event, {
              at,
              effect: (unit) => answerFailure({ ...unit, ...about(event), reason: describe(error) }),
            });
          });
        },
      );
      return 'handled';
    } catch (error) {
      return error instanceof DuplicateEvent ? 'duplicate' : retry(message, error);
    }
  };

  const about = (event: AnyCloudEvent) => ({ event, service: options.service });

  /** The event's effect and its inbox entry, or neither. */
  const once = (
    event: AnyCloudEvent,
    { effect, at }: { effect: (unit: UnitOfWork) => Promise<void>; at: Residence },
  ): Promise<void> =>
    inTenant(event.tenantid, () =>
      transaction(
        async (unit) => {
          await inbox.record(event, { at });
          await effect(unit);
        },
        { at },
      ),
    );

  const batches = new EventBatches<Service>({
    isOutage,
    attempt: async (handler, events) => {
      const [first] = events;
      if (first === undefined) return new Set();
      measured.batches.observe(events.length);
      const effect = () =>
        inTenant(first.tenantid, () =>
          transaction(
            async (unit) => {
              const fresh = await freshOf(handler, events);
              if (fresh.length > 0)
                await handler.handleAll({ ...unit, events: fresh, service: options.service });
              return new Set(fresh.map(({ id }) => id));
            },
            { at: 'region' },
          ),
        );
      return tracing.serve(
        {
          name: 'handle events',
          kind: SpanKind.CONSUMER,
          carrier: { traceparent: first.traceparent },
          attributes: { 'messaging.system': 'rabbitmq', 'messaging.batch.message_count': events.length },
        },
        () => (handler.turns === undefined ? effect() : handler.turns.take(first.tenantid, effect)),
      );
    },
  });

  /** Those that have not taken effect before, each once. */
  const freshOf = async (handler: BatchHandler<Service>, events: readonly AnyCloudEvent[]) => {
    if (handler.known === undefined) return inbox.recordAll(events);
    const known = await handler.known({ events, service: options.service });
    return [...new Map(events.map((event) => [event.id, event])).values()].filter(({ id }) => !known.has(id));
  };

  const actOf = (handler: SingleHandler<Service>, event: AnyCloudEvent) => {
    if (typeof handler !== 'function' && 'run' in handler) {
      const at = 'region' as const;
      const act = () =>
        inTenant(event.tenantid, () =>
          handler.run({ ...about(event), once: (effect) => once(event, { at, effect }) }),
        );
      return { act, at, answerFailure: handler.answerFailure };
    }
    const {
      handle,
      at = usually,
      answerFailure,
    } = typeof handler === 'function' ? { handle: handler } : { ...handler };
    const act = () => once(event, { at, effect: (unit) => handle({ ...unit, ...about(event) }) });
    return { act, at, answerFailure };
  };

  return {
    name: 'event-consumer',
    ready,
    async start() {
      consumer = broker.consume({
        routingKeys: [...handlers.keys()],
        concurrency: isBatched ? mostInBatches : concurrency,
        async handle(message) {
          const stopTimer = measured.seconds.startTimer();
          const handling = handle(message);
          const settled = handling.catch(() => undefined).finally(() => underway.delete(settled));
          underway.add(settled);
          try {
            const outcome = await handling;
            measured.events.inc({ outcome });
            return ConsumerStatus.ACK;
          } catch (error) {
            // Neither retry nor dead queue took it: it stays where it is and is delivered again.
            logger.error({ err: error }, 'event could not be set aside');
            return ConsumerStatus.REQUEUE;
          } finally {
            stopTimer();
          }
        },
      });
      consumer.on('ready', () => markReady());
    },
    async stop() {
      const closing = consumer?.close();
      if (broker.isConnected) return closing;
      // It would first wait for a connection that nobody needs any more.
      closing?.catch(() => undefined);
      await Promise.all(underway);
    },
  };
}

function parse({ body }: AsyncMessage): unknown {
  try {
    return JSON.parse(bytesOf(body).toString());
  } catch {
    // JSON.parse's own message quotes the text, which may be anything.
    throw new InvalidEventError('The body is not JSON.');
  }
}

/** The error in a line that may travel in a header: no stack, no credentials. */
function describe(error: unknown): string {
  const text =
    error instanceof Error ? `${error.name}: ${error.message}` : 'Something that is no Error was thrown.';
  return stripCredentials(text).slice(0, 300);
}
