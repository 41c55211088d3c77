// How far a subscription has read in its live topic. The subscription's server tells it along with each event, so
// that whoever was cut off can go on from there.

export interface BookmarkNews {
  /** Everything up to here has been told, or was not asked for; absent where the topic keeps no log. */
  readonly cursor?: string;
  /** Something before this place was lost. */
  readonly hasGap?: true;
  /** From here on events are told as they happen. */
  readonly isLive?: true;
}

/** How long a place that only events nobody asked for have moved is kept back. */
const quietMs = 5_000;

export class LiveBookmark {
  /** Where to begin; undefined from now on. */
  readonly after: string | undefined;
  #cursor: string | undefined;
  #isUsed = false;
  #told: string | undefined;
  #toldAt = performance.now();
  readonly #news: BookmarkNews[] = [];
  #wake: (() => void) | undefined;

  constructor(after?: string) {
    this.after = after;
  }

  /** Whether a topic with a log has taken it. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** The place of the message that was handed out last. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  use(): void {
    this.#isUsed = true;
  }

  handOut(cursor: string): void {
    this.#cursor = cursor;
  }

  /** The message that was handed out last is done with: told, or not asked for. */
  finish(): void {
    if (this.#cursor === undefined || this.#cursor === this.#told) return;
    if (performance.now() - this.#toldAt > quietMs) this.tell({ cursor: this.#cursor });
  }

  tell(news: BookmarkNews): void {
    if (news.cursor !== undefined) this.#cursor = news.cursor;
    this.markTold();
    this.#news.push(news);
    this.#wake?.();
  }

  /** The place has just been told with an event. */
  markTold(): void {
    this.#told = this.#cursor;
    this.#toldAt = performance.now();
  }

  /** Takes what is to be told besides events, oldest first. */
  take(): BookmarkNews | undefined {
    return this.#news.shift();
  }

  /** Resolves when there is something to take. One waits at a time. */
  async hasNews(): Promise<void> {
    if (this.#news.length > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
