// When a check's results add up to a change of its status. Pure: time comes in with each observation.

export type Status = 'UNKNOWN' | 'UP' | 'DOWN';

/** What one run found. Times are milliseconds since the epoch, by the database's clock. */
export interface Observation {
  /** When the run began. */
  readonly at: number;
  readonly isSuccess: boolean;
  readonly latencyMs: number;
  /** Why it failed; fit for tenants' eyes. */
  readonly message: string | null;
  /** What else was measured, such as a queue's depth; kept as series of metrics. */
  readonly measurements?: readonly {
    readonly metric: string;
    readonly value: number;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
}

/** The unbroken row of equal outcomes that ends with the latest observation. */
export interface Streak {
  readonly isSuccess: boolean;
  readonly since: number;
  readonly count: number;
}

export interface CheckState {
  readonly status: Status;
  readonly statusSince: number;
  readonly observedAt: number | null;
  readonly streak: Streak | null;
}

export interface StatusPolicy {
  /** Failures must last this long, over two runs at least, before DOWN. */
  readonly downAfterMs: number;
  /** Successes must last this long, over two runs at least, before DOWN turns UP. */
  readonly upAfterMs: number;
  /** Without an observation for longer than this the status is UNKNOWN, and evidence from before counts no more. */
  readonly missingAfterMs: number;
}

export interface StatusChange {
  readonly previousStatus: Status;
  readonly status: Status;
  readonly occurredAt: number;
  readonly message: string | null;
  readonly latencyMs: number | null;
}

export interface Evaluation {
  readonly state: CheckState;
  readonly change: StatusChange | null;
}

/** A single run never turns UP to DOWN nor DOWN to UP, however long ago the run before it was. */
const repeats = 2;

const shortestMissingMs = 15_000;

/** The state of a check that has not run since `now`. */
export function unobserved(now: number): CheckState {
  return { status: 'UNKNOWN', statusSince: now, observedAt: null, streak: null };
}

/** Several intervals, so that a restart of this program is no gap in the data. */
export function missingAfterMs({ intervalMs, timeoutMs }: { intervalMs: number; timeoutMs: number }): number {
  return Math.max(3 * intervalMs + timeoutMs, shortestMissingMs);
}

/** Takes one observation in. One that is not newer than the latest changes nothing, so replays are harmless. */
export function evaluate(state: CheckState, observation: Observation, policy: StatusPolicy): Evaluation {
  if (state.observedAt !== null && observation.at <= state.observedAt) return { state, change: null };
  const streak = lengthen(state, observation, policy);
  const status = settle(state.status, streak, { at: observation.at, policy });
  const observed = { observedAt: observation.at, streak };
  if (status === state.status) return { state: { ...state, ...observed }, change: null };
  return {
    state: { ...observed, status, statusSince: observation.at },
    change: {
      previousStatus: state.status,
      status,
      occurredAt: observation.at,
      message: observation.message,
      latencyMs: observation.latencyMs,
    },
  };
}

/** Takes several observations in, oldest first. */
export function evaluateAll(
  state: CheckState,
  observations: readonly Observation[],
  policy: StatusPolicy,
): { state: CheckState; changes: readonly StatusChange[] } {
  const changes: StatusChange[] = [];
  let latest = state;
  for (const observation of observations) {
    const evaluation = evaluate(latest, observation, policy);
    latest = evaluation.state;
    if (evaluation.change !== null) changes.push(evaluation.change);
  }
  return { state: latest, changes };
}

/** Missing data is unknown, never healthy: what has not been observed for several intervals loses its status. */
export function expire(state: CheckState, now: number, policy: StatusPolicy): Evaluation {
  const missingSince = (state.observedAt ?? state.statusSince) + policy.missingAfterMs;
  if (state.status === 'UNKNOWN' || now <= missingSince) return { state, change: null };
  return {
    state: { ...state, status: 'UNKNOWN', statusSince: now, streak: null },
    change: {
      previousStatus: state.status,
      status: 'UNKNOWN',
      occurredAt: now,
      message: 'no result for several intervals',
      latencyMs: null,
    },
  };
}

/** What was known before a pause says nothing about now: the first result after it decides. */
export function resume(state: CheckState, now: number): Evaluation {
  const { status: previousStatus, statusSince } = state;
  const forgotten = unobserved(now);
  if (previousStatus === 'UNKNOWN') return { state: { ...forgotten, statusSince }, change: null };
  return {
    state: forgotten,
    change: {
      previousStatus,
      status: 'UNKNOWN',
      occurredAt: now,
      message: 'resumed after a pause; no result yet',
      latencyMs: null,
    },
  };
}

/**
 * When the evidence at hand would suffice if the next run agreed with it; null when nothing is pending.
 * Running at that moment, and not a whole interval later, is what makes a change known soon.
 */
export function confirmationDueAt(state: CheckState, policy: StatusPolicy): number | null {
  const { status, streak } = state;
  if (streak === null || isAgreed(status, streak)) return null;
  return streak.since + waitOf(streak, policy);
}

function lengthen(state: CheckState, { at, isSuccess }: Observation, policy: StatusPolicy): Streak {
  const { streak, observedAt } = state;
  const isGap = observedAt !== null && at - observedAt > policy.missingAfterMs;
  if (streak === null || isGap || streak.isSuccess !== isSuccess) return { isSuccess, since: at, count: 1 };
  return { ...streak, count: streak.count + 1 };
}

function settle(
  status: Status,
  streak: Streak,
  { at, policy }: { at: number; policy: StatusPolicy },
): Status {
  if (isAgreed(status, streak)) return status;
  if (status === 'UNKNOWN' && streak.isSuccess) return 'UP';
  const isSettled = streak.count >= repeats && at - streak.since >= waitOf(streak, policy);
  if (!isSettled) return status;
  return streak.isSuccess ? 'UP' : 'DOWN';
}

function isAgreed(status: Status, streak: Streak): boolean {
  return status === (streak.isSuccess ? 'UP' : 'DOWN');
}

function waitOf(streak: Streak, policy: StatusPolicy): number {
  return streak.isSuccess ? policy.upAfterMs : policy.downAfterMs;
}
