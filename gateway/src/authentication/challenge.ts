import { InvalidProof, proofAlgorithms } from './proofs.ts';

/** WWW-Authenticate for who was refused (RFC 6750, 3.1; RFC 9449, 7.1), in the scheme that they tried. */
export function challengeOf(authorization: string | undefined, error: unknown): string {
  if (!/^dpop /i.test(authorization ?? '')) return 'Bearer error="invalid_token"';
  const isProof = error instanceof Error && error.cause instanceof InvalidProof;
  return `DPoP error="${isProof ? 'invalid_dpop_proof' : 'invalid_token'}", algs="${proofAlgorithms.join(' ')}"`;
}
