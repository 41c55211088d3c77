// How much a workload should ask for, by what it used: as the recommender of Kubernetes' Vertical Pod Autoscaler does it
// (kubernetes/autoscaler, vertical-pod-autoscaler/pkg/recommender). Pure: time comes in.
import { addAll, emptySketch, endOfBin, type Sketch } from '../metrics/sketch.ts';
import type { Summary } from '../metrics/summary.ts';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** What was used a day before counts half. */
export const halfLifeMs = dayMs;
/** Added to each bound. */
export const safetyMargin = 0.15;
/** Of the use, by time: the target covers 90 % of it. */
export const percentiles = { lower: 0.5, target: 0.9, upper: 0.95 } as const;
/** What is kept for a workload that uses next to nothing. */
export const leastOf = { CPU: 0.025, MEMORY: 250 * 1_024 * 1_024 } as const;
export type Resource = keyof typeof leastOf;

/** Use by value, older use weighing less. */
export interface DecayingHistogram {
  /** Weight by bin of the sketches. */
  readonly weights: ReadonlyMap<number, number>;
  readonly total: number;
}

export interface UseOfHour {
  /** When the hour began. */
  readonly at: number;
  readonly sketch: Sketch;
  readonly count: number;
}

/**
 * Of an hour of memory its peak alone: a workload that is short of CPU is slow, one that is short of memory is ended.
 */
export function useOf(at: number, { sketch, count, max }: Summary, resource: Resource): UseOfHour[] {
  if (resource === 'MEMORY') return [{ at, sketch: addAll(emptySketch(), [max]), count: 1 }];
  return sketch ? [{ at, sketch, count }] : [];
}

/** Each hour with samples weighs the same but for its age, however often it was measured. */
export function histogramOf(uses: readonly UseOfHour[], now: number): DecayingHistogram {
  const weights = new Map<number, number>();
  let total = 0;
  for (const { at, sketch, count } of uses) {
    const weight = 2 ** (-(now - at) / halfLifeMs) / count;
    const add = (bin: number, samples: number) => {
      weights.set(bin, (weights.get(bin) ?? 0) + samples * weight);
      total += samples * weight;
    };
    for (const [bin, samples] of sketch.positive) add(bin, samples);
    // Use is never negative: what is not positive is none.
    let none = sketch.zeros;
    for (const samples of sketch.negative.values()) none += samples;
    if (none > 0) add(Number.NEGATIVE_INFINITY, none);
  }
  return { weights, total };
}

/** The value that the share `q` of the weight lies at or below, as the upper end of its bin. */
export function percentileOf({ weights, total }: DecayingHistogram, q: number): number {
  let seen = 0;
  let latest = 0;
  for (const bin of [...weights.keys()].sort((a, b) => a - b)) {
    seen += weights.get(bin) ?? 0;
    latest = bin === Number.NEGATIVE_INFINITY ? 0 : endOfBin(bin);
    if (seen >= q * total - 1e-12) break;
  }
  return latest;
}

export interface Recommendation {
  readonly lower: number;
  readonly target: number;
  readonly upper: number;
  /** How much the history says: 0 to 1, a week of it 1. */
  readonly confidence: number;
  /** Of the samples, the share that is above the target. */
  readonly risk: number;
}

const wholeConfidenceMs = 7 * dayMs;

/**
 * Null without history. Bounds are wide while there is little of it: the lower one is multiplied by (1 + 0.001 / days)^-2 and
 * the upper one by 1 + 1 / days, which after a day are 0.998 and 2, and close in as days go by.
 */
export function recommend(
  uses: readonly UseOfHour[],
  { resource, now }: { resource: Resource; now: number },
): Recommendation | null {
  if (uses.length === 0) return null;
  const histogram = histogramOf(uses, now);
  const earliest = Math.min(...uses.map(({ at }) => at));
  // Hours without samples are no history.
  const historyMs = Math.min(now - earliest, new Set(uses.map(({ at }) => at)).size * hourMs);
  const days = Math.max(historyMs, hourMs / 12) / dayMs;
  const bounded = (q: number) => percentileOf(histogram, q) * (1 + safetyMargin);
  const target = Math.max(bounded(percentiles.target), leastOf[resource]);
  return {
    lower: Math.min(
      target,
      Math.max(bounded(percentiles.lower) * (1 + 0.001 / days) ** -2, leastOf[resource]),
    ),
    target,
    upper: Math.max(target, bounded(percentiles.upper) * (1 + 1 / days)),
    confidence: Math.min(1, historyMs / wholeConfidenceMs),
    risk: shareAbove(uses, target),
  };
}

/** Each sample counts the same: what is asked is how often it would not have been enough. */
function shareAbove(uses: readonly UseOfHour[], limit: number): number {
  let above = 0;
  let all = 0;
  for (const { sketch, count } of uses) {
    all += count;
    for (const [bin, samples] of sketch.positive) if (endOfBin(bin) > limit) above += samples;
  }
  return all === 0 ? 0 : above / all;
}

/** What the target leaves free of what is asked for; negative where it asks for more. */
export function savingOf(requested: number | null, target: number): number | null {
  return requested === null ? null : requested - target;
}

/** Whether it piled up within the last day: on average twice what it was on the days before, and more than a few. */
export function isGrowing(depths: readonly { at: number; average: number }[], now: number): boolean {
  const averageOf = (all: readonly { average: number }[]) =>
    all.length === 0 ? null : all.reduce((sum, { average }) => sum + average, 0) / all.length;
  const latest = averageOf(depths.filter(({ at }) => at > now - dayMs));
  const before = averageOf(depths.filter(({ at }) => at <= now - dayMs));
  return latest !== null && before !== null && latest > 10 && latest > 2 * before;
}

/** Nothing is taken from a workload that does not keep up with its queue. */
export function heldBack(
  recommendation: Recommendation,
  { requested, isQueueGrowing }: { requested: number | null; isQueueGrowing: boolean },
): Recommendation {
  const { target, upper } = recommendation;
  if (!isQueueGrowing || requested === null || target >= requested) return recommendation;
  return { ...recommendation, target: requested, upper: Math.max(upper, requested), risk: 0 };
}
