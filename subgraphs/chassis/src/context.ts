import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Logger } from 'pino';
import { withListBudget } from './list-budget.ts';
import type { LiveBookmark } from './live-bookmark.ts';
import { inTenant } from './tenancy.ts';
import type { Viewer } from './viewer.ts';

/** What an operation's resolvers get as their context. */
export interface SubgraphContext<Service extends { models: unknown; logger: Logger }, Loaders> {
  readonly viewer: Viewer;
  readonly service: Service;
  readonly models: Service['models'];
  /** Made on first use, for this operation or this subscription event alone. */
  readonly loaders: Loaders;
  readonly logger: Logger;
  readonly request: RequestFacts;
  /** Aborted when nobody waits any more: deadline, disconnect, end of the subscription. */
  readonly signal: AbortSignal;
  /** Of a subscription: where its live topic begins and how far it has come. Pass it on with the signal. */
  readonly bookmark: LiveBookmark | undefined;
}

export interface RequestFacts {
  /** The client's address as the public edge saw it. */
  readonly ipAddress?: string;
  readonly requestId?: string;
}

export interface ContextFactory<Service extends { models: unknown; logger: Logger }, Loaders> {
  service: Service;
  makeLoaders: (service: Service) => Loaders;
}

/** A context whose parts that cost something are made when they are first asked for. */
export function createContext<Service extends { models: unknown; logger: Logger }, Loaders>(
  factory: ContextFactory<Service, Loaders>,
  operation: OperationFacts,
): SubgraphContext<Service, Loaders> {
  return new LazyContext(factory, operation);
}

export interface OperationFacts {
  viewer: Viewer;
  request: RequestFacts;
  abort: Abort;
  bookmark?: LiveBookmark;
}

class LazyContext<Service extends { models: unknown; logger: Logger }, Loaders>
  implements SubgraphContext<Service, Loaders>
{
  readonly viewer: Viewer;
  readonly service: Service;
  readonly models: Service['models'];
  readonly logger: Logger;
  readonly request: RequestFacts;
  readonly bookmark: LiveBookmark | undefined;
  // Apollo Server copies the context's own properties to a second object of this prototype: getters have to
  // live on the prototype, and what they remember in an object that both share.
  readonly made: { abort: Abort; makeLoaders: (service: Service) => Loaders; loaders?: Loaders };

  constructor({ service, makeLoaders }: ContextFactory<Service, Loaders>, operation: OperationFacts) {
    this.viewer = operation.viewer;
    this.service = service;
    this.models = service.models;
    this.logger = service.logger;
    this.request = operation.request;
    this.bookmark = operation.bookmark;
    this.made = { abort: operation.abort, makeLoaders };
  }

  get loaders(): Loaders {
    this.made.loaders ??= this.made.makeLoaders(this.service);
    return this.made.loaders;
  }

  get signal(): AbortSignal {
    return this.made.abort.signal;
  }
}

/** An AbortController that is not made before somebody looks at its signal: most operations never do. */
export class Abort {
  #controller: AbortController | undefined;
  #isAborted = false;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  get isAborted(): boolean {
    return this.#isAborted;
  }

  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }
}

/** Runs an operation within its bounds and in the viewer's tenant, or in none when the viewer has none. */
export function asViewer<T>(
  { viewer: { tenantId }, abort }: Pick<OperationFacts, 'viewer' | 'abort'>,
  work: () => Promise<T>,
): Promise<T> {
  return withListBudget(abort, () => (tenantId === null ? work() : inTenant(tenantId, work)));
}

/** What is known of the HTTP request. Only a caller with a passport, the gateway, is believed about addresses. */
export function requestFacts(request: IncomingMessage): RequestFacts {
  const forwarded = request.headers['x-forwarded-for'];
  const first = typeof forwarded === 'string' ? (forwarded.split(',', 1)[0] ?? '').trim() : '';
  const ipAddress = isIP(first) === 0 ? request.socket.remoteAddress : first;
  const requestId = request.headers['x-request-id'];
  return {
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(typeof requestId === 'string' ? { requestId } : {}),
  };
}
