import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inOneFinding, stretchOf, togetherWithinMs } from './rules.ts';

const piece = (...instants: number[]) => new Map(instants.map((at) => [`e${at}`, at]));

describe('pieces of evidence', () => {
  it('are one finding as far as an hour at most lies between them, the oldest first', () => {
    const hour = togetherWithinMs;
    const joined = inOneFinding([piece(9 * hour), piece(), piece(0), piece(hour / 2, hour), piece(2 * hour)]);
    expect(joined.map((each) => [...each.values()])).toEqual([[0, hour / 2, hour, 2 * hour], [9 * hour]]);
  });

  it('are the same findings in whichever order they become known, and each is in one of them', () => {
    const anyPieces = fc.array(
      fc
        .array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3 })
        .map((halves) => piece(...halves.map((half) => (half * togetherWithinMs) / 2))),
      { maxLength: 12 },
    );
    const shown = (pieces: Parameters<typeof inOneFinding>[0]) =>
      inOneFinding(pieces).map((evidence) => [...evidence.keys()].sort());
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        expect(shown([...pieces].reverse())).toEqual(shown(pieces));
        const all = new Set(pieces.flatMap((each) => [...each.keys()]));
        expect(shown(pieces).flat().sort()).toEqual([...all].sort());
        const stretches = inOneFinding(pieces).map((evidence) => stretchOf(evidence.values()));
        for (const [index, { from }] of stretches.entries())
          if (index > 0) expect(from - (stretches[index - 1]?.to ?? 0)).toBeGreaterThan(togetherWithinMs);
      }),
    );
  });
});
