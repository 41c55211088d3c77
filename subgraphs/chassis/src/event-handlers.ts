// What a subgraph does about others' events, in the shapes that the consumer takes.
import type { BatchHandler } from './event-batches.ts';
import type { CloudEvent, EventType } from './events.ts';
import type { Residence } from './models.ts';
import type { UnitOfWork } from './transaction.ts';

export interface HandlerInput<Service, T extends EventType> extends UnitOfWork {
  event: CloudEvent<T>;
  service: Service;
}

/**
 * What a subgraph does about others' events. A handler runs in the event's tenant and inside a transaction with
 * the inbox entry, so its database changes, emits and pushes happen once. Anything else it does may repeat.
 */
export type EventHandlers<Service> = {
  [T in EventType]?:
    | EventHandler<Service, T>
    | AnsweringHandler<Service, T>
    | SteppedHandler<Service, T>
    | BatchHandler<Service>;
};

export type EventHandler<Service, T extends EventType> = (input: HandlerInput<Service, T>) => Promise<void>;

/** A handler that answers for its failures itself, for events whose sender decides about trying again. */
export interface AnsweringHandler<Service, T extends EventType> {
  handle: EventHandler<Service, T>;
  /** Runs once `handle` was rolled back, in a transaction of its own with the inbox entry. */
  answerFailure?(input: HandlerInput<Service, T> & { reason: string }): Promise<void>;
  /** Where its effect lies. Default: where the service's transactions usually are. */
  at?: Residence;
}

/** A handler that does more than one transaction takes, or in more than one region. */
export interface SteppedHandler<Service, T extends EventType> {
  /** Runs in the event's tenant and in no transaction, and may run again: what has to happen once is given to `once`. */
  run(input: StepsInput<Service, T>): Promise<void>;
  /** Runs once `run` has failed, in a transaction of its own with the inbox entry. */
  answerFailure?(input: HandlerInput<Service, T> & { reason: string }): Promise<void>;
}

export interface StepsInput<Service, T extends EventType> {
  event: CloudEvent<T>;
  service: Service;
  /** In one transaction with the inbox entry, in the tenant's region. @throws DuplicateEvent when it was done before */
  once(effect: (unit: UnitOfWork) => Promise<void>): Promise<void>;
}

/** One that takes events one by one. */
export type SingleHandler<Service> =
  | EventHandler<Service, EventType>
  | AnsweringHandler<Service, EventType>
  | SteppedHandler<Service, EventType>;

export function isBatchHandler<Service>(
  handler: SingleHandler<Service> | BatchHandler<Service>,
): handler is BatchHandler<Service> {
  return typeof handler !== 'function' && 'handleAll' in handler;
}
