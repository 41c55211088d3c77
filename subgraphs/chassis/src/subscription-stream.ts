// One running subscription: an event from the source becomes one executed result, with a context of its own.
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
} from 'graphql';

type Surround = <T>(work: () => Promise<T>) => Promise<T>;

export interface SubscriptionOptions {
  /** The operation; its `contextValue` serves the opening of the source. */
  args: ExecutionArgs;
  /** A new context for each event, so that loaders remember nothing from the one before. */
  makeContext: () => object;
  /** Surrounds the opening, each wait for an event and each execution: the tenant's scope. */
  inScope: Surround;
  /** Surrounds the opening and each execution within that, and never a wait, which may last for hours: a span. */
  measured: Surround;
  /** Turns errors of a result into what the subscriber may see. */
  mask: (error: unknown) => GraphQLError;
  /** Does so with all errors of one result. */
  maskAll: (errors: readonly unknown[]) => GraphQLError[];
  /** Called once when the subscription has ended, whoever ended it. */
  onEnd: () => void;
}

/**
 * Opens a subscription. Resolves to a result with errors when its source cannot be opened.
 * Ending the iteration ends a wait that is under way too, and closes the source.
 */
export async function openSubscription(
  options: SubscriptionOptions,
): Promise<AsyncGenerator<ExecutionResult, void, undefined> | ExecutionResult> {
  const { args, inScope, measured, mask, maskAll, onEnd } = options;
  let source: Awaited<ReturnType<typeof createSourceEventStream>>;
  try {
    source = await inScope(() => measured(async () => await createSourceEventStream(args)));
  } catch (error) {
    onEnd();
    return { errors: [mask(error)] };
  }
  if (isStream(source)) return new SubscriptionStream(source, options);
  onEnd();
  return { errors: maskAll(source.errors ?? []) };
}

class SubscriptionStream implements AsyncGenerator<ExecutionResult, void, undefined> {
  readonly #events: AsyncIterator<unknown>;
  readonly #options: SubscriptionOptions;
  #hasEnded = false;
  #endWait: () => void = () => undefined;

  constructor(source: AsyncIterable<unknown>, options: SubscriptionOptions) {
    this.#events = source[Symbol.asyncIterator]();
    this.#options = options;
  }

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    if (this.#hasEnded) return { done: true, value: undefined };
    // A generator's own return() waits for its running next(), which may wait for an event that never comes.
    const ended = new Promise<null>((resolve) => {
      this.#endWait = () => resolve(null);
    });
    try {
      return (
        (await Promise.race([this.#options.inScope(() => this.#result()), ended])) ?? {
          done: true,
          value: undefined,
        }
      );
    } catch (error) {
      this.#end();
      throw this.#options.mask(error);
    }
  }

  async #result(): Promise<IteratorResult<ExecutionResult, void>> {
    const event = await this.#events.next();
    if (event.done === true) {
      this.#end();
      return { done: true, value: undefined };
    }
    const { args, makeContext, measured, maskAll } = this.#options;
    const result = await measured(
      async () => await execute({ ...args, rootValue: event.value, contextValue: makeContext() }),
    );
    return {
      done: false,
      value: result.errors === undefined ? result : { ...result, errors: maskAll(result.errors) },
    };
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    this.#end();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<never> {
    this.#end();
    throw error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd();
    this.#endWait();
    // Not awaited: see next(). A source that fails while closing has nobody left to tell.
    void this.#events.return?.()?.catch(() => undefined);
  }
}

function isStream(source: unknown): source is AsyncIterable<unknown> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}
