// Why a probe failed, in words from a closed list: a library's own message may name internal addresses, and
// tenants read these.

import { types } from 'node:util';
import { AddressRefused } from '@supergraph/chassis/addresses';
import type { Measurement } from './measurement.ts';

/** A failure that a probe itself found and worded. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
  readonly measurements: readonly Measurement[];

  constructor(message: string, measurements: readonly Measurement[] = []) {
    super(message);
    this.measurements = measurements;
  }
}

const messages: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed by the target',
  CONN_CLOSE: 'connection closed by the target',
  CONN_TIMEOUT: 'connection timed out',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connection timed out',
  CERT_HAS_EXPIRED: 'certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate chain is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate could not be verified',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate could not be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another host name',
  UND_ERR_HEADERS_OVERFLOW: 'response headers are too large',
  HPE_INVALID_CONSTANT: 'not an HTTP response',
  ACCESS_REFUSED: 'sign-in refused',
  NOAUTH: 'sign-in refused',
  WRONGPASS: 'sign-in refused',
  LOADING: 'still loading its data',
};

const deepest = 5;

/** One line without addresses or credentials. Looks through causes and aggregates for the first known code. */
export function describeFailure(error: unknown, depth = 0): string {
  return knownMessage(error, depth) ?? 'failed for an unknown reason';
}

function knownMessage(error: unknown, depth: number): string | undefined {
  // Not instanceof: it misses errors of another realm, such as Node's own under jest.
  if (!types.isNativeError(error) || depth > deepest) return undefined;
  if (error instanceof ProbeFailure || error instanceof AddressRefused) return error.message;
  const { code, errors } = error as { code?: unknown; errors?: unknown }; // Node and the libraries put them there
  // Redis puts its code in front of the message: "LOADING Redis is loading the dataset in memory".
  const inFront = error.message.split(' ', 1)[0] ?? '';
  const own = messages[String(code)] ?? messages[inFront];
  if (own !== undefined) return own;
  const inner: unknown[] = Array.isArray(errors) ? errors : [error.cause];
  for (const each of inner) {
    const message = knownMessage(each, depth + 1);
    if (message !== undefined) return message;
  }
  return undefined;
}
