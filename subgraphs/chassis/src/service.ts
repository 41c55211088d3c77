import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { DeadLetters } from './deadletters.ts';
import type { Events } from './events.ts';
import type { Live } from './live.ts';
import type { Outgoing } from './outgoing.ts';
import type { Questions } from './questions.ts';
import type { Transaction } from './transaction.ts';

export interface RegionOfService {
  readonly name: string;
  /** The service's database there. For commands alone: it is bound to nothing. */
  readonly connection: Connection;
}

/** A running subgraph's parts, handed to its resolvers, handlers, routes and workers. */
export interface Service<Config, M> {
  readonly name: string;
  readonly config: Config;
  readonly logger: Logger;
  /** Tenant-bound models by the names that the definition gave them. */
  readonly models: M;
  /** The service's own database. Prefer models: what goes around them is not bound to a tenant. */
  readonly connection: Connection;
  /** Where tenants' data lies, the home region first: work across tenants is done in one after the other. */
  readonly regions: readonly RegionOfService[];
  /** Fails fast while Redis is away; keys begin with `${NAMESPACE}:`. */
  readonly redis: Redis;
  /** Register the subgraph's own metrics here. */
  readonly metrics: Registry;
  /** Live pushes over Redis. Inside `transaction`, use its `push`, which waits for the commit. */
  readonly live: Live;
  /** Publishes without a database change. Inside `transaction`, use its `emit`. */
  readonly events: Events;
  /** What other subgraphs are asked and answer at once. */
  readonly questions: Questions;
  /** Events that this service could not handle. */
  readonly deadLetters: DeadLetters;
  /** Guarded calls to other systems. */
  readonly outgoing: Outgoing;
  /** One MongoDB transaction with its events and live pushes. */
  readonly transaction: Transaction;
  /**
   * For the service that decides where tenants live, before a new one is stored: from now on its data goes to this region.
   * Not in a transaction. A tenant of whom it is known already lives on where it does.
   */
  settle(tenantId: string, region: string): Promise<void>;
}

/** Work that goes on by itself, such as a scheduler. Started last, stopped first. */
export interface Worker {
  readonly name: string;
  start(): Promise<void>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}
