import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readNetworks } from './networks.ts';

const networks = readNetworks(['203.0.113.5/24', '2001:db8::/32', '::ffff:198.51.100.0/120']);

describe('networks', () => {
  it.each([
    '203.0.113.9',
    '::ffff:203.0.113.9',
    '::FFFF:cb00:7109',
    '0:0:0:0:0:ffff:203.0.113.9',
    '198.51.100.7',
    '2001:DB8:0:0::5',
    '2001:0db8:0000:0000:0000:0000:0000:0005',
    '2001:db8::1%eth0',
  ])('hold %s', (address) => {
    expect(networks.has(address)).toBe(true);
  });

  it.each([
    '203.0.114.1',
    '::ffff:203.0.114.1',
    '2001:db9::1',
    '2002:cb00:7109::1', // 6to4 of an address that is in: another host's
    'fe80::1%eth0',
    '203.0.113.9 ',
    '203.0.113.09',
    '0xcb.0.113.9',
    'nonsense',
    '',
  ])('do not hold %j', (address) => {
    expect(networks.has(address)).toBe(false);
  });

  it('hold an IPv4 address in whichever spelling', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(octet, octet, octet, octet, fc.integer({ min: 0, max: 32 }), (a, b, c, d, bits) => {
        const address = [a, b, c, d].join('.');
        const hex = [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(':');
        const own = readNetworks([`${address}/${bits}`]);
        for (const spelling of [address, `::ffff:${address}`, `::ffff:${hex}`, `0:0:0:0:0:FFFF:${hex}`])
          expect(own.has(spelling)).toBe(true);
      }),
    );
  });
});
