// Leaves a subgraph alone that fails. The chassis's guard has cockatiel's breaker for calls that take milliseconds of
// their own; here every fetch passes, in a microsecond, and both a streak of failures and their share open it.

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitOptions {
  /** Failures in a row that open it. */
  breakAfter: number;
  /** Share of failed calls that opens it, where at least `leastCalls` ended within the last 5 to 10 seconds. */
  failureShare: number;
  leastCalls: number;
  /** How long it stays open before one call tries again. */
  breakForMs: number;
  onChange?: (state: CircuitState) => void;
}

/** What lets a call through: its result counts only while the circuit is as it was then. */
export type Pass = number;

/** Half of the time that the share of failures looks back on. */
const halfWindowMs = 5_000;

/** A circuit breaker. All times are `performance.now()`. */
export class Circuit {
  readonly #options: CircuitOptions;
  #state: CircuitState = 'closed';
  /** Counts the changes of state, so that late results of another time are known for what they are. */
  #era = 1;
  #isProbing = false;
  #openedAt = 0;
  #failuresInRow = 0;
  #windowSince = 0;
  #recent = { calls: 0, failures: 0 };
  #earlier = { calls: 0, failures: 0 };

  constructor(options: CircuitOptions) {
    this.#options = options;
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Whether `admit` would refuse. */
  refuses(now: number): boolean {
    if (this.#state === 'closed') return false;
    if (this.#state === 'open') return now < this.#openedAt + this.#options.breakForMs;
    return this.#isProbing;
  }

  /** @returns a pass, to be given back with the result; undefined where the call must not be made. */
  admit(now: number): Pass | undefined {
    if (this.refuses(now)) return undefined;
    if (this.#state === 'open') this.#become('half-open');
    if (this.#state === 'half-open') this.#isProbing = true;
    return this.#era;
  }

  succeeded(pass: Pass, now: number): void {
    if (pass !== this.#era) return;
    if (this.#state === 'half-open') {
      this.#become('closed');
      return;
    }
    this.#failuresInRow = 0;
    this.#count(now, 0);
  }

  failed(pass: Pass, now: number): void {
    if (pass !== this.#era) return;
    this.#failuresInRow += 1;
    this.#count(now, 1);
    if (this.#state === 'closed' && !this.#isTooMuch()) return;
    this.#openedAt = now;
    this.#become('open');
  }

  /** The call ended in a way that says nothing of the subgraph. */
  abandoned(pass: Pass): void {
    if (pass === this.#era) this.#isProbing = false;
  }

  #isTooMuch(): boolean {
    const { breakAfter, failureShare, leastCalls } = this.#options;
    if (this.#failuresInRow >= breakAfter) return true;
    const calls = this.#recent.calls + this.#earlier.calls;
    const failures = this.#recent.failures + this.#earlier.failures;
    return calls >= leastCalls && failures >= calls * failureShare;
  }

  #count(now: number, failures: 0 | 1): void {
    const age = now - this.#windowSince;
    if (age >= halfWindowMs) {
      this.#earlier = age < 2 * halfWindowMs ? this.#recent : { calls: 0, failures: 0 };
      this.#recent = { calls: 0, failures: 0 };
      this.#windowSince = now;
    }
    this.#recent.calls += 1;
    this.#recent.failures += failures;
  }

  #become(state: CircuitState): void {
    this.#state = state;
    this.#era += 1;
    this.#isProbing = false;
    this.#failuresInRow = 0;
    this.#recent = { calls: 0, failures: 0 };
    this.#earlier = { calls: 0, failures: 0 };
    this.#options.onChange?.(state);
  }
}
