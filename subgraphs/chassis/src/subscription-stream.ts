// One running subscription: an event from the source becomes one executed result, with a context of its own.
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
} from 'graphql';
import type { ConflationKey } from './conflation.ts';
import type { BookmarkNews, LiveBookmark } from './live-bookmark.ts';
import { type LivePosition, liveExtension } from './live-extension.ts';

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
  /** Told along with the events, in `extensions.live`. */
  bookmark?: LiveBookmark | undefined;
  /** Of a gauge. */
  keyOf?: ConflationKey | undefined;
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
  /** The wait for the next event, while something else is told. */
  #pending: Promise<IteratorResult<unknown>> | undefined;
  #hasBegun = false;
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
    const news = await this.#newsOrEvent();
    if (news !== undefined) return { done: false, value: { data: null, ...inExtensions(news) } };
    const event = await this.#pending;
    this.#pending = undefined;
    if (event === undefined || event.done === true) {
      this.#end();
      return { done: true, value: undefined };
    }
    const { args, makeContext, measured, maskAll, bookmark, keyOf } = this.#options;
    const { cursor } = bookmark ?? {};
    const result = await measured(
      async () => await execute({ ...args, rootValue: event.value, contextValue: makeContext() }),
    );
    bookmark?.markTold();
    const key = keyOf?.(event.value);
    const position = { ...(cursor === undefined ? {} : { cursor }), ...(key === undefined ? {} : { key }) };
    return {
      done: false,
      value: {
        ...(result.errors === undefined ? result : { ...result, errors: maskAll(result.errors) }),
        ...(bookmark === undefined ? {} : inExtensions(position)),
      },
    };
  }

  /** What is to be told before the next event; undefined when that has come. */
  async #newsOrEvent(): Promise<BookmarkNews | undefined> {
    const { bookmark } = this.#options;
    this.#pending ??= this.#events.next();
    if (bookmark === undefined) return undefined;
    if (!this.#hasBegun && !bookmark.isUsed) {
      // No topic with a log has taken it: nothing can be resumed here.
      bookmark.tell({ ...(bookmark.after === undefined ? {} : { hasGap: true }), isLive: true });
    }
    this.#hasBegun = true;
    const known = bookmark.take();
    if (known !== undefined) return known;
    // What comes first; news were told before the event that came after them.
    await Promise.race([this.#pending, bookmark.hasNews()]);
    return bookmark.take();
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

function inExtensions(position: LivePosition) {
  return { extensions: { [liveExtension]: position } };
}

function isStream(source: unknown): source is AsyncIterable<unknown> {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}
