// RateLimit-Policy and RateLimit as structured fields (draft-ietf-httpapi-ratelimit-headers-10).
import type { Meter } from './meter.ts';
import type { Policy } from './rateLimitPolicies.ts';

/** Response header fields, by lower-case name. */
export type RateLimitFields = Readonly<{ 'ratelimit-policy': string; ratelimit?: string }>;

/** What holds for a caller whatever it does. `q` units in `w` seconds; the unit is a request unless `qu` says else. */
export function policyField(policies: readonly Policy[]): string {
  return policies
    .map(
      ({ name, quota, seconds, unit }) =>
        `"${name}";q=${quota};w=${seconds}${unit === 'cost' ? ';qu="cost"' : ''}`,
    )
    .join(', ');
}

/**
 * What is left of the allowance that will be used up first: `r` units, and `t` seconds until it is whole again. Of a
 * refused operation, the allowance that refused it and the seconds until it would pass, as in Retry-After.
 */
export function limitField(meters: readonly Meter[], now: number): string {
  let tightest: Meter | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const meter of meters) {
    const share = meter.available(now) / meter.policy.quota;
    if (share >= least) continue;
    tightest = meter;
    least = share;
  }
  return tightest === undefined ? '' : limitItem(tightest, { now, waitMs: tightest.resetMs(now) });
}

export function limitItem(meter: Meter, { now, waitMs }: { now: number; waitMs: number }): string {
  const remaining = Math.max(0, Math.floor(meter.available(now)));
  return `"${meter.policy.name}";r=${remaining};t=${Math.ceil(waitMs / 1000)}`;
}
