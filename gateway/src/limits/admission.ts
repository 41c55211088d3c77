// One operation's way past the limits: let in by its number, charged by its estimated cost, put right by its real one.
import { type PlatformError, rateLimited } from '@supergraph/chassis/errors';
import type { Meter } from './meter.ts';
import { limitField, limitItem, type RateLimitFields } from './rateLimitFields.ts';

export interface Admission {
  /** Why it may not go on: RATE_LIMITED, or SERVICE_UNAVAILABLE where Redis is away and that closes the way. */
  readonly refusal?: PlatformError;
  /**
   * Charges the estimated cost against all cost allowances, or against none where one has not enough left.
   * @throws PlatformError RATE_LIMITED
   */
  charge(cost: number): void;
  /** Puts the charge right, once it is known what the operation did cost. */
  settle(cost: number): void;
  /** What an HTTP response tells of it; undefined where nothing is limited. */
  fields(): RateLimitFields | undefined;
}

/** A caller's meters, and what is told of them in RateLimit-Policy. */
export interface Account {
  meters: readonly Meter[];
  policy: string;
}

/** Who is told of what an operation spends, and of its refusal. */
export interface Ledger {
  schedule(meter: Meter): void;
  refused(policy: string): void;
}

/** A meter that lacks the amount. */
interface Shortage {
  meter: Meter;
  amount: number;
  now: number;
}

/** What an operation takes before its cost is known: of a cost allowance, that something is left. */
export function entryOf({ policy }: Meter): number {
  return policy.unit === 'operations' ? 1 : 0;
}

/** Lets an operation in, whose meters have been found to cover it, and counts it. */
export function openAdmission(account: Account, ledger: Ledger): Admission {
  return new OpenAdmission(account, ledger);
}

/** @param reason without a meter to name: nothing was counted */
export function refusedAdmission(account: Account, reason: PlatformError): Admission {
  return closed(reason, account.policy === '' ? undefined : { 'ratelimit-policy': account.policy });
}

export function shortAdmission({ policy }: Account, shortage: Shortage): Admission {
  return closed(tooMuch(shortage), { 'ratelimit-policy': policy, ratelimit: itemOf(shortage) });
}

class OpenAdmission implements Admission {
  readonly #account: Account;
  readonly #ledger: Ledger;
  #charged = 0;
  #refusedBy: string | undefined;

  constructor(account: Account, ledger: Ledger) {
    this.#account = account;
    this.#ledger = ledger;
    this.#spend('operations', 1);
  }

  charge(cost: number): void {
    const now = performance.now();
    for (const meter of this.#account.meters) {
      if (meter.policy.unit !== 'cost' || meter.covers(cost, now)) continue;
      const shortage = { meter, amount: cost, now };
      this.#refusedBy = itemOf(shortage);
      this.#ledger.refused(meter.policy.name);
      throw tooMuch(shortage);
    }
    this.#refusedBy = undefined;
    this.settle(this.#charged + cost);
  }

  settle(cost: number): void {
    if (cost !== this.#charged) this.#spend('cost', cost - this.#charged);
    this.#charged = cost;
  }

  fields(): RateLimitFields | undefined {
    const { meters, policy } = this.#account;
    if (meters.length === 0) return undefined;
    return {
      'ratelimit-policy': policy,
      ratelimit: this.#refusedBy ?? limitField(meters, performance.now()),
    };
  }

  #spend(unit: 'operations' | 'cost', amount: number): void {
    for (const meter of this.#account.meters) {
      if (meter.policy.unit !== unit) continue;
      meter.spend(amount);
      this.#ledger.schedule(meter);
    }
  }
}

function closed(refusal: PlatformError, fields: RateLimitFields | undefined): Admission {
  const shut = () => {
    throw refusal;
  };
  return { refusal, charge: shut, settle: () => undefined, fields: () => fields };
}

function itemOf({ meter, amount, now }: Shortage): string {
  return limitItem(meter, { now, waitMs: meter.waitMs(amount, now) });
}

function tooMuch({ meter, amount, now }: Shortage): PlatformError {
  const { name, quota, unit, seconds, period } = meter.policy;
  const retryAfterSeconds = Math.max(1, Math.ceil(meter.waitMs(amount, now) / 1000));
  const resetAt = new Date(Date.now() + retryAfterSeconds * 1000).toISOString();
  const span = period === 'rolling' ? `${seconds} s` : `a ${period}`;
  const allowed = unit === 'cost' ? `operations of a cost of ${quota}` : `${quota} operations`;
  const message = `The limit "${name}" is used up: ${allowed} in ${span}. Wait ${retryAfterSeconds} s and send it again.`;
  return rateLimited(message, { extensions: { limit: name, retryAfterSeconds, resetAt } });
}
