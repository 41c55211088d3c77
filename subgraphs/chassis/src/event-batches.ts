// Events that a handler takes together, tenant by tenant.
import { Batches } from './batches.ts';
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

export class EventBatches<Service> {
  readonly #options: EventBatchesOptions<Service>;
  readonly #batches = new Map<BatchHandler<Service>, Batches<AnyCloudEvent, boolean>>();
  readonly #places = new Places(mostUnderWay);

  constructor(options: EventBatchesOptions<Service>) {
    this.#options = options;
  }

  /** Settles with the event's own outcome. @throws DuplicateEvent when it took effect before */
  async take(handler: BatchHandler<Service>, event: AnyCloudEvent): Promise<void> {
    const isEffective = await this.#batchesOf(handler).take(event.tenantid, event);
    if (!isEffective) throw new DuplicateEvent(event.id);
  }

  #batchesOf(handler: BatchHandler<Service>): Batches<AnyCloudEvent, boolean> {
    const known = this.#batches.get(handler);
    if (known !== undefined) return known;
    const { attempt, isOutage } = this.#options;
    const made = new Batches<AnyCloudEvent, boolean>({
      ...{ isOutage, most: handler.most ?? mostInBatch, places: this.#places },
      async attempt(events) {
        const effective = new Set(await attempt(handler, events));
        // What arrived twice in one batch took effect once.
        return events.map(({ id }) => effective.delete(id));
      },
    });
    this.#batches.set(handler, made);
    return made;
  }
}
