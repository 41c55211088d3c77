import { isIPv6 } from 'node:net';

/**
 * The network that an address stands for where its holder is limited: an IPv4 address itself, of an IPv6 address its
 * /64, since that is what one household or machine gets and may choose addresses from at will.
 */
export function networkOf(address: string | undefined): string {
  const [bare = ''] = (address ?? '').split('%', 1);
  if (!isIPv6(bare)) return bare || 'unknown';
  const groups = groupsOf(bare);
  const [high = 0, low = 0] = groups.slice(6);
  // An IPv4 address in IPv6's clothes (RFC 4291 §2.5.5.2), however it is written.
  if (groups.slice(0, 6).join() === '0,0,0,0,0,65535')
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight groups of a valid address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::', 2);
  const left = groupsIn(head);
  const right = groupsIn(tail ?? '');
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function groupsIn(part: string): number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
