// Which addresses may be called where a tenant chose the target: a check, an identity provider, a webhook. Without this a
// service could be made to ask the platform's own databases or a cloud's metadata service (SSRF).
import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { z } from 'zod';
import { inTime } from './deadline.ts';

// IANA's special-purpose registries: everything that is not one globally reachable host.
const reservedIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Outside of 2000::/3 nothing is global unicast; within it these are reserved or tunnel to an IPv4 address.
const reservedIpv6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48'];

const reserved = blockList([...reservedIpv4, ...reservedIpv6]);
const globalUnicast = blockList(['2000::/3']);

/** Makes a list of networks written as `address/bits`. */
function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Whether an address belongs to one host on the public internet. IPv4 written as IPv6 (::ffff:…) never does. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !reserved.check(address, 'ipv4');
    case 6:
      return globalUnicast.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
    default:
      return false;
  }
}

export interface AddressGuard {
  /** Whether this address may be asked. */
  allows(address: string): boolean;
  /** Resolves like dns.lookup and fails unless all addresses are allowed; what it returns is what is connected to. */
  lookup: LookupFunction;
}

/** The target lies where nobody may be sent to. The message says no address. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';

  constructor() {
    super('the target is not on a public address');
  }
}

/** A network as operators write it, for a list of those that `addressGuard` is to allow. */
export const network = z.string().refine(
  (value) => {
    const [address = '', bits = '', ...rest] = value.split('/');
    const longest = { 4: 32, 6: 128 }[isIP(address)];
    return longest !== undefined && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= longest;
  },
  { error: 'expected a network such as 10.1.0.0/16' },
);

/**
 * Allows public addresses, and the networks that the operator of this installation has named. `lookup` finds the
 * addresses of a name. Default: dns.lookup.
 */
export function addressGuard(
  allowedNetworks: readonly string[],
  { lookup = resolve }: { lookup?: LookupFunction } = {},
): AddressGuard {
  const exempt = blockList(allowedNetworks);
  const allows = (address: string) =>
    isPublicAddress(address) || exempt.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return {
    allows,
    lookup: (hostname, options, callback) => {
      // A name with one public and one private address is refused: which would be connected to is chance.
      lookup(hostname, { ...options, all: true }, (error, addresses) => {
        const [first] = addresses ?? [];
        if (error !== null || !Array.isArray(addresses) || typeof first !== 'object')
          return callback(error ?? new AddressRefused(), []);
        if (!addresses.every(({ address }) => allows(address))) return callback(new AddressRefused(), []);
        if (options.all === true) return callback(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
  };
}

/**
 * Refuses a URL whose host is an address that may not be asked. Needed beside `lookup`, which is not called for
 * a host that already is an address.
 * @throws AddressRefused
 */
export function assertHostAllowed(url: string | URL, guard: AddressGuard): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !guard.allows(host)) throw new AddressRefused();
}

/** How long a name may take to be looked up before a target is taken as it is, to be judged by its first call. */
const lookupDeadlineMs = 3_000;

/**
 * Whether the target leads to addresses that may be asked, as far as can be told now. A name that can't be looked
 * up is let pass: its calls will fail, and each looks it up and judges again.
 */
export async function isTargetAllowed(url: string, guard: AddressGuard): Promise<boolean> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return guard.allows(host);
  const judged = new Promise<boolean>((settle) => {
    guard.lookup(host, { all: true }, (error) => settle(!(error instanceof AddressRefused)));
  });
  return inTime(judged, { deadlineMs: lookupDeadlineMs, otherwise: () => true });
}
