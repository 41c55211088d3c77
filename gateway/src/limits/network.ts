import { isIPv6 } from 'node:net';

/**
 * The network that an address stands for where its holder is limited: an IPv4 address itself, of an IPv6 address its
 * /64, since that is what one household or machine gets and may choose addresses from at will.
 */
export function networkOf(address: string | undefined): string {
  const [bare = ''] = (address ?? '').split('%', 1);
  if (!isIPv6(bare)) return bare || 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail] = bare.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  // A dotted end counts for two groups, and never reaches into the first four.
  const missing = tail === undefined ? 0 : 8 - left.length - right.length - (bare.includes('.') ? 1 : 0);
  const groups = [...left, ...Array<string>(Math.max(0, missing)).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
