// What callers show of themselves: a token, beside one that is bound to a key a proof for this one request, and from
// where they ask.
import type { IncomingMessage } from 'node:http';
import { type RequestFacts, requestFacts } from '@supergraph/chassis/context';

export interface Credentials extends RequestFacts {
  /** As in HTTP's header Authorization. */
  authorization: string | undefined;
  proof?: PresentedProof | undefined;
}

/** A proof of possession (RFC 9449), and what it has to be for. */
export interface PresentedProof {
  jwt: string;
  method: string;
  uri: string;
}

/** The credentials in a request's headers. */
export function credentialsOf(request: IncomingMessage): Credentials {
  const { authorization, dpop } = request.headers;
  const shown = { authorization, ...requestFacts(request) };
  if (dpop === undefined) return shown;
  // Of several, none is the request's; together they are no JWT.
  const proof = { jwt: String(dpop), method: request.method ?? '', uri: uriOf(request) };
  return { ...shown, proof };
}

/**
 * The address that the client asked, without its query. TLS ends at the proxy before the gateway, which says so and
 * lets no client say it.
 */
export function uriOf({ headers, url = '/' }: IncomingMessage): string {
  const { host = '', 'x-forwarded-proto': forwarded } = headers;
  const [protocol = ''] = String(forwarded ?? 'http').split(',', 1);
  const [path] = url.split('?', 1);
  return `${protocol.trim().toLowerCase()}://${host}${path}`;
}
