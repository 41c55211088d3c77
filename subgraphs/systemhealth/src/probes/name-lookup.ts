// Looks names up as `dns.lookup` does, and waits for slow name servers without it: that one takes one of the process's
// four threads for each name, and a few names whose servers are away would hold up every other check.
import { type LookupAddress, lookup, NODATA, NOTFOUND } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';

export interface NameLookupOptions {
  /** Name servers as address and port. Default: those of this machine. */
  servers?: readonly string[];
  /** How long one is waited for, twice. */
  timeoutMs?: number;
}

/** After these the machine's own way is tried, which knows the hosts file and search domains, and answers as soon. */
const unknown = new Set([NODATA, NOTFOUND, 'EBADNAME', 'ECONNREFUSED']);

export function nameLookup({ servers, timeoutMs = 2_000 }: NameLookupOptions = {}): LookupFunction {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  return (hostname, options, callback) => {
    if (isIP(hostname) !== 0) return lookup(hostname, options, callback);
    void resolveBoth(resolver, hostname).then((found) => {
      const [first] = found.addresses;
      if (first === undefined) {
        if (found.codes.every((code) => unknown.has(code))) return lookup(hostname, options, callback);
        return callback(Object.assign(new Error('no answer'), { code: 'EAI_AGAIN' }), []);
      }
      if (options.all === true) return callback(null, found.addresses);
      return callback(null, first.address, first.family);
    });
  };
}

async function resolveBoth(
  resolver: Resolver,
  hostname: string,
): Promise<{ addresses: LookupAddress[]; codes: string[] }> {
  const outcomes = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const [ipv4, ipv6] = outcomes.map((each) => (each.status === 'fulfilled' ? each.value : []));
  return {
    addresses: [
      ...(ipv4 ?? []).map((address) => ({ address, family: 4 })),
      ...(ipv6 ?? []).map((address) => ({ address, family: 6 })),
    ],
    codes: outcomes.flatMap((each) =>
      each.status === 'rejected' ? [String(Reflect.get(Object(each.reason), 'code'))] : [],
    ),
  };
}
