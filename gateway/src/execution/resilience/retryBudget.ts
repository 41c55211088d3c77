import { TokenBucket } from '../../limits/tokenBucket.ts';

export interface RetryBudgetOptions {
  /** Retries in the long run for each first attempt. Default 0.2. */
  share?: number;
  /** Retries a second that are always allowed, so that a quiet subgraph's are too. Default 10. */
  perSecond?: number;
  /** Most retries that are saved up. Default 100. */
  most?: number;
}

/** Keeps retries from multiplying the load of a subgraph that fails because of its load. */
export class RetryBudget {
  readonly #share: number;
  readonly #most: number;
  readonly #floor: TokenBucket;
  #saved = 0;

  constructor({ share = 0.2, perSecond = 10, most = 100 }: RetryBudgetOptions = {}) {
    this.#share = share;
    this.#most = most;
    this.#floor = new TokenBucket({ perSecond, burst: perSecond });
  }

  /** Notes a first attempt. */
  earn(): void {
    this.#saved = Math.min(this.#most, this.#saved + this.#share);
  }

  /** Whether one more retry may be made now. */
  spend(): boolean {
    if (this.#floor.take()) return true;
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
