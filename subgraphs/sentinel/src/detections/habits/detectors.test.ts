import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Place } from '../../geography/rules.ts';
import { daily } from './detector.ts';
import { detectors } from './detectors.ts';
import { impossibleTravel, inOrder, networkOf, programOf, type SignIn } from './rules.ts';

const at = (latitude: number, longitude: number, radiusKm: number | null = 0): Place => ({
  ...{ country: 'GB', city: null },
  point: { latitude, longitude, radiusKm },
});

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
      place: fc.constantFrom(null, at(51, 0), { ...at(43, 125), country: 'CN' }),
    });
    fc.assert(
      fc.property(fc.array(anySignIn, { maxLength: 40 }), fc.nat(40), (all, cut) => {
        const ordered = all
          .map(({ day, ...given }, index) => ({
            ...daily(1, { fromDay: day, ...given })[0],
            id: `e${index}`,
          }))
          .map((each) => each as SignIn) // daily(1) makes one
          .sort(inOrder);
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

describe('travel', () => {
  const anySignIns = fc.array(
    fc.record({
      minute: fc.integer({ min: 0, max: 3_000 }),
      place: fc.oneof(
        fc.constant(null),
        fc
          .tuple(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -180, max: 180 }), fc.nat(1_000))
          .map(([latitude, longitude, radiusKm]) => at(latitude, longitude, radiusKm)),
      ),
    }),
    { maxLength: 20 },
  );
  const parameters = { kmPerHour: 900, minimumKm: 300, assumedRadiusKm: 100 };
  const signIns = (given: readonly { minute: number; place: Place | null }[]): SignIn[] =>
    given.flatMap(({ minute, place }, index) =>
      daily(1, { fromDay: minute / 1_440, place, id: `e${String(index).padStart(3, '0')}` }),
    );

  it('is found the same in whichever order sign-ins become known', () => {
    fc.assert(
      fc.property(anySignIns, fc.infiniteStream(fc.nat(1_000)), (given, shuffle) => {
        const all = signIns(given);
        const mixed = all
          .map((signIn) => ({ signIn, place: shuffle.next().value as number })) // the stream doesn't end
          .sort((one, other) => one.place - other.place)
          .map(({ signIn }) => signIn);
        const found = (some: SignIn[]) =>
          impossibleTravel([...some].sort(inOrder), parameters).map(({ evidence }) =>
            evidence.map(({ id }) => id),
          );
        expect(found(mixed)).toEqual(found(all));
      }),
    );
  });

  it('is what no speed up to the limit explains, and shown by the two sign-ins in question', () => {
    fc.assert(
      fc.property(anySignIns, (given) => {
        for (const { signIn, evidence } of impossibleTravel(signIns(given).sort(inOrder), parameters)) {
          expect(evidence).toHaveLength(2);
          expect(evidence[1]).toBe(signIn);
          const hours = (signIn.at - (evidence[0]?.at ?? 0)) / 3_600_000;
          // Half the way round the earth is the farthest that anybody is away.
          expect(hours * parameters.kmPerHour).toBeLessThan(20_100);
        }
      }),
    );
  });

  it('takes less where places are vague, and more where nobody says how vague', () => {
    const between = (one: Place, other: Place, hours: number) =>
      impossibleTravel(
        signIns([
          { minute: 0, place: one },
          { minute: hours * 60, place: other },
        ]),
        parameters,
      ).length;
    expect(between(at(51, 0), at(55, 0), 0.1)).toBe(1);
    expect(between(at(51, 0), at(55, 0), 1)).toBe(0);
    expect(between(at(51, 0, 100), at(55, 0, 100), 0.1)).toBe(0);
    expect(between(at(51, 0, null), at(55, 0, null), 0.1)).toBe(0);
  });
});
