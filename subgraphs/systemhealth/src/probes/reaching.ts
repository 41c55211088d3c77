// The way to a tenant's target. A name is resolved and judged once a run, and the connection goes to the very address
// that was judged: a name server that answers differently the second time (DNS rebinding) changes nothing.
import { isIP } from 'node:net';
import { type AddressGuard, AddressRefused } from '@supergraph/chassis/addresses';

/** What a probe of a tenant's target needs beside its settings. */
export interface Target {
  /** Credentials included. */
  readonly url: string;
  /** Values of the headers that its settings name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly guard: AddressGuard;
}

export interface Reached {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** The name that the target is known by, for its certificate; null where it is an address. */
  readonly name: string | null;
}

/** The host of a URL without the brackets of IPv6. */
export function hostOf(url: string | URL): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

/** @throws AddressRefused; or why the name can't be looked up. */
export async function reach(
  { url, guard }: Pick<Target, 'url' | 'guard'>,
  presetPort: number,
): Promise<Reached> {
  const host = hostOf(url);
  const port = Number(new URL(url).port) || presetPort;
  const literal = isIP(host);
  if (literal !== 0) {
    if (!guard.allows(host)) throw new AddressRefused();
    return { address: host, family: literal === 6 ? 6 : 4, port, name: null };
  }
  const [first] = await new Promise<ReadonlyArray<{ address: string; family: number }>>((resolve, reject) =>
    guard.lookup(host, { all: true }, (error, addresses) =>
      error === null && Array.isArray(addresses) ? resolve(addresses) : reject(error ?? new AddressRefused()),
    ),
  );
  if (first === undefined) throw new AddressRefused();
  return { address: first.address, family: first.family === 6 ? 6 : 4, port, name: host };
}

/** An address and a port as they are written together. */
export function endpoint({ address, family, port }: Reached): string {
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** User name and password of a URL, decoded; empty where it has none. */
export function credentialsOf(url: string): { username: string; password: string } {
  const { username, password } = new URL(url);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
