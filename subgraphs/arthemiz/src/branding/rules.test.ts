import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accentIn, brandingInput, contrast, isLogo } from './rules.ts';

/** One transparent pixel. */
const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the contrast of two colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#0550ae', '#0550ae', 1],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe('the colour of buttons and links', () => {
  it('can be read in both schemes, whichever was chosen, and so can what stands on it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (value) => {
        const colour = `#${value.toString(16).padStart(6, '0')}`;
        for (const ground of ['#ffffff', '#f6f8fa'])
          expect(contrast(accentIn('light', colour), ground)).toBeGreaterThanOrEqual(4.5);
        for (const ground of ['#161b22', '#0d1117'])
          expect(contrast(accentIn('dark', colour), ground)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('stays as it was chosen where it can be read', () => {
    expect(accentIn('light', '#0550ae')).toBe('#0550ae');
    expect(accentIn('dark', '#79c0ff')).toBe('#79c0ff');
    expect(accentIn('light', '#ffd400')).not.toBe('#ffd400');
  });
});

describe('a logo', () => {
  it('is a whole PNG that a page can bear', () => {
    expect(isLogo(pixel)).toBe(true);
    const withWidth = (pixels: number) => {
      const changed = Buffer.from(pixel);
      changed.writeUInt32BE(pixels, 16);
      return changed;
    };
    expect([0, 512, 513].map((pixels) => isLogo(withWidth(pixels)))).toEqual([false, true, false]);
    for (const wrong of [
      pixel.subarray(0, -1),
      Buffer.concat([pixel, Buffer.alloc(30_000)]),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.padEnd(80)),
      Buffer.alloc(0),
    ])
      expect(isLogo(wrong)).toBe(false);
  });
});

describe('what is asked for', () => {
  it.each([
    { accentColour: 'red' },
    { accentColour: '#0550a' },
    { accentColour: '#0550ae;}body{display:none' },
    { displayName: ' ' },
    { displayName: 'x'.repeat(61) },
    { logo: 'https://evil.test/pixel.png' },
    { logo: '' },
    { logo: pixel.toString('base64').slice(0, 20) },
  ])('is refused: %j', (input) => {
    expect(brandingInput.safeParse(input).success).toBe(false);
  });

  it('takes away what is null and leaves what is not named', () => {
    expect(brandingInput.parse({ logo: null })).toEqual({ logo: null });
    expect(brandingInput.parse({ accentColour: '#0550AE' })).toEqual({ accentColour: '#0550ae' });
  });
});
