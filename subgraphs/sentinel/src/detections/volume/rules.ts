// Whether an hour is unusual, by robust statistics: median and median absolute deviation, which a few wild hours don't move. Pure.
import type { Values } from '../parameters.ts';

export const volumeParameters = {
  /** Less than that an hour is never unusual. */
  minimum: { value: 60, minimum: 10, maximum: 1_000_000 },
  /** How many robust standard deviations above the median. */
  deviations: { value: 6, minimum: 2, maximum: 100 },
  /** What it takes for one's own hours to say something; else the peers' alone do. */
  ownHours: { value: 12, minimum: 3, maximum: 300 },
  peerHours: { value: 12, minimum: 3, maximum: 300 },
};
export type VolumeValues = Values<typeof volumeParameters>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Of a normal distribution, what makes the median absolute deviation a standard deviation. */
const toDeviation = 1.4826;

/** So many robust standard deviations above the median; one is a tenth of the median at least, and 1. */
export function aboveBy(deviations: number, others: readonly number[]): number {
  const middle = median(others);
  const spread = toDeviation * median(others.map((each) => Math.abs(each - middle)));
  return middle + deviations * Math.max(spread, middle / 10, 1);
}

/** What an hour is compared with. */
export interface Others {
  /** What one did oneself in the hours before, those with something alone. */
  readonly own: readonly number[];
  /** What others of the same roles did in theirs. */
  readonly peers: readonly number[];
}

/**
 * Above how many an hour is unusual for oneself and for one's peers, as far as enough is known of each; null where nothing
 * is known, and so nothing unusual.
 */
export function unusualAbove({ own, peers }: Others, values: VolumeValues): number | null {
  const { minimum, deviations, ownHours, peerHours } = values;
  const groups = [...(own.length >= ownHours ? [own] : []), ...(peers.length >= peerHours ? [peers] : [])];
  if (groups.length === 0) return null;
  return Math.max(minimum - 1, ...groups.map((others) => aboveBy(deviations, others)));
}
