// What a rule may be given.
import { z } from 'zod';
import { statuses } from '../checks/model.ts';
import { metricName, seriesMatchers } from '../metrics/input.ts';
import { aggregations } from '../metrics/summary.ts';
import { burnKinds } from '../slos/rules.ts';
import { labelName } from './label-name.ts';
import { severities } from './model.ts';
import { reservedLabels } from './rules.ts';
import { changeUnits, comparisons, directions, type Limit } from './series-rules.ts';

const label = z.object({
  name: labelName.refine((name) => !reservedLabels.includes(name), { error: 'is kept for the platform' }),
  value: z.string().min(1).max(200),
});

const ids = z
  .array(z.string().max(64))
  .max(50)
  .nullish()
  .transform((given) => [...new Set(given ?? [])]);

const dayMs = 86_400_000;
const milliseconds = z.number().int().min(0).max(dayMs);
const name = z.string().trim().min(1).max(100);
const runbookUrl = z.url({ protocol: /^https?$/, error: 'is not an http or https URL' }).max(2_000);

const checkStatus = z.object({
  statuses: z
    .array(z.enum(statuses))
    .min(1)
    .nullish()
    .transform((given) => [...new Set(given ?? ['DOWN' as const])]),
  serviceIds: ids,
  checkIds: ids,
});

const selector = { metric: metricName, labels: seriesMatchers };
const overWindow = {
  aggregation: z.enum(aggregations),
  windowMs: z.number().int().min(1_000).max(dayMs),
};
const limit = {
  comparison: z.enum(comparisons),
  threshold: z.number(),
  clearThreshold: z
    .number()
    .nullish()
    .transform((given) => given ?? null),
};
const isBeyond = ({ comparison, threshold, clearThreshold }: Limit) => {
  if (clearThreshold === null || clearThreshold === undefined) return true;
  const isUpwards = comparison === 'ABOVE' || comparison === 'AT_LEAST';
  return isUpwards ? clearThreshold <= threshold : clearThreshold >= threshold;
};
const beyond = {
  path: ['clearThreshold'],
  error: 'is on the side of the threshold where the condition is met',
};
/** As it is stored. */
const selected = <T extends { labels: unknown }>({ labels: matchers, ...rest }: T) => ({
  ...rest,
  matchers: matchers as T['labels'],
});

const threshold = z
  .object({ ...selector, ...overWindow, ...limit })
  .refine(isBeyond, beyond)
  .transform(selected);
const absence = z
  .object({
    ...selector,
    durationMs: z
      .number()
      .int()
      .min(10_000)
      .max(7 * dayMs),
  })
  .transform(selected);
const rateOfChange = z
  .object({ ...selector, ...overWindow, ...limit, unit: z.enum(changeUnits) })
  .refine(isBeyond, beyond)
  .transform(selected);
const anomaly = z
  .object({
    ...{ ...selector, ...overWindow },
    direction: z
      .enum(directions)
      .nullish()
      .transform((given) => given ?? ('EITHER' as const)),
    windowMs: z.number().int().min(60_000).max(3_600_000),
    deviations: z
      .number()
      .min(1)
      .max(100)
      .nullish()
      .transform((given) => given ?? 4),
    weeks: z
      .number()
      .int()
      .min(2)
      .max(12)
      .nullish()
      .transform((given) => given ?? 4),
    minimumWeeks: z
      .number()
      .int()
      .min(1)
      .max(12)
      .nullish()
      .transform((given) => given ?? 3),
  })
  .refine(({ weeks, minimumWeeks }) => minimumWeeks <= weeks, {
    path: ['minimumWeeks'],
    error: 'is more than the weeks that are looked at',
  })
  // They grow with the length of the window, and past weeks are known by whole hours.
  .refine(({ aggregation }) => aggregation !== 'SUM' && aggregation !== 'COUNT', {
    path: ['aggregation'],
    error: 'cannot be compared with a whole hour',
  })
  .transform(selected);
const composite = z
  .object({ allOf: ids, anyOf: ids, noneOf: ids })
  .refine(({ allOf, anyOf, noneOf }) => allOf.length + anyOf.length + noneOf.length > 0, {
    error: 'names no rule',
  });

const burnRate = z.object({ sloId: z.string().max(64), kind: z.enum(burnKinds) });

const condition = z
  .object({
    checkStatus: checkStatus.nullish(),
    threshold: threshold.nullish(),
    absence: absence.nullish(),
    rateOfChange: rateOfChange.nullish(),
    anomaly: anomaly.nullish(),
    composite: composite.nullish(),
    burnRate: burnRate.nullish(),
  })
  .refine((given) => Object.values(given).filter(Boolean).length === 1, {
    error: 'must say one thing to look for',
  });

export const newRule = z.object({
  name,
  condition,
  forMs: milliseconds.nullish().transform((given) => given ?? 0),
  recoverForMs: milliseconds.nullish().transform((given) => given ?? 0),
  severity: z
    .enum(severities)
    .nullish()
    .transform((given) => given ?? 'WARNING'),
  labels: z
    .array(label)
    .max(10)
    .refine((all) => new Set(all.map((each) => each.name)).size === all.length, { error: 'has a name twice' })
    .nullish()
    .transform((given) => given ?? []),
  runbookUrl: runbookUrl.nullish().transform((given) => given ?? null),
  opensIncident: z
    .boolean()
    .nullish()
    .transform((given) => given ?? false),
  notificationPolicyId: z
    .string()
    .max(64)
    .nullish()
    .transform((given) => given ?? null),
});

export const ruleChange = z
  .object({
    name: name,
    forMs: milliseconds,
    recoverForMs: milliseconds,
    runbookUrl: runbookUrl.nullable(),
    isEnabled: z.boolean(),
    opensIncident: z.boolean(),
    notificationPolicyId: z.string().max(64).nullable(),
  })
  .partial();
