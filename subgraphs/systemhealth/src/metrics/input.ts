// What may be asked and told of metrics.
import { z } from 'zod';
import { labelName } from '../alert-rules/label-name.ts';
import { matcher } from '../silences/input.ts';
import { earlinessMs, latenessMs } from './rules.ts';

export const metricName = z
  .string()
  .regex(/^[A-Za-z_:][A-Za-z0-9_:]{0,199}$/, { error: 'is not a metric’s name' });

const label = z.object({ name: labelName, value: z.string().max(200) });

export const metricLabels = z
  .array(label)
  .max(20)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, { error: 'has a name twice' });

/** What the labels of series must be. */
export const seriesMatchers = z
  .array(matcher)
  .max(10)
  .nullish()
  .transform((given) => given ?? []);

const sampleAt = (now: number) =>
  z.date().superRefine((at, context) => {
    const ageMs = now - at.getTime();
    const wrong =
      ageMs > latenessMs ? 'is more than an hour ago' : ageMs < -earlinessMs ? 'is not yet' : null;
    if (wrong) context.addIssue({ code: 'custom', message: wrong });
  });

export const newSamples = (now: number) =>
  z.object({
    samples: z
      .array(
        z.object({
          metric: metricName,
          // An empty value is as good as none.
          labels: metricLabels
            .nullish()
            .transform((given) => (given ?? []).filter(({ value }) => value !== '')),
          at: sampleAt(now),
          value: z.number(),
        }),
      )
      .min(1)
      .max(1_000),
  });

const dayMs = 86_400_000;
const longestRangeMs = 400 * dayMs;

export const wantedRange = (now: number) =>
  z
    .object({
      metric: metricName,
      labels: seriesMatchers,
      from: z.date(),
      to: z
        .date()
        .nullish()
        .transform((given) => given ?? new Date(now)),
      stepMs: z.number().int().min(1_000).max(dayMs).nullish(),
    })
    .refine(({ from, to }) => from < to, { path: ['to'], error: 'is not after the beginning' })
    .refine(({ from, to }) => to.getTime() - from.getTime() <= longestRangeMs, {
      path: ['from'],
      error: 'is more than 400 days before the end',
    });
