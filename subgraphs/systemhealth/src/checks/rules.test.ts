import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CheckState,
  confirmationDueAt,
  evaluate,
  expire,
  missingAfterMs,
  type Observation,
  reconsider,
  type StatusPolicy,
  unobserved,
} from './rules.ts';

const policy: StatusPolicy = { downAfterMs: 3_000, upAfterMs: 0, missingAfterMs: 15_000 };

function observation(at: number, isSuccess: boolean): Observation {
  return { at, isSuccess, latencyMs: 1, message: isSuccess ? null : 'connection refused' };
}

/** Runs outcomes 2 s apart: 's' succeeds, 'f' fails. */
function after(outcomes: string, start: CheckState = unobserved(0)): CheckState {
  return [...outcomes].reduce(
    (state, outcome, index) =>
      evaluate(state, observation((index + 1) * 2_000, outcome === 's'), policy).state,
    start,
  );
}

const outcomes = fc.array(
  fc.record({ gapMs: fc.integer({ min: 1, max: 20_000 }), isSuccess: fc.boolean() }),
  {
    maxLength: 60,
  },
);
const policies = fc.record({
  downAfterMs: fc.integer({ min: 0, max: 10_000 }),
  upAfterMs: fc.integer({ min: 0, max: 10_000 }),
  missingAfterMs: fc.integer({ min: 5_000, max: 30_000 }),
});

function spread(rows: ReadonlyArray<{ gapMs: number; isSuccess: boolean }>): Observation[] {
  let at = 0;
  return rows.map(({ gapMs, isSuccess }) => {
    at += gapMs;
    return observation(at, isSuccess);
  });
}

describe("a check's status", () => {
  it('is UNKNOWN before the first result and UP with the first success', () => {
    expect(unobserved(5)).toMatchObject({ status: 'UNKNOWN', statusSince: 5 });
    expect(after('s').status).toBe('UP');
  });

  it('stays UP through one failure and turns DOWN when failures last', () => {
    expect(after('sf').status).toBe('UP');
    expect(after('sff').status).toBe('UP'); // 2 s of failure: not yet 3
    expect(after('sfff')).toMatchObject({ status: 'DOWN', statusSince: 8_000 });
  });

  it('stays DOWN through one success and turns UP with the second in a row', () => {
    expect(after('sfffs').status).toBe('DOWN');
    expect(after('sfffsfs').status).toBe('DOWN');
    expect(after('sfffss').status).toBe('UP');
  });

  it('turns DOWN from UNKNOWN only on lasting failure', () => {
    expect(after('ff').status).toBe('UNKNOWN');
    expect(after('fff').status).toBe('DOWN');
  });

  it('names the run that settled a change', () => {
    const change = evaluate(after('sff'), observation(8_000, false), policy).change;
    expect(change).toEqual({
      previousStatus: 'UP',
      status: 'DOWN',
      occurredAt: 8_000,
      message: 'connection refused',
      latencyMs: 1,
    });
  });

  it('does not join failures across a gap in the data', () => {
    const once = evaluate(after('s'), observation(4_000, false), policy).state;
    const later = evaluate(once, observation(4_000 + policy.missingAfterMs + 1, false), policy);
    expect(later.state).toMatchObject({ status: 'UP', streak: { count: 1 } });
  });

  it('is UNKNOWN when no result has come for several intervals', () => {
    const up = after('s');
    expect(expire(up, 2_000 + policy.missingAfterMs, policy).change).toBeNull();
    const expired = expire(up, 2_001 + policy.missingAfterMs, policy);
    expect(expired.change).toMatchObject({ previousStatus: 'UP', status: 'UNKNOWN', latencyMs: null });
    expect(expire(expired.state, 1e9, policy).change).toBeNull();
  });

  it('counts at least 15 s as several intervals', () => {
    expect(missingAfterMs({ intervalMs: 2_000, timeoutMs: 1_500 })).toBe(15_000);
    expect(missingAfterMs({ intervalMs: 60_000, timeoutMs: 5_000 })).toBe(185_000);
  });

  it('is confirmed as soon as the for-duration has passed', () => {
    expect(confirmationDueAt(unobserved(0), policy)).toBeNull();
    expect(confirmationDueAt(after('s'), policy)).toBeNull();
    expect(confirmationDueAt(after('sf'), policy)).toBe(7_000);
    expect(confirmationDueAt(after('sfffs'), policy)).toBe(10_000);
  });
});

