/** Lets through what comes within a rate, with bursts; decides at once and never waits. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt = performance.now();

  /** @param limits `perSecond` in the long run, `burst` at once after a pause */
  constructor({ perSecond, burst }: { perSecond: number; burst: number }) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Whether one more may pass now. */
  take(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Takes what has been used, also more than there is: what is owed comes off what comes back. */
  spend(tokens: number): void {
    this.#fill();
    this.#tokens -= tokens;
  }

  /** Milliseconds until something is left; 0 where something is. */
  waitMs(): number {
    this.#fill();
    return this.#tokens > 0 ? 0 : Math.floor((-this.#tokens / this.#perSecond) * 1000) + 1;
  }

  #fill(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
  }
}
