import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AlertStanding, close, fingerprintOf, isOpen, observe, tick, tickDueAt } from './rules.ts';

const policy = { forMs: 60, recoverForMs: 30 };
const at = (given: number, verdict: 'MET' | 'CLEAR' | 'UNKNOWN') => ({ at: given, verdict });

function run(observations: ReadonlyArray<ReturnType<typeof at>>, given = policy) {
  let standing: AlertStanding | null = null;
  const kinds: string[] = [];
  for (const each of observations) {
    const step = observe(standing, each, given);
    standing = step.standing;
    kinds.push(...step.transitions.map(({ kind }) => kind));
  }
  return { standing, kinds };
}

describe('an alert', () => {
  it('waits for as long as its rule says before it fires, and before it is resolved', () => {
    expect(run([at(0, 'MET'), at(59, 'MET')])).toMatchObject({ kinds: ['STARTED'] });
    expect(run([at(0, 'MET'), at(60, 'MET')])).toMatchObject({ kinds: ['STARTED', 'FIRED'] });
    const fired = [at(0, 'MET'), at(60, 'MET'), at(70, 'CLEAR')];
    expect(run([...fired, at(99, 'CLEAR')]).standing?.state).toBe('FIRING');
    expect(run([...fired, at(100, 'CLEAR')])).toMatchObject({
      ...{ kinds: ['STARTED', 'FIRED', 'RESOLVED'], standing: { state: 'RESOLVED', sequence: 3 } },
    });
    expect(run([...fired, at(90, 'MET'), at(100, 'CLEAR')]).standing?.state).toBe('FIRING');
  });

  it('fires at once where its rule waits for nothing', () => {
    expect(run([at(5, 'MET')], { forMs: 0, recoverForMs: 0 }).kinds).toEqual(['STARTED', 'FIRED']);
  });

  it('takes missing data for no end of what fires, and for no reason to fire', () => {
    expect(run([at(0, 'MET'), at(60, 'MET'), at(70, 'UNKNOWN'), at(999, 'UNKNOWN')]).standing?.state).toBe(
      'FIRING',
    );
    expect(run([at(0, 'MET'), at(30, 'UNKNOWN'), at(61, 'MET')])).toMatchObject({
      ...{ kinds: ['STARTED', 'WITHDRAWN', 'STARTED'], standing: { state: 'PENDING', metSince: 61 } },
    });
  });

  it('says when time alone will change it', () => {
    const { standing } = run([at(10, 'MET')]);
    if (standing === null) throw new Error('It is there.');
    expect(tickDueAt(standing, policy)).toBe(70);
    expect(tick(standing, 69, policy).transitions).toEqual([]);
    expect(tick(standing, 70, policy).standing?.state).toBe('FIRING');
    expect(close(standing, 20).standing?.state).toBe('INACTIVE');
  });

  it('has a fingerprint that is its labels, in any order', () => {
    const labels = [
      { name: 'service', value: 'svc_1' },
      { name: 'severity', value: 'CRITICAL' },
    ];
    expect(fingerprintOf(labels)).toBe(fingerprintOf([...labels].reverse()));
    const joined = [{ name: 'service', value: 'svc_1severityCRITICAL' }];
    expect(fingerprintOf(labels)).not.toBe(fingerprintOf(joined));
  });
});

describe('whatever is observed, in whatever order', () => {
  const verdict = fc.constantFrom('MET', 'CLEAR', 'UNKNOWN' as const);
  const observation = fc.record({ at: fc.nat(1_000), verdict });
  const policies = fc.record({ forMs: fc.nat(200), recoverForMs: fc.nat(200) });

  it('an alert fires after its for-duration of nothing but MET, and nothing fires after it resolved without a new start', () => {
    fc.assert(
      fc.property(fc.array(observation), policies, (observations, given) => {
        let standing: AlertStanding | null = null;
        let startedAt = Number.NaN;
        let last = '';
        let sequence = 0;
        let taken: typeof observations = [];
        for (const each of observations) {
          const step = observe(standing, each, given);
          if (standing === null || each.at > standing.observedAt) taken.push(each);
          if (step.transitions[0]?.kind === 'STARTED') taken = [each];
          for (const { kind, at: when } of step.transitions) {
            sequence += 1;
            if (kind === 'STARTED') {
              expect(['', 'WITHDRAWN', 'RESOLVED']).toContain(last);
              startedAt = when;
            }
            if (kind === 'FIRED') {
              expect(last).toBe('STARTED');
              expect(when - startedAt).toBeGreaterThanOrEqual(given.forMs);
              expect(taken.every((one) => one.verdict === 'MET')).toBe(true);
            }
            if (kind === 'RESOLVED') {
              expect(last).toBe('FIRED');
              const clear = taken.filter((one) => one.at > when - given.recoverForMs - 1);
              expect(clear.at(-1)?.verdict).toBe('CLEAR');
            }
            last = kind;
          }
          standing = step.standing;
          if (standing !== null && sequence > 0) expect(standing.sequence).toBe(sequence);
          // The same once more, and anything older, is nothing new.
          expect(observe(standing, each, given).transitions).toEqual([]);
          if (standing !== null) {
            const older = { at: standing.observedAt, verdict: 'MET' as const };
            expect(observe(standing, older, given)).toEqual({ standing, transitions: [] });
            expect(isOpen(standing)).toBe(['STARTED', 'FIRED'].includes(last));
          }
        }
      }),
    );
  });
});
