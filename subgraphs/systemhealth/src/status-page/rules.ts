// How much of each day a service was up, from the changes of its checks. Pure. Time of which nothing is known counts for
// neither side.
import type { Status } from '../checks/rules.ts';

export const shownDays = 90;
const dayMs = 86_400_000;

export interface StatusChangeSeen {
  readonly checkId: string;
  readonly at: number;
  readonly previousStatus: Status;
  readonly status: Status;
}

export interface CheckNow {
  readonly checkId: string;
  readonly status: Status;
  readonly statusSince: number;
}

export interface DayUptime {
  readonly date: string;
  readonly uptime: number | null;
}

/**
 * A service is down while one of its checks is, and up while one is and none is down.
 * @param changes oldest first
 */
export function uptimeByDay(
  { checks, changes }: { checks: readonly CheckNow[]; changes: readonly StatusChangeSeen[] },
  now: number,
): { days: DayUptime[]; uptime: number | null } {
  const today = Math.floor(now / dayMs) * dayMs;
  const first = today - (shownDays - 1) * dayMs;
  const current = new Map<string, Status>();
  for (const { checkId, status, statusSince } of checks) {
    // Since before the days shown: no change tells of it.
    const earliest = changes.find((change) => change.checkId === checkId);
    if (earliest) current.set(checkId, earliest.previousStatus);
    else current.set(checkId, statusSince <= first ? status : 'UNKNOWN');
  }
  const begun = checks
    .filter(
      ({ checkId, statusSince }) => statusSince > first && !changes.some((each) => each.checkId === checkId),
    )
    .map(({ checkId, statusSince: at, status }) => ({
      checkId,
      at,
      previousStatus: 'UNKNOWN' as const,
      status,
    }));
  const ordered = [...changes, ...begun].sort((one, other) => one.at - other.at);

  const upMs = new Array<number>(shownDays).fill(0);
  const knownMs = new Array<number>(shownDays).fill(0);
  let since = first;
  const pass = (until: number) => {
    const status = worstOf([...current.values()]);
    for (let from = since; from < until; ) {
      const day = Math.floor((from - first) / dayMs);
      const to = Math.min(until, first + (day + 1) * dayMs);
      if (status !== 'UNKNOWN') knownMs[day] = (knownMs[day] ?? 0) + to - from;
      if (status === 'UP') upMs[day] = (upMs[day] ?? 0) + to - from;
      from = to;
    }
    since = Math.max(since, until);
  };
  for (const { checkId, at, status } of ordered) {
    pass(Math.min(Math.max(at, first), now));
    current.set(checkId, status);
  }
  pass(now);

  const ratio = (up: number, known: number) => (known === 0 ? null : up / known);
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const days = knownMs.map((known, day) => ({
    date: new Date(first + day * dayMs).toISOString().slice(0, 10),
    uptime: ratio(upMs[day] ?? 0, known),
  }));
  return { days, uptime: ratio(total(upMs), total(knownMs)) };
}

/** Of one service over time: a check of which nothing is known hides no other. */
function worstOf(statuses: readonly Status[]): Status {
  if (statuses.includes('DOWN')) return 'DOWN';
  return statuses.includes('UP') ? 'UP' : 'UNKNOWN';
}
