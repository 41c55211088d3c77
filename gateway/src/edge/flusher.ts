/** Something that has been given more to send than it has sent. */
export interface Flushable {
  flush(): void;
}

/** Longest time for which one write is put off because of the last ones. */
const longestPauseMs = 40;

/**
 * Lets what is told to many clients leave together: a client gets one write for all that came within a moment. Writing
 * is what a live event costs most, so the moment grows with what the last round of writes took, to twice as long: a
 * single event to a few clients leaves at once, and many events to many clients never take all of the time.
 */
export class Flusher {
  #due = new Set<Flushable>();
  #isPlanned = false;
  #notBefore = 0;

  soon(client: Flushable): void {
    this.#due.add(client);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const pauseMs = this.#notBefore - performance.now();
    if (pauseMs <= 0) setImmediate(() => this.#flush());
    else setTimeout(() => this.#flush(), pauseMs);
  }

  #flush(): void {
    const startedAt = performance.now();
    const due = this.#due;
    this.#due = new Set();
    this.#isPlanned = false;
    for (const client of due) client.flush();
    const endedAt = performance.now();
    this.#notBefore = endedAt + Math.min(longestPauseMs, 2 * (endedAt - startedAt));
  }
}
