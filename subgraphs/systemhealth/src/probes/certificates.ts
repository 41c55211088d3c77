// What a TLS connection shows of its target's certificate.
import type { TLSSocket } from 'node:tls';
import { ProbeFailure } from './failures.ts';
import type { Measurement } from './measurement.ts';

const dayMs = 86_400_000;

export interface ShownCertificate {
  /** Milliseconds since the epoch at which the first certificate of the shown chain ends. */
  readonly endsAt: number;
}

/** Null where the target shows none. */
export function shownCertificate(socket: TLSSocket): ShownCertificate | null {
  let certificate = socket.getPeerCertificate(true);
  if (!certificate?.valid_to) return null;
  let endsAt = Date.parse(certificate.valid_to);
  // A certificate that issued itself ends the chain; it is known to this machine, and its end is no concern of the target's.
  for (let each = 0; each < 10; each += 1) {
    const issuer = certificate.issuerCertificate;
    if (!issuer || issuer === certificate || issuer.issuerCertificate === issuer) break;
    endsAt = Math.min(endsAt, Date.parse(issuer.valid_to));
    certificate = issuer;
  }
  return { endsAt };
}

export function certificateMeasurements({ endsAt }: ShownCertificate, now: number): Measurement[] {
  return [{ metric: 'tls_certificate_expiry_seconds', value: Math.round((endsAt - now) / 1_000) }];
}

/** @throws ProbeFailure when fewer days are left than must be. */
export function demandDaysLeft(
  { endsAt }: ShownCertificate,
  { least, now, measurements }: { least: number; now: number; measurements: readonly Measurement[] },
): void {
  const days = Math.floor((endsAt - now) / dayMs);
  if (days < 0) throw new ProbeFailure('certificate has expired', measurements);
  if (days < least)
    throw new ProbeFailure(`certificate ends in ${days} days, sooner than ${least}`, measurements);
}
