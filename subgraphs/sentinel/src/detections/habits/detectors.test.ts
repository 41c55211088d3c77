import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUnusual, median, robustScore, volumeParameters } from '../volume/rules.ts';
import { daily, detectors } from './detectors.ts';
import { networkOf, programOf, type SignIn } from './rules.ts';

describe.each(detectors.map((detector) => [detector.id, detector] as const))('%s', (_, detector) => {
  it('comes out as its examples say, of which one finds something and one finds nothing', () => {
    const { examples } = detector;
    expect(new Set(examples.map(({ isFound }) => isFound))).toEqual(new Set([true, false]));
    for (const { signIns, isFound } of examples) expect(detector.evaluate(signIns).length > 0).toBe(isFound);
  });

  it('says of a sign-in what those before it say, whatever comes afterwards', () => {
    const anySignIn = fc.record({
      day: fc.integer({ min: 0, max: 200 }),
      ipAddress: fc.constantFrom('203.0.113.7', '198.51.100.7', null),
      userAgent: fc.constantFrom('Firefox/1', 'curl/8'),
      clientId: fc.constantFrom('console', 'app_desk'),
    });
    fc.assert(
      fc.property(fc.array(anySignIn, { maxLength: 40 }), fc.nat(40), (all, cut) => {
        const ordered = all
          .map(({ day, ...given }, index) => ({
            ...daily(1, { fromDay: day, ...given })[0],
            id: `e${index}`,
          }))
          .map((each) => each as SignIn) // daily(1) makes one
          .sort((one, other) => one.at - other.at);
        const ids = (signIns: readonly SignIn[]) => detector.evaluate(signIns).map(({ signIn }) => signIn.id);
        const before = ordered.slice(0, cut);
        const known = new Set(before.map(({ id }) => id));
        expect(ids(ordered).filter((id) => known.has(id))).toEqual(ids(before));
      }),
    );
  });
});

it('networks and browsers are coarse enough to stay the same at home', () => {
  const [one] = daily(1);
  const of = (given: Partial<SignIn>) => ({ ...(one as SignIn), ...given }); // daily(1) makes one
  expect(networkOf(of({ ipAddress: '203.0.1.2' }))).toBe('203.0.0.0/16');
  expect(networkOf(of({ ipAddress: '2001:db8:7::1' }))).toBe('2001:db8::/32');
  expect(networkOf(of({ ipAddress: 'unknown' }))).toBeNull();
  expect(programOf(of({ userAgent: 'Mozilla/5.0 Firefox/145.0' }))).toBe(
    programOf(of({ userAgent: 'Mozilla/5.0 Firefox/146.1' })),
  );
});

describe('the volume of an hour', () => {
  const calm = Array.from({ length: 50 }, (_, index) => 8 + (index % 5));

  it('is unusual beyond what one does, and what one’s peers do', () => {
    expect(isUnusual({ count: 200, own: calm, peers: calm }, volumeParameters)).toBe(true);
    expect(isUnusual({ count: 200, own: calm, peers: [] }, volumeParameters)).toBe(true);
    expect(isUnusual({ count: 200, own: [], peers: calm }, volumeParameters)).toBe(true);
    const busy = calm.map((each) => each * 20);
    expect(isUnusual({ count: 200, own: calm, peers: busy }, volumeParameters)).toBe(false);
    expect(isUnusual({ count: 200, own: busy, peers: calm }, volumeParameters)).toBe(false);
  });

  it('is not unusual where little is known, or little happened', () => {
    expect(isUnusual({ count: 200, own: [], peers: [] }, volumeParameters)).toBe(false);
    expect(isUnusual({ count: 59, own: calm.map(() => 1), peers: [] }, volumeParameters)).toBe(false);
  });

  it('is measured by what a few wild hours don’t move', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    const wild = [...calm, 10_000, 20_000];
    expect(robustScore(200, wild)).toBeCloseTo(robustScore(200, calm), 0);
  });
});
