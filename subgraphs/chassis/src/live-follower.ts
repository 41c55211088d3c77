// Follows a live topic that keeps a log for one subscriber: in order, each message once, without holes as far as the
// log reaches. What is heard is told at once; whatever was missed, or came faster than it was read, is read up.
import type { Logger } from 'pino';
import type { LiveBookmark } from './live-bookmark.ts';
import { beginning, isAfter, isHole } from './live-cursor.ts';
import { type LiveIterator, LiveQueue } from './live-iterator.ts';
import type { LogEntry, LogPage } from './live-log.ts';

/** In the order in which the subscriber is to learn of it. */
type Item<T> = { cursor: string; message: T } | { cursor: string; news: { hasGap: true } | { isLive: true } };

export interface FollowedLog {
  /** Where the topic stands now. */
  position(): Promise<string>;
  after(cursor: string, most: number): Promise<LogPage>;
}

export interface FollowerOptions {
  bookmark: LiveBookmark | undefined;
  log: FollowedLog;
  /** The message of an entry; null for what is none. */
  parse(text: string): object | null;
  logger: Logger;
  /** Most unread messages. */
  limit: number;
  onEnd: () => void;
}

/** Pause after a read that failed. */
const pauseMs = 250;

export class LiveFollower<T> implements LiveIterator<T> {
  readonly #options: FollowerOptions;
  readonly #queue: LiveQueue<Item<T>>;
  /** Place of what was put into the queue last; undefined before it is known where to begin. */
  #seen: string | undefined;
  #isBehind = false;
  #isReading = false;
  #isLive = false;
  #hasEnded = false;
  #makeRoom: (() => void) | undefined;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#seen = options.bookmark?.after;
    options.bookmark?.use();
    this.#queue = new LiveQueue<Item<T>>({
      // What is put in is bounded here; news are few.
      limit: options.limit + 16,
      onEnd: () => {
        this.#hasEnded = true;
        this.#makeRoom?.();
        options.onEnd();
      },
    });
  }

  get ready(): Promise<void> {
    return this.#queue.ready;
  }

  /** To be called whenever the topic is heard again: what was told meanwhile is in the log. */
  stand(): void {
    this.#isBehind = true;
    void this.#readUp();
  }

  hear(entry: LogEntry): void {
    const seen = this.#seen;
    if (seen === undefined || this.#isReading) this.#isBehind = true;
    else if (!isAfter(entry.cursor, seen)) return;
    else if (this.#isFull() || isHole(seen, entry.previous)) this.stand();
    else this.#put(entry);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const { bookmark } = this.#options;
    bookmark?.finish();
    for (;;) {
      const { done, value } = await this.#queue.next();
      if (!this.#isFull()) this.#makeRoom?.();
      if (done === true) return { done, value: undefined };
      if ('news' in value) bookmark?.tell({ cursor: value.cursor, ...value.news });
      else {
        bookmark?.handOut(value.cursor);
        return { done: false, value: value.message };
      }
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    clearTimeout(this.#retry);
    await this.#queue.return();
    return { done: true, value: undefined };
  }

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #readUp(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#isBehind && !this.#hasEnded) {
      this.#isBehind = false;
      try {
        await this.#read();
      } catch (error) {
        this.#options.logger.debug({ err: error }, 'the log of a live topic could not be read; trying again');
        this.#isBehind = true;
        await new Promise<void>((resolve) => {
          this.#makeRoom = resolve;
          this.#retry = setTimeout(resolve, pauseMs);
        });
      }
    }
    this.#isReading = false;
    if (this.#hasEnded || this.#seen === undefined) return;
    if (!this.#isLive) this.#queue.offer({ cursor: this.#seen, news: { isLive: true } });
    this.#isLive = true;
    this.#queue.confirm();
  }

  async #read(): Promise<void> {
    const { log, limit } = this.#options;
    if (this.#seen === undefined) {
      this.#seen = await log.position();
      return;
    }
    const page = await log.after(this.#seen, Math.max(1, Math.floor(limit / 2)));
    if (this.#hasEnded) return;
    if (page.hasGap) {
      const [first] = page.entries;
      const cursor = first === undefined ? page.cursor : (first.previous ?? beginning);
      this.#queue.offer({ cursor, news: { hasGap: true } });
    }
    for (const entry of page.entries) this.#put(entry);
    this.#seen = page.cursor;
    if (!page.isLast) this.#isBehind = true;
    while (this.#isFull() && !this.#hasEnded) {
      this.#isBehind = true;
      await new Promise<void>((resolve) => {
        this.#makeRoom = resolve;
      });
      this.#makeRoom = undefined;
    }
  }

  #put(entry: LogEntry): void {
    const { cursor, text } = entry;
    this.#seen = cursor;
    entry.message ??= this.#options.parse(text);
    // Publisher and subscriber of a topic agree on its payload.
    if (entry.message !== null) this.#queue.offer({ cursor, message: entry.message as T });
    else this.#options.logger.error({ cursor }, 'live message is not a JSON object; dropped');
  }

  #isFull(): boolean {
    return this.#queue.unread >= this.#options.limit / 2;
  }
}
