// Events that a handler takes together, tenant by tenant. While one batch is under way the next one gathers, so that an
// event that comes alone waits for nobody, and the more there are, the less each costs.
import type { AnyCloudEvent } from './events.ts';
import { DuplicateEvent } from './inbox.ts';
import { Places } from './places.ts';
import type { UnitOfWork } from './transaction.ts';

/** Takes events of one tenant together, in one transaction with the inbox entries of all. */
export interface BatchHandler<Service> {
  /**
   * Runs in the tenant, with events that have not taken effect before, in the order of their arrival. Where it throws, it is
   * run again with each half of them, so that in the end the one that fails does so alone.
   */
  handleAll(input: BatchInput<Service>): Promise<void>;
  /** Runs once an event of it went to the dead queue, in a transaction of its own. A failure of it is logged. */
  givenUp?(input: UnitOfWork & { event: AnyCloudEvent; service: Service }): Promise<void>;
  /**
   * Where what it stores tells by itself which of these took effect: their ids. The inbox takes no note of them then. Runs
   * in the transaction and the tenant of `handleAll`, which throws a DuplicateEvent for what another copy stores meanwhile.
   */
  known?(input: Omit<BatchInput<Service>, keyof UnitOfWork>): Promise<ReadonlySet<string>>;
  /** Whom it shares its turns with, by tenants: attempts at batches wait for other work there. Default: nobody. */
  turns?: { take<T>(tenantId: string, work: () => Promise<T>): Promise<T> };
  /** Most events of one batch. Default 1,000. */
  most?: number;
}

export interface BatchInput<Service> extends UnitOfWork {
  events: readonly AnyCloudEvent[];
  service: Service;
}

export interface EventBatchesOptions<Service> {
  /** Does a batch in one transaction. Returns the ids of those that took effect now; the others had before. */
  attempt(handler: BatchHandler<Service>, events: readonly AnyCloudEvent[]): Promise<ReadonlySet<string>>;
  /** Whether whatever is tried would fail for now. */
  isOutage(error: unknown): boolean;
}

/** Most batches under way at once, each of another tenant. */
const mostUnderWay = 4;
const mostInBatch = 1_000;

interface Waiting {
  readonly event: AnyCloudEvent;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

export class EventBatches<Service> {
  readonly #options: EventBatchesOptions<Service>;
  readonly #queues = new Map<BatchHandler<Service>, Map<string, Waiting[]>>();
  readonly #places = new Places(mostUnderWay);

  constructor(options: EventBatchesOptions<Service>) {
    this.#options = options;
  }

  /** Settles with the event's own outcome. @throws DuplicateEvent when it took effect before */
  take(handler: BatchHandler<Service>, event: AnyCloudEvent): Promise<void> {
    return new Promise((done, failed) => {
      const queues = this.#queues.get(handler) ?? new Map<string, Waiting[]>();
      this.#queues.set(handler, queues);
      const queue = queues.get(event.tenantid);
      if (queue !== undefined) {
        queue.push({ event, done, failed });
        return;
      }
      queues.set(event.tenantid, [{ event, done, failed }]);
      void this.#drain(handler, { queues, tenantId: event.tenantid });
    });
  }

  async #drain(
    handler: BatchHandler<Service>,
    { queues, tenantId }: { queues: Map<string, Waiting[]>; tenantId: string },
  ): Promise<void> {
    const queue = queues.get(tenantId) ?? [];
    while (queue.length > 0) {
      await this.#places.take(() => this.#settle(handler, queue.splice(0, handler.most ?? mostInBatch)));
    }
    queues.delete(tenantId);
  }

  async #settle(handler: BatchHandler<Service>, batch: readonly Waiting[]): Promise<void> {
    try {
      const effective = new Set(
        await this.#options.attempt(
          handler,
          batch.map(({ event }) => event),
        ),
      );
      // What arrived twice in one batch took effect once.
      for (const { event, done, failed } of batch) {
        if (effective.delete(event.id)) done();
        else failed(new DuplicateEvent(event.id));
      }
    } catch (error) {
      if (batch.length === 1 || this.#options.isOutage(error)) {
        for (const { failed } of batch) failed(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await this.#settle(handler, batch.slice(0, half));
      await this.#settle(handler, batch.slice(half));
    }
  }
}
