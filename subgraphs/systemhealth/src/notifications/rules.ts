// Who is told of an alert's transition, and when a channel that failed is tried again. Pure.
import type { Label } from '../alerts/rules.ts';

export interface Policy {
  /** `default` where the rule names none. */
  readonly id: string;
  readonly groupBy: readonly string[];
  readonly groupWaitMs: number;
  readonly repeatEveryMs: number | null;
  /** At least one, the first at 0. */
  readonly steps: readonly { readonly afterMs: number; readonly channelIds: readonly string[] }[];
}

/** By the default channels, a service's alerts together. */
export function defaultPolicy(channelIds: readonly string[]): Policy {
  return {
    ...{ id: 'default', groupBy: ['service'], groupWaitMs: 2_000, repeatEveryMs: null },
    steps: [{ afterMs: 0, channelIds }],
  };
}

export function groupKeyOf({ id, groupBy }: Policy, labels: readonly Label[]): string {
  const values = groupBy.map((name) => labels.find((label) => label.name === name)?.value ?? '');
  return JSON.stringify([id, ...values]);
}

export interface Told {
  readonly firedAt: number;
  readonly stepsTold: number;
  readonly toldAt: number;
}

/** How many steps are told by `now`. */
export function stepsDue({ steps }: Policy, { firedAt }: Pick<Told, 'firedAt'>, now: number): number {
  return Math.max(1, steps.filter(({ afterMs }) => firedAt + afterMs <= now).length);
}

/** When an alert that still fires, that nobody acknowledged and nothing keeps quiet, is told again. */
export function nextTellingAt(
  { steps, repeatEveryMs }: Policy,
  { firedAt, stepsTold, toldAt }: Told,
): number | null {
  const next = steps[stepsTold];
  const moments = [
    ...(next === undefined ? [] : [firedAt + next.afterMs]),
    ...(repeatEveryMs === null ? [] : [toldAt + repeatEveryMs]),
  ];
  return moments.length === 0 ? null : Math.min(...moments);
}

/** The channels of the first `count` steps, each once. */
export function channelsOf({ steps }: Policy, count: number): string[] {
  return [...new Set(steps.slice(0, count).flatMap(({ channelIds }) => channelIds))];
}

const retryDelaysSeconds = [5, 30, 120, 600, 1_800, 3_600] as const;
/** Tried for about a day. */
export const mostAttempts = 28;

/** The wait after the nth failed attempt, at `chance` (0 to 1) between half and one and a half times its length. */
export function retryDelayMs(attempts: number, chance: number): number {
  const index = Math.min(Math.max(attempts, 1), retryDelaysSeconds.length) - 1;
  return (retryDelaysSeconds[index] ?? 0) * 1_000 * (0.5 + chance);
}
