// How the statuses of many checks make one.
import type { Status } from '../checks/rules.ts';

export interface Standing {
  readonly status: Status;
  /** Milliseconds since the epoch. */
  readonly statusSince: number;
}

const worstFirst: readonly Status[] = ['DOWN', 'UNKNOWN', 'UP'];

/** The worst status there is; UNKNOWN where there is none at all. */
export function worstStatus(statuses: readonly Status[]): Status {
  return worstFirst.find((status) => statuses.includes(status)) ?? 'UNKNOWN';
}

/**
 * The standing of something with these running checks. It has been bad since its first check of that status
 * turned so, and well since its last check did. Without checks it is UNKNOWN since `since`.
 */
export function combine(standings: readonly Standing[], since: number): Standing {
  const status = worstStatus(standings.map((standing) => standing.status));
  const turned = standings.filter((standing) => standing.status === status).map((each) => each.statusSince);
  if (turned.length === 0) return { status, statusSince: since };
  return { status, statusSince: status === 'UP' ? Math.max(...turned) : Math.min(...turned) };
}
