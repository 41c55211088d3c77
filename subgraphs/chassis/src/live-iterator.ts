/** Thrown to a subscriber that reads slower than its topic speaks: it has missed messages and must start anew. */
export class LiveOverflowError extends Error {
  override readonly name = 'LiveOverflowError';
}

export interface LiveIterator<T> extends AsyncIterableIterator<T, undefined, undefined> {
  /** Settles when Redis has confirmed the subscription for the first time, or the iterator has ended. */
  readonly ready: Promise<void>;
}

/**
 * The messages of one subscriber, in order, at most `limit` unread. Ends when returned or aborted; a message
 * beyond the limit drops the unread ones and ends it with a LiveOverflowError.
 */
export class LiveQueue<T> implements LiveIterator<T> {
  readonly ready: Promise<void>;
  readonly #markReady: () => void;
  readonly #limit: number;
  readonly #onEnd: () => void;
  #unread: T[] = [];
  #waiting: { resolve(result: IteratorResult<T, undefined>): void; reject(error: unknown): void }[] = [];
  #failure: Error | null = null;
  #ended = false;

  constructor({ limit, onEnd }: { limit: number; onEnd: () => void }) {
    this.#limit = limit;
    this.#onEnd = onEnd;
    const { promise, resolve } = withResolvers();
    this.ready = promise;
    this.#markReady = resolve;
  }

  /** How many messages nobody has read yet. */
  get unread(): number {
    return this.#unread.length;
  }

  confirm(): void {
    this.#markReady();
  }

  offer(message: T): void {
    if (this.#ended) return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) reader.resolve({ done: false, value: message });
    else if (this.#unread.length < this.#limit) this.#unread.push(message);
    else this.#end(new LiveOverflowError(`More than ${this.#limit} live messages were left unread.`));
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const failure = this.#failure;
    if (failure !== null) {
      this.#failure = null;
      throw failure;
    }
    const [message] = this.#unread.splice(0, 1);
    if (message !== undefined) return { done: false, value: message };
    if (this.#ended) return { done: true, value: undefined };
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#end(null);
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    this.#end(null);
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(null);
  }

  #end(failure: Error | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unread = [];
    const waiting = this.#waiting;
    this.#waiting = [];
    if (failure !== null && waiting.length === 0) this.#failure = failure;
    for (const reader of waiting) {
      if (failure === null) reader.resolve({ done: true, value: undefined });
      else reader.reject(failure);
    }
    this.#markReady();
    this.#onEnd();
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