describe('for any row of results', () => {
  it('one blip never changes the status of what is UP or DOWN', () => {
    fc.assert(
      fc.property(outcomes, policies, fc.boolean(), (rows, anyPolicy, isSuccess) => {
        let state = unobserved(0);
        let last = 0;
        for (const each of spread(rows)) {
          state = evaluate(state, each, anyPolicy).state;
          last = each.at;
        }
        // Steady first, then one odd result, then steady again.
        for (let index = 0; index < 40; index += 1) {
          last += 1_000;
          state = evaluate(state, observation(last, isSuccess), anyPolicy).state;
        }
        expect(state.status).toBe(isSuccess ? 'UP' : 'DOWN');
        const odd = evaluate(state, observation(last + 1_000, !isSuccess), anyPolicy);
        expect(odd.change).toBeNull();
        expect(evaluate(odd.state, observation(last + 2_000, isSuccess), anyPolicy).change).toBeNull();
      }),
    );
  });

  it('identical and older observations are no-ops', () => {
    fc.assert(
      fc.property(outcomes, policies, (rows, anyPolicy) => {
        let state = unobserved(0);
        for (const each of spread(rows)) {
          state = evaluate(state, each, anyPolicy).state;
          expect(evaluate(state, each, anyPolicy)).toEqual({ state, change: null });
          expect(
            evaluate(state, { ...each, at: each.at - 1, isSuccess: !each.isSuccess }, anyPolicy).state,
          ).toBe(state);
        }
      }),
    );
  });

  it('changes form a chain: each begins where the one before ended and truly changes something', () => {
    fc.assert(
      fc.property(outcomes, policies, (rows, anyPolicy) => {
        let state = unobserved(0);
        let status = state.status;
        for (const each of spread(rows)) {
          const { state: next, change } = evaluate(state, each, anyPolicy);
          if (change !== null) {
            expect(change.previousStatus).toBe(status);
            expect(change.status).not.toBe(status);
            expect(change.status).toBe(each.isSuccess ? 'UP' : 'DOWN');
            expect(next.statusSince).toBe(each.at);
            status = change.status;
          }
          expect(next.status).toBe(status);
          state = next;
        }
      }),
    );
  });

  it('DOWN is never reached before downAfterMs of unbroken failure', () => {
    fc.assert(
      fc.property(outcomes, policies, (rows, anyPolicy) => {
        let state = unobserved(0);
        let failingSince: number | null = null;
        for (const each of spread(rows)) {
          if (each.isSuccess) failingSince = null;
          else failingSince ??= each.at;
          const evaluation = evaluate(state, each, anyPolicy);
          if (evaluation.change?.status === 'DOWN' && failingSince !== null) {
            expect(each.at - failingSince).toBeGreaterThanOrEqual(anyPolicy.downAfterMs);
            expect(each.at).toBeGreaterThan(failingSince);
          }
          state = evaluation.state;
        }
      }),
    );
  });
});

describe('a check that is resumed', () => {
  it('forgets what it knew, and says so where its status was known', () => {
    const down = after('fff');
    expect(reconsider(down, { now: 60_000, message: 'resumed after a pause; no result yet' })).toEqual({
      state: unobserved(60_000),
      change: expect.objectContaining({ previousStatus: 'DOWN', status: 'UNKNOWN', occurredAt: 60_000 }),
    });
  });

  it('stays UNKNOWN for as long as it was, and tells nobody', () => {
    expect(reconsider(unobserved(1_000), { now: 60_000, message: 'x' })).toEqual({
      state: unobserved(1_000),
      change: null,
    });
  });
});
