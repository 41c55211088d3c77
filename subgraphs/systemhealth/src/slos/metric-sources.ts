// Recorded metrics as the sources of an OpenSLO document. Pure.
import { z } from 'zod';
import { labelName } from '../alert-rules/label-name.ts';
import type { Label } from '../alerts/rules.ts';
import { metricName } from '../metrics/input.ts';

/** A metric's series that have these labels, all of them together. */
export interface MetricSource {
  readonly metric: string;
  readonly labels: readonly Label[];
}

export const comparisons = ['lt', 'lte', 'gt', 'gte'] as const;
export type Comparison = (typeof comparisons)[number];

/** Of all that happened, what was good or what was bad. */
export interface MetricRatio {
  readonly part: MetricSource;
  readonly partIs: 'GOOD' | 'BAD';
  readonly total: MetricSource;
  /** Whether they count up for ever, or say of each stretch of time how much there was in it. */
  readonly isCounter: boolean;
}

/** A sample is good that compares so with the value. */
export interface MetricThreshold {
  readonly source: MetricSource;
  readonly op: Comparison;
  readonly value: number;
}

/** One of both. */
export interface MeasuredMetrics {
  readonly ratio: MetricRatio | null;
  readonly threshold: MetricThreshold | null;
}

export const metricsType = 'SystemHealthMetrics';

const labels = z
  .record(labelName, z.string().min(1).max(200))
  .refine((given) => Object.keys(given).length <= 10, { error: 'has more than 10 labels' })
  .transform((given) => Object.entries(given).map(([name, value]) => ({ name, value })));

export const metricsSourceSpec = z
  .strictObject({ metric: metricName, labels: labels.optional() })
  .transform(({ metric, labels: own = [] }): MetricSource => ({ metric, labels: own }));
