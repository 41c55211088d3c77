// Networks that somebody may come from, looked up by address in whichever spelling.
import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';

export interface Networks {
  /** Whether the address is in one of them; what is no address is in none. */
  has(address: string): boolean;
}

/** Reads networks, written as `address/bits`, once for all look-ups. Bits beyond the prefix don't count. */
export function readNetworks(networks: readonly string[]): Networks {
  const list = new BlockList();
  for (const network of networks) {
    const [base = '', bits] = network.split('/');
    const { address, isMapped } = plain(base);
    const length = Number(bits) - (isMapped ? mappedBits : 0);
    // What reaches beyond the IPv4 addresses in IPv6 stays as it is written.
    if (length < 0) list.addSubnet(base, Number(bits), 'ipv6');
    else list.addSubnet(address, length, familyOf(address));
  }
  return {
    has(given) {
      const { address } = plain(given);
      return isIP(address) !== 0 && list.check(address, familyOf(address));
    },
  };
}

/** Of an IPv4 address in IPv6, what stands before it (RFC 4291, 2.5.5.2). */
const mappedBits = 96;

/** Without its zone (RFC 4007), which means something at one host alone; an IPv4 address in IPv6's clothes as itself. */
function plain(given: string): { address: string; isMapped: boolean } {
  const [bare = ''] = given.split('%', 1);
  if (!isIPv6(bare)) return { address: bare, isMapped: false };
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' });
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [];
  return mapped === undefined ? { address, isMapped: false } : { address: mapped, isMapped: true };
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');
