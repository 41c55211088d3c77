// What becomes of an alert as its condition is observed. Pure: time comes in with each observation.
import { createHash } from 'node:crypto';

/** INACTIVE: it was PENDING and its condition ended before it fired. Like RESOLVED, an end. */
export type AlertState = 'PENDING' | 'FIRING' | 'RESOLVED' | 'INACTIVE';

/** What an observation says of a condition. Missing data is UNKNOWN and never CLEAR. */
export type Verdict = 'MET' | 'CLEAR' | 'UNKNOWN';

/** Times are milliseconds since the epoch. */
export interface AlertStanding {
  readonly state: AlertState;
  /** Counts the transitions of all alerts of one fingerprint, so that each has a number of its own. */
  readonly sequence: number;
  /** Of the latest observation; an older one changes nothing. */
  readonly observedAt: number;
  /** Since when the condition has been met without a break; null once it is clear. */
  readonly metSince: number | null;
  /** Since when the condition of a firing alert has been clear without a break. */
  readonly clearSince: number | null;
}

export interface AlertPolicy {
  /** For how long the condition must be met before the alert fires. */
  readonly forMs: number;
  /** For how long it must be clear before the alert is resolved. */
  readonly recoverForMs: number;
}

export type AlertTransitionKind = 'STARTED' | 'FIRED' | 'WITHDRAWN' | 'RESOLVED';

export interface Step {
  readonly standing: AlertStanding | null;
  /** What happened, oldest first; empty when nothing did. */
  readonly transitions: readonly { readonly kind: AlertTransitionKind; readonly at: number }[];
}

export interface Label {
  readonly name: string;
  readonly value: string;
}

export function isOpen({ state }: { state: AlertState }): boolean {
  return state === 'PENDING' || state === 'FIRING';
}

/** The same for the same labels in any order. */
export function fingerprintOf(labels: readonly Label[]): string {
  const sorted = labels
    .map(({ name, value }) => [name, value])
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 32);
}

/** Takes one observation in. One that is not newer than the latest changes nothing, so replays are harmless. */
export function observe(
  standing: AlertStanding | null,
  { at, verdict }: { at: number; verdict: Verdict },
  policy: AlertPolicy,
): Step {
  if (standing !== null && at <= standing.observedAt) return { standing, transitions: [] };
  if (standing === null || !isOpen(standing)) return begin(standing, { at, verdict }, policy);
  const observed = { ...standing, observedAt: at };
  if (standing.state === 'PENDING') {
    if (verdict !== 'MET') return end(observed, at, 'WITHDRAWN');
    return tick(observed, at, policy);
  }
  // Of an outage whose data is missing nobody knows that it is over.
  if (verdict !== 'CLEAR') return { standing: { ...observed, clearSince: null }, transitions: [] };
  return tick({ ...observed, clearSince: standing.clearSince ?? at }, at, policy);
}

/** Takes in that time has passed and nothing else was observed: what was met or clear still is. */
export function tick(standing: AlertStanding, now: number, policy: AlertPolicy): Step {
  const { state, metSince, clearSince } = standing;
  if (state === 'PENDING' && metSince !== null && now - metSince >= policy.forMs) {
    return {
      standing: { ...standing, state: 'FIRING', sequence: standing.sequence + 1 },
      transitions: [{ kind: 'FIRED', at: now }],
    };
  }
  if (state === 'FIRING' && clearSince !== null && now - clearSince >= policy.recoverForMs) {
    return end(standing, now, 'RESOLVED');
  }
  return { standing, transitions: [] };
}

/** When `tick` would change something; null when only an observation can. */
export function tickDueAt(
  { state, metSince, clearSince }: AlertStanding,
  policy: AlertPolicy,
): number | null {
  if (state === 'PENDING' && metSince !== null) return metSince + policy.forMs;
  if (state === 'FIRING' && clearSince !== null) return clearSince + policy.recoverForMs;
  return null;
}

/** Ends an open alert for another reason than its condition, such as the end of its rule. */
export function close(standing: AlertStanding, at: number): Step {
  if (!isOpen(standing)) return { standing, transitions: [] };
  return end(standing, at, standing.state === 'FIRING' ? 'RESOLVED' : 'WITHDRAWN');
}

function begin(
  before: AlertStanding | null,
  { at, verdict }: { at: number; verdict: Verdict },
  policy: AlertPolicy,
): Step {
  if (verdict !== 'MET') return { standing: before && { ...before, observedAt: at }, transitions: [] };
  const started: AlertStanding = {
    state: 'PENDING',
    sequence: (before?.sequence ?? 0) + 1,
    observedAt: at,
    metSince: at,
    clearSince: null,
  };
  const { standing, transitions } = tick(started, at, policy);
  return { standing, transitions: [{ kind: 'STARTED', at }, ...transitions] };
}

function end(standing: AlertStanding, at: number, kind: 'WITHDRAWN' | 'RESOLVED'): Step {
  const state = kind === 'RESOLVED' ? 'RESOLVED' : 'INACTIVE';
  const sequence = standing.sequence + 1;
  return { standing: { ...standing, state, sequence, metSince: null }, transitions: [{ kind, at }] };
}
