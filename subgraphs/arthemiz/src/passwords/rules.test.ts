import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countedAddress, delayAfter, delays, isLocked } from './rules.ts';

describe('the wait after failed sign-ins', () => {
  it('is nothing for an account at first, then doubles up to a minute', () => {
    expect(delays('account')).toEqual([0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  });

  it('begins later for an address, behind which many people may sit', () => {
    expect(delayAfter(19, 'address')).toBe(0);
    expect(delayAfter(20, 'address')).toBe(1_000);
  });

  it('is up to an hour at the codes of an app, of which a hundred may be tried in a row', () => {
    const waits = delays('app-code');
    expect(waits).toHaveLength(100);
    expect(waits.slice(0, 6)).toEqual([0, 0, 0, 0, 1_000, 2_000]);
    expect(waits.at(-2)).toBe(3_600_000);
    const daysOfGuessing = waits.slice(0, -1).reduce((sum, wait) => sum + wait, 0) / 86_400_000;
    expect(daysOfGuessing).toBeGreaterThan(3);
    expect(waits.map(isLocked).lastIndexOf(false)).toBe(98);
    expect(waits.map(isLocked).indexOf(true)).toBe(99);
  });

  it('never shrinks and never passes a minute', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.constantFrom('account', 'address'), (n, subject) => {
        expect(delayAfter(n + 1, subject)).toBeGreaterThanOrEqual(delayAfter(n, subject));
        expect(delayAfter(n, subject)).toBeLessThanOrEqual(60_000);
      }),
    );
  });
});

describe('what counts as one address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::99', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('is %s by %s', (address, counted) => {
    expect(countedAddress(address)).toBe(counted);
  });

  it('is the same for all hosts of a network of IPv6', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        expect(countedAddress(address)).toBe(
          countedAddress(new URL(`http://[${address}]`).hostname.slice(1, -1)),
        );
      }),
    );
  });
});
