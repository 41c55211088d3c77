// When a public page changes by the clock alone, as a function of data alone.

const dayMs = 86_400_000;

export interface Announced {
  maintenance: readonly { startsAt: string; endsAt: string }[];
}

/** Milliseconds since 1970: the next day's beginning in UTC, or that or the end of announced work before it. */
export function nextChange(page: Announced | null | undefined, nowMs: number): number {
  const nextDay = (Math.floor(nowMs / dayMs) + 1) * dayMs;
  const instants = (page?.maintenance ?? []).flatMap(({ startsAt, endsAt }) => [
    Date.parse(startsAt),
    Date.parse(endsAt),
  ]);
  return Math.min(nextDay, ...instants.filter((at) => at > nowMs));
}
