// Copies of arthemiz under a moving clock: each signs with the key that it read last, some minutes ago, while others rotate,
// drop keys and are asked to rotate at once.
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import {
  dueKey,
  emergencyAheadMs,
  type KeySchedule,
  keyStates,
  lateSigningMs,
  tokenLifetimeSeconds,
} from './rules.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;

/** As key-ring.ts keeps them: stored once, read by each copy. */
class Issuer {
  now = start;
  #stored: KeySchedule[] = [];
  readonly #signing: Array<{ sequence: number; readAt: number } | undefined> = [];
  #tokens: Array<{ sequence: number; expiresAt: number }> = [];

  pass(ms: number) {
    this.now += ms;
  }

  refresh(copy: number) {
    const now = new Date(this.now);
    const due = dueKey(this.#stored, now);
    if (due !== null) this.#stored.push(due);
    const states = keyStates(this.#stored, now);
    if (states.filter((state) => state === 'active').length > 1) throw new Error('Several keys sign.');
    const active = this.#stored[states.indexOf('active')] ?? this.#stored[0];
    this.#stored = this.#stored.filter((_, index) => states[index] !== 'expired');
    if (active !== undefined) this.#signing[copy] = { sequence: active.sequence, readAt: this.now };
  }

  rotate(copy: number) {
    this.refresh(copy);
    const sequence = (this.#stored.at(-1)?.sequence ?? 0) + 1;
    this.#stored.push({ sequence, activeFrom: new Date(this.now + emergencyAheadMs) });
    this.pass(emergencyAheadMs);
    this.refresh(copy);
    if (this.#signing[copy]?.sequence !== sequence) throw new Error('The leaked key signs on.');
  }

  /** To shortly before another key signs: what is read then is soon of before. */
  approach() {
    const next = this.#stored.find(({ activeFrom }) => activeFrom.getTime() > this.now + minute);
    if (next !== undefined) this.now = next.activeFrom.getTime() - minute;
  }

  /** Nobody signs by what was read longer ago: what keeps a copy from reading keys keeps it from issuing tokens. */
  sign(copy: number) {
    const read = this.#signing[copy];
    if (read === undefined || this.now - read.readAt > lateSigningMs) this.refresh(copy);
    const { sequence = 0 } = this.#signing[copy] ?? {};
    this.#tokens.push({ sequence, expiresAt: this.now + tokenLifetimeSeconds * 1_000 });
  }

  demandEveryTokenVerifies() {
    this.#tokens = this.#tokens.filter(({ expiresAt }) => expiresAt > this.now);
    const states = keyStates(this.#stored, new Date(this.now));
    const published = this.#stored.filter((_, index) => states[index] !== 'expired');
    for (const { sequence } of this.#tokens)
      if (!published.some((key) => key.sequence === sequence))
        throw new Error(`A token of key ${sequence} lives, and its key is published no more.`);
  }
}

const copy = fc.nat({ max: 2 });
const step = fc.oneof(
  // From minutes, in which tokens and late copies live, to weeks, in which keys do.
  fc.record({
    kind: fc.constant('pass' as const),
    ms: fc.oneof(
      fc.nat({ max: 30 * minute }),
      fc.nat({ max: 3 * 24 * hour }),
      fc.nat({ max: 40 * 24 * hour }),
    ),
  }),
  fc.record({ kind: fc.constant('approach' as const) }),
  fc.record({ kind: fc.constantFrom('sign' as const, 'refresh' as const), copy }),
  fc.record({ kind: fc.constant('rotate' as const), copy }),
);

describe('the signing keys, whatever happens in whichever order', () => {
  it('stay published until their longest token has expired, one signs, and a leaked one is done within a minute', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const issuer = new Issuer();
        issuer.refresh(0);
        for (const each of steps) {
          if (each.kind === 'pass') issuer.pass(each.ms);
          else if (each.kind === 'approach') issuer.approach();
          else issuer[each.kind](each.copy);
          issuer.demandEveryTokenVerifies();
        }
      }),
      { numRuns: 500 },
    );
  });
});
