// The modifier cidr: whether an address lies in a network.
import { BlockList, isIP } from 'node:net';
import { invalid } from './errors.ts';

export function networkMatcher(network: string, path: string): (text: string) => boolean {
  const [address = '', length, ...more] = network.split('/');
  const family = isIP(address);
  const bits = Number(length ?? (family === 4 ? 32 : 128));
  const isNetwork = family !== 0 && more.length === 0 && /^\d{1,3}$/.test(String(length ?? bits));
  if (!isNetwork || bits > (family === 4 ? 32 : 128))
    throw invalid(path, `"${network}" is no network in CIDR notation`);
  const list = new BlockList();
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return (text) => {
    const given = isIP(text);
    return given !== 0 && list.check(text, given === 4 ? 'ipv4' : 'ipv6');
  };
}
