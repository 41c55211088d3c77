// What a month of the platform is worth. Pure. Months are in UTC. Minutes of which nothing is known are not bad: whoever
// pauses a check gains nothing by it.

const minuteMs = 60_000;
/** Runs may be recorded so much later. */
const settlingMs = 3 * 3_600_000;

export interface Month {
  /** For example 2026-01. */
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface CreditTier {
  readonly belowRatio: number;
  readonly creditBasisPoints: number;
}

/** Null for what names no month. */
export function monthNamed(name: string): Month | null {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(name)) return null;
  const startsAt = Date.parse(`${name}-01T00:00:00Z`);
  const begin = new Date(startsAt);
  return { name, startsAt, endsAt: Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 1) };
}

/** The latest month that is counted for good. */
export function settledMonth(now: number): Month {
  const present = new Date(now - settlingMs);
  const before = new Date(Date.UTC(present.getUTCFullYear(), present.getUTCMonth() - 1, 1));
  const month = monthNamed(before.toISOString().slice(0, 7));
  if (month === null) throw new Error('A date has a month.');
  return month;
}

export function isSettled({ endsAt }: Month, now: number): boolean {
  return now - settlingMs >= endsAt;
}

export function uptimeOf({ startsAt, endsAt }: Month, badMinutes: number): number {
  return 1 - badMinutes / ((endsAt - startsAt) / minuteMs);
}

/** @param tiers best months first */
export function creditOf(uptime: number, tiers: readonly CreditTier[]): number {
  return tiers.findLast(({ belowRatio }) => uptime < belowRatio)?.creditBasisPoints ?? 0;
}

export function promiseDocument(promise: {
  slug: string;
  name: string;
  serviceId: string;
  target: number;
}): string {
  const source = (measure: string) =>
    `{ metricSource: { type: SystemHealth, spec: { measure: ${measure} } } }`;
  return `apiVersion: openslo/v1
kind: SLO
metadata:
  name: platform-${promise.slug}
  displayName: ${JSON.stringify(promise.name)}
spec:
  description: What the platform promises of this part of it.
  service: ${promise.serviceId}
  indicator:
    spec:
      ratioMetric:
        good: ${source('successes')}
        total: ${source('runs')}
  timeWindow:
    - duration: 1M
      isRolling: false
      calendar: { startTime: 2020-01-01 00:00:00, timeZone: UTC }
  budgetingMethod: Timeslices
  objectives:
    - target: ${promise.target}
      timeSliceTarget: 0.5
      timeSliceWindow: 1m
`;
}
