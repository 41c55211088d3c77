// At which of its public origins the platform was asked. The proxy says so in headers, and a header may be forged,
// so only configured origins are believed: links and redirects can't be turned elsewhere.
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Config } from '../config.ts';

/**
 * Sets the request's forwarded host and protocol to a public origin: the one it came by, or the issuer's own when
 * it came by another way, such as from inside of the platform.
 */
export function assumePublicOrigin(
  request: IncomingMessage,
  { ISSUER, PUBLIC_ORIGINS }: Pick<Config, 'ISSUER' | 'PUBLIC_ORIGINS'>,
): { isSecure: boolean } {
  const { headers } = request;
  const host = single(headers['x-forwarded-host']) ?? headers.host ?? '';
  const protocol = single(headers['x-forwarded-proto']) ?? 'http';
  const claimed = `${protocol}://${host}`;
  const origin = new URL(PUBLIC_ORIGINS.includes(claimed) ? claimed : ISSUER);
  headers.host = origin.host;
  headers['x-forwarded-host'] = origin.host;
  headers['x-forwarded-proto'] = origin.protocol.slice(0, -1);
  return { isSecure: origin.protocol === 'https:' };
}

/** The public origin that a request came by, once it has been through the function above. */
export function publicOrigin({ headers }: IncomingMessage): string {
  return `${single(headers['x-forwarded-proto'])}://${headers.host}`;
}

/** The address of the client as the nearest proxy saw it: the last of the list, which no client can write. */
export function clientAddress(request: IncomingMessage): string | null {
  const forwarded = single(request.headers['x-forwarded-for'])?.split(',').at(-1)?.trim() ?? '';
  const address = isIP(forwarded) === 0 ? request.socket.remoteAddress : forwarded;
  // A socket that takes both families names IPv4 this way.
  return address?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null;
}

/** Who asks, as far as a request tells: for the events that say so. */
export function requesterOf(request: IncomingMessage): {
  ipAddress: string | null;
  userAgent: string | null;
} {
  return {
    ipAddress: clientAddress(request),
    userAgent: request.headers['user-agent']?.slice(0, 512) ?? null,
  };
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
