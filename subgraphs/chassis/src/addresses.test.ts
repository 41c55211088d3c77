import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressGuard, isPublicAddress, network } from './addresses.ts';

describe('a public address', () => {
  it.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e'])(
    'is %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.3.4'],
    ['loopback', '::1'],
    ['unspecified', '0.0.0.0'],
    ['unspecified', '::'],
    ['private', '10.0.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, a cloud’s metadata', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['unique local, a cloud’s metadata', 'fd00:ec2::254'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
    ['IPv4 as IPv6', '::ffff:127.0.0.1'],
    ['IPv4 as IPv6', '::ffff:8.8.8.8'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001:0:7f00:1::1'],
    ['documentation', '2001:db8::1'],
    ['no address', 'example.com'],
    ['no address', ''],
  ])('is not %s: %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('is never in a private network, whichever host', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(byte, byte, byte, (a, b, c) => {
        for (const address of [
          `10.${a}.${b}.${c}`,
          `127.${a}.${b}.${c}`,
          `192.168.${b}.${c}`,
          `169.254.${b}.${c}`,
        ]) {
          expect(isPublicAddress(address)).toBe(false);
          expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
        }
      }),
    );
  });
});

describe('a guarded name', () => {
  it('gets its name resolved to what is connected to, one address or all', async () => {
    const exempt = addressGuard(['127.0.0.0/8', '::1/128']);
    const lookup = (all: boolean) =>
      new Promise((resolve, reject) => {
        exempt.lookup('localhost', { all }, (error, found) => (error ? reject(error) : resolve(found)));
      });
    expect(await lookup(true)).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect(typeof (await lookup(false))).toBe('string');
  });
});

describe('a network that operators exempt', () => {
  it.each(['10.1.0.0/16', '127.0.0.0/8', '::1/128'])('may be %s', (text) => {
    expect(network.safeParse(text).success).toBe(true);
  });

  it.each(['10.1.0.0', '10.1.0.0/33', 'example.com/8', '::1/129', '10.0.0.0/8/8'])('is not %s', (text) => {
    expect(network.safeParse(text).success).toBe(false);
  });
});
