// Whether an hour is unusual, by robust statistics: median and median absolute deviation, which a few wild hours don't move. Pure.

export interface VolumeParameters {
  /** Less than that an hour is never unusual. */
  readonly minimum: number;
  /** How many robust standard deviations above the median. */
  readonly deviations: number;
  /** What it takes for one's own hours to say something; else the peers' alone do. */
  readonly ownHours: number;
  readonly peerHours: number;
}

export const volumeParameters: VolumeParameters = { minimum: 60, deviations: 6, ownHours: 12, peerHours: 12 };

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Of a normal distribution, what makes the median absolute deviation a standard deviation. */
const toDeviation = 1.4826;

/** How many robust standard deviations a value lies above the median of others; they deviate by one tenth of it at least. */
export function robustScore(value: number, others: readonly number[]): number {
  const middle = median(others);
  const spread = toDeviation * median(others.map((each) => Math.abs(each - middle)));
  return (value - middle) / Math.max(spread, middle / 10, 1);
}

export interface Volume {
  readonly count: number;
  /** What one did oneself in other hours, those with something alone. */
  readonly own: readonly number[];
  /** What others of the same roles did in theirs. */
  readonly peers: readonly number[];
}

/** Unusual for oneself and for one's peers, as far as enough is known of each; of whom nothing is known, nothing is unusual. */
export function isUnusual({ count, own, peers }: Volume, parameters: VolumeParameters): boolean {
  const { minimum, deviations, ownHours, peerHours } = parameters;
  if (count < minimum) return false;
  const groups = [...(own.length >= ownHours ? [own] : []), ...(peers.length >= peerHours ? [peers] : [])];
  return groups.length > 0 && groups.every((others) => robustScore(count, others) > deviations);
}
