import type { Policy } from './rateLimitPolicies.ts';

/** What Redis says of an allowance once it has been told what was spent. */
export interface MeterReading {
  /** Units that are left; below zero for what was spent beyond. */
  balance: number;
  /** Until a rolling allowance is whole again, or until the next day or month begins. */
  resetMs: number;
}

/**
 * This process's view of one allowance: what Redis said last, what has come back since, and what was spent here and not
 * told yet. Times are of `performance.now()`.
 */
export class Meter {
  readonly key: string;
  readonly policy: Policy;
  /** Whether Redis has said anything yet; until then the allowance is taken for whole. */
  isKnown = false;
  readonly #perMs: number;
  readonly #mostUntold: number;
  #balance: number;
  #readAt = 0;
  #resetAt = Number.POSITIVE_INFINITY;
  #untold = 0;
  /** On its way to Redis. */
  #sent = 0;

  constructor({ key, policy }: { key: string; policy: Policy }) {
    this.key = key;
    this.policy = policy;
    this.#balance = policy.quota;
    this.#perMs = policy.period === 'rolling' ? policy.quota / (policy.seconds * 1000) : 0;
    this.#mostUntold = Math.max(1, policy.quota / 20);
  }

  /** Units that may be spent, as far as this process knows. */
  available(now: number): number {
    const { quota, period } = this.policy;
    const whole = period === 'rolling' ? this.#balance + (now - this.#readAt) * this.#perMs : this.#balance;
    const left = period !== 'rolling' && now >= this.#resetAt ? quota : Math.min(quota, whole);
    return left - this.#untold - this.#sent;
  }

  /**
   * Whether so much may be spent; of nothing, whether there is anything left. What is larger than the whole allowance
   * may be spent when the allowance is whole.
   */
  covers(amount: number, now: number): boolean {
    const available = this.available(now);
    return available > 0 && (available >= amount || available >= this.policy.quota);
  }

  /** Whether spending so much would take this process further ahead of the others' knowledge than it may be. */
  isAhead(amount: number): boolean {
    return this.#untold + this.#sent + amount > this.#mostUntold && this.#untold + this.#sent > 0;
  }

  /** @param amount negative gives back */
  spend(amount: number): void {
    this.#untold += amount;
  }

  /** Milliseconds until so much may be spent, of nothing one unit, if nobody else spends. */
  waitMs(amount: number, now: number): number {
    if (this.policy.period !== 'rolling') return Math.max(0, this.#resetAt - now);
    const missing = Math.min(Math.max(1, amount), this.policy.quota) - this.available(now);
    return Math.max(0, missing / this.#perMs);
  }

  /** Milliseconds until the allowance is whole, if nobody spends. */
  resetMs(now: number): number {
    return this.waitMs(this.policy.quota, now);
  }

  /** What Redis is to be told now; `told` or `notTold` follows. */
  tell(): number {
    this.#sent = this.#untold;
    this.#untold = 0;
    return this.#sent;
  }

  told({ balance, resetMs }: MeterReading, now: number): void {
    this.#balance = balance;
    this.#readAt = now;
    this.#resetAt = now + resetMs;
    this.#sent = 0;
    this.isKnown = true;
  }

  /**
   * Redis did not take it. What was spent of a rolling allowance comes back here as it would there, so it needs no
   * telling later; what was spent of a day or month does.
   */
  notTold(now: number): void {
    if (this.policy.period !== 'rolling') {
      this.#untold += this.#sent;
    } else {
      this.#balance = this.available(now);
      this.#readAt = now;
      this.#untold = 0;
    }
    this.#sent = 0;
  }
}
