import { describe, expect, it } from '@jest/globals';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { anonymous } from '@supergraph/chassis/viewer';
import { createPlanning, type Payer } from './planning.ts';

/** Takes that long. */
function busy(milliseconds: number): void {
  const endsAt = performance.now() + milliseconds;
  while (performance.now() < endsAt);
}

const payer = (given: { subject?: string; ipAddress?: string }): Payer => ({
  session: {
    viewer: given.subject === undefined ? anonymous : testViewer({ subject: given.subject }),
    issuedAt: 0,
    expiresAt: Number.POSITIVE_INFINITY,
    onChange: () => () => undefined,
  },
  ipAddress: given.ipAddress,
});

function planningOf(config: { milliseconds: number; seconds: number } | null) {
  const told = { refused: 0, spent: 0 };
  const planning = createPlanning({
    config,
    onRefused: () => {
      told.refused += 1;
    },
    onSpent: (milliseconds) => {
      told.spent += milliseconds;
    },
  });
  return { planning, told };
}

describe('the allowance of planning', () => {
  const olivia = payer({ subject: 'per_olivia' });

  it('is spent by what work takes, also by work that fails, and refuses when nothing is left', () => {
    const { planning, told } = planningOf({ milliseconds: 20, seconds: 3_600 });
    expect(planning.spend(olivia, () => 'done')).toBe('done');
    const fail = () => {
      busy(25);
      throw new Error('no plan');
    };
    expect(() => planning.spend(olivia, fail)).toThrow('no plan');
    const extensions = expect.objectContaining({ limit: 'planning' });
    const refusal = { code: 'RATE_LIMITED', extensions };
    expect(() => planning.spend(olivia, () => 'more')).toThrow(expect.objectContaining(refusal));
    expect(told.refused).toBe(1);
    expect(told.spent).toBeGreaterThan(25);
  });

  it('is paid off first by whoever took more than was left', async () => {
    const { planning } = planningOf({ milliseconds: 10, seconds: 1 });
    planning.spend(olivia, () => busy(12));
    const owedAt = performance.now();
    await eventually(() => {
      try {
        return planning.spend(olivia, () => true);
      } catch {
        return false;
      }
    });
    // Two milliseconds are owed, at ten a second.
    expect(performance.now() - owedAt).toBeGreaterThan(150);
  });

  it('is a person’s own, and of those who have not signed in a network’s', () => {
    const { planning } = planningOf({ milliseconds: 1, seconds: 3_600 });
    const stranger = payer({ ipAddress: '2001:db8:0:1::5' });
    for (const each of [olivia, stranger]) planning.spend(each, () => busy(2));
    const isRefused = (each: Payer) => {
      try {
        planning.spend(each, () => undefined);
        return false;
      } catch {
        return true;
      }
    };
    expect([
      isRefused(payer({ subject: 'per_olivia', ipAddress: '192.0.2.1' })),
      isRefused(payer({ subject: 'per_victor' })),
      isRefused(payer({ ipAddress: '2001:db8:0:1:ffff::1' })),
      isRefused(payer({ ipAddress: '2001:db8:0:2::5' })),
    ]).toEqual([true, false, true, false]);
  });

  it('is not drawn on where nobody pays, and is none where it is taken away', () => {
    const { planning } = planningOf({ milliseconds: 1, seconds: 3_600 });
    for (const _ of [1, 2]) planning.spend(undefined, () => busy(2));
    expect(planning.spend(olivia, () => 'still whole')).toBe('still whole');
    const { planning: free } = planningOf(null);
    for (const _ of [1, 2]) free.spend(olivia, () => busy(2));
  });
});
