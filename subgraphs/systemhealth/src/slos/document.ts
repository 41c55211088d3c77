// An objective as an OpenSLO v1 document (github.com/OpenSLO/OpenSLO, kind SLO): read and judged. Pure. What the standard
// allows and is not done here is refused by name, so that nobody relies on what is silently left out.
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { comparisons, type MeasuredMetrics, metricsSourceSpec, metricsType } from './metric-sources.ts';
import { isTimeZone, type SloWindow } from './periods.ts';

export const longestDocument = 20_000;

/** What the runs of checks are asked. */
export interface CheckIndicator {
  readonly kind: 'CHECKS';
  /** The id or name of what is measured: one check, or all checks of a service; absent: of the document's service. */
  readonly check: string | null;
  readonly service: string | null;
  /** Null: a run that succeeds is good. Otherwise it must have succeeded within so many milliseconds. */
  readonly latencyMs: number | null;
}

/** What recorded metrics are asked. */
export interface MetricIndicator extends MeasuredMetrics {
  readonly kind: 'METRICS';
}

export type Indicator = CheckIndicator | MetricIndicator;

export interface Objective {
  readonly name: string;
  readonly displayName: string | null;
  readonly description: string | null;
  /** The id or the name of a service of the tenant. */
  readonly service: string;
  readonly indicator: Indicator;
  /** From 0 to 1, both excluded. */
  readonly target: number;
  readonly window: SloWindow;
  /** Null: each run counts (Occurrences). Otherwise each slice of time does (Timeslices). */
  readonly slices: { readonly sliceMs: number; readonly target: number } | null;
}

export interface DocumentProblem {
  /** Where in the document, for example `spec.objectives.0.target`. */
  readonly path: string;
  readonly message: string;
}

const reference = z.string().trim().min(1).max(100);
const unsupported = (what: string) => z.undefined({ error: `is not supported: ${what}` }).optional();

const metricSource = <M extends string>(measure: M, meaning: string) => {
  const metricSourceRef = unsupported('name the source by `type` and `spec`');
  const checks = z.strictObject({
    metricSourceRef,
    type: z.literal('SystemHealth'),
    spec: z
      .strictObject({
        check: reference.optional(),
        service: reference.optional(),
        measure: z.literal(measure, { error: `must be ${measure}: ${meaning}` }),
      })
      .refine(({ check, service }) => check === undefined || service === undefined, {
        error: 'names a check or a service, not both',
      }),
  });
  const metrics = z.strictObject({ metricSourceRef, type: z.literal(metricsType), spec: metricsSourceSpec });
  return z.discriminatedUnion('type', [checks, metrics], {
    error: `must be SystemHealth, the runs of the tenant’s checks, or ${metricsType}, its recorded metrics`,
  });
};
const metric = <M extends string>(measure: M, meaning: string) =>
  z.strictObject({ metricSource: metricSource(measure, meaning) });

const metadata = z.object({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
    error: 'must be 1 to 63 small letters, digits and hyphens (RFC 1123)',
  }),
  displayName: z.string().trim().min(1).max(100).optional(),
});

const indicatorSpec = z
  .strictObject({
    ratioMetric: z
      .strictObject({
        counter: z.boolean().optional(),
        good: metric('successes', 'the runs that succeeded').optional(),
        bad: metric('failures', 'the runs that failed').optional(),
        total: metric('runs', 'all runs'),
        raw: unsupported('give `good` or `bad`, and `total`'),
        rawType: unsupported('give `good` or `bad`, and `total`'),
      })
      .refine(({ good, bad }) => (good === undefined) !== (bad === undefined), {
        error: 'needs `good` or `bad`, and not both',
      })
      .optional(),
    thresholdMetric: metric('latency', 'how long runs take, in milliseconds').optional(),
  })
  .refine(
    ({ ratioMetric, thresholdMetric }) => (ratioMetric === undefined) !== (thresholdMetric === undefined),
    {
      error: 'needs `ratioMetric` or `thresholdMetric`, and not both',
    },
  );

const indicator = z.strictObject({ metadata: metadata.optional(), spec: indicatorSpec });

const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const sliceMinutes = [1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30, 60];

const timeWindow = z
  .strictObject({
    duration: z.string().regex(/^[1-9]\d{0,3}[mhdwMQY]$/, {
      error: 'must be a number and one of m, h, d, w, M, Q, Y, for example 28d',
    }),
    isRolling: z.boolean(),
    calendar: z
      .strictObject({
        startTime: z.string().regex(/^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$/, {
          error: 'must be like 2026-01-01 00:00:00',
        }),
        timeZone: z.string().refine(isTimeZone, { error: 'is not a time zone of the IANA database' }),
      })
      .optional(),
  })
  .transform((given, context): SloWindow => {
    const problem = (path: string, message: string) => {
      context.addIssue({ code: 'custom', path: [path], message });
      return z.NEVER;
    };
    const count = Number.parseInt(given.duration, 10);
    const unit = given.duration.slice(-1);
    if (given.isRolling) {
      if (given.calendar !== undefined) return problem('calendar', 'is for windows that do not roll');
      if (unit !== 'm' && unit !== 'h' && unit !== 'd' && unit !== 'w')
        return problem('duration', 'of a rolling window must be in m, h, d or w');
      const durationMs = count * units[unit];
      if (durationMs < units.h || durationMs > 366 * units.d)
        return problem('duration', 'must be from 1h to 366d');
      return { kind: 'ROLLING', durationMs };
    }
    if (given.calendar === undefined) return problem('calendar', 'is needed where the window does not roll');
    if (unit !== 'd' && unit !== 'w' && unit !== 'M' && unit !== 'Q' && unit !== 'Y')
      return problem('duration', 'of a calendar window must be in d, w, M, Q or Y');
    const longest = { d: 366, w: 52, M: 12, Q: 4, Y: 1 }[unit];
    if (count > longest) return problem('duration', 'must be a year at most');
    return { kind: 'CALENDAR', count, unit, ...given.calendar };
  });

const objective = z
  .strictObject({
    displayName: z.string().max(100).optional(),
    op: z.enum(comparisons, { error: 'must be lt, lte, gt or gte' }).optional(),
    value: z.number().optional(),
    target: z.number().optional(),
    targetPercent: z.number().optional(),
    timeSliceTarget: z.number().gt(0).max(1).optional(),
    timeSliceWindow: z.union([z.string(), z.number()]).optional(),
    indicator: unsupported('give one indicator for the whole objective'),
    indicatorRef: unsupported('give one indicator for the whole objective'),
    compositeWeight: unsupported('objectives are not composed'),
  })
  .transform(({ target, targetPercent, ...given }, context) => {
    if ((target === undefined) === (targetPercent === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['target'],
        message: 'needs target or targetPercent, and not both',
      });
      return z.NEVER;
    }
    const ratio = target ?? Number(((targetPercent ?? 0) / 100).toPrecision(12));
    if (ratio > 0 && ratio < 1) return { ...given, target: ratio };
    const [path, message] =
      target === undefined
        ? ['targetPercent', 'must be above 0 and below 100']
        : ['target', 'must be above 0 and below 1: without a budget there is nothing to burn'];
    context.addIssue({ code: 'custom', path: [path], message });
    return z.NEVER;
  });

const sloDocument = z
  .strictObject({
    apiVersion: z.literal('openslo/v1', { error: 'must be openslo/v1' }),
    kind: z.literal('SLO', { error: 'must be SLO' }),
    metadata,
    spec: z.strictObject({
      description: z.string().max(1_050).optional(),
      service: reference,
      indicator,
      indicatorRef: unsupported('give the indicator in the document'),
      timeWindow: z.tuple([timeWindow], { error: 'must be exactly one window' }),
      budgetingMethod: z.enum(['Occurrences', 'Timeslices'], { error: 'must be Occurrences or Timeslices' }),
      objectives: z.tuple([objective], { error: 'must be exactly one objective' }),
      alertPolicies: z
        .array(z.never(), { error: 'must be empty: burn-rate alerts are alert rules here' })
        .max(0, { error: 'must be empty: burn-rate alerts are alert rules here' })
        .optional(),
    }),
  })
  .transform((document, context): Objective => {
    const { metadata, spec } = document;
    const [window] = spec.timeWindow;
    const [goal] = spec.objectives;
    const problem = (path: (string | number)[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
      return z.NEVER;
    };
    const at = (field: string) => ['spec', 'objectives', 0, field];
    const found = indicatorOf(spec.indicator.spec, goal);
    if ('wrong' in found) return problem(['spec', ...found.path], found.wrong);
    const slices = slicesOf(spec.budgetingMethod, goal);
    if (typeof slices === 'string') return problem(at('timeSliceWindow'), slices);
    return {
      ...{ name: metadata.name, displayName: metadata.displayName ?? goal.displayName ?? null },
      ...{
        description: spec.description ?? null,
        service: spec.service,
        target: goal.target,
        window,
        slices,
      },
      indicator: found,
    };
  });

interface Wrong {
  readonly path: readonly (string | number)[];
  readonly wrong: string;
}

/** What the sources and the goal say together. */
function indicatorOf(
  { ratioMetric, thresholdMetric }: z.infer<typeof indicatorSpec>,
  goal: Pick<z.infer<typeof objective>, 'op' | 'value'>,
): Indicator | Wrong {
  const wrong = (field: string, message: string): Wrong => ({
    path: ['objectives', 0, field],
    wrong: message,
  });
  if (ratioMetric && (goal.value !== undefined || goal.op !== undefined))
    return wrong(goal.value === undefined ? 'op' : 'value', 'is for a thresholdMetric');
  if (thresholdMetric && goal.value === undefined)
    return wrong('value', 'is needed: what good samples, or the milliseconds of good runs, compare with');
  if (thresholdMetric && goal.op === undefined) return wrong('op', 'is needed: lt, lte, gt or gte');
  const total = (ratioMetric?.total ?? thresholdMetric)?.metricSource;
  const part = (ratioMetric?.good ?? ratioMetric?.bad)?.metricSource;
  const both = (message: string): Wrong => ({ path: ['indicator', 'spec', 'ratioMetric'], wrong: message });
  if (total?.type === metricsType) {
    const { op, value } = goal;
    if (op !== undefined && value !== undefined)
      return { kind: 'METRICS', ratio: null, threshold: { source: total.spec, op, value } };
    if (part?.type !== metricsType) return both('must be of one type in both of its parts');
    const partIs = ratioMetric?.good ? 'GOOD' : 'BAD';
    const isCounter = ratioMetric?.counter ?? false;
    return {
      ...{ kind: 'METRICS', threshold: null },
      ratio: { part: part.spec, partIs, total: total.spec, isCounter },
    };
  }
  if (part?.type === metricsType) return both('must be of one type in both of its parts');
  const { check = null, service = null } = total?.spec ?? {};
  if (part && (part.spec.check !== total?.spec.check || part.spec.service !== total?.spec.service))
    return both('must count the same runs in both of its parts');
  if (thresholdMetric === undefined) return { kind: 'CHECKS', check, service, latencyMs: null };
  if (goal.op !== 'lt' && goal.op !== 'lte')
    return wrong('op', 'must be lt or lte: a shorter latency is the better one');
  const { value = 0 } = goal;
  if (!Number.isInteger(value) || value < 1 || value > 30_000)
    return wrong('value', 'must be from 1 to 30000 whole milliseconds');
  return { kind: 'CHECKS', check, service, latencyMs: value - (goal.op === 'lt' ? 1 : 0) };
}

type Goal = { timeSliceTarget?: number | undefined; timeSliceWindow?: string | number | undefined };

function slicesOf(
  method: 'Occurrences' | 'Timeslices',
  { timeSliceTarget, timeSliceWindow }: Goal,
): Objective['slices'] | string {
  if (method === 'Occurrences') {
    const isPlain = timeSliceTarget === undefined && timeSliceWindow === undefined;
    return isPlain ? null : 'is for the budgeting method Timeslices';
  }
  const match = /^([1-9]\d?)(m|h)?$/.exec(String(timeSliceWindow ?? ''));
  const minutes = Number(match?.[1]) * (match?.[2] === 'h' ? 60 : 1);
  if (!sliceMinutes.includes(minutes)) return `must be one of ${sliceMinutes.join('m, ')}m`;
  if (timeSliceTarget === undefined) return 'needs timeSliceTarget beside it';
  return { sliceMs: minutes * 60_000, target: timeSliceTarget };
}

/** The objective, or everything that is wrong with the text. */
export function readDocument(
  text: string,
): { objective: Objective; problems: null } | { objective: null; problems: readonly DocumentProblem[] } {
  if (text.length > longestDocument)
    return refused([{ path: '', message: `is longer than ${longestDocument} characters` }]);
  const yaml = parseDocument(text, { schema: 'core', prettyErrors: true });
  const [error] = yaml.errors;
  if (error) return refused([{ path: '', message: `is not YAML: ${error.message.split('\n')[0]}` }]);
  let value: unknown;
  try {
    value = yaml.toJS({ maxAliasCount: 20 });
  } catch {
    return refused([{ path: '', message: 'repeats too much of itself by aliases' }]);
  }
  const parsed = sloDocument.safeParse(value);
  if (parsed.success) return { objective: parsed.data, problems: null };
  return refused(parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}

function refused(problems: readonly DocumentProblem[]) {
  return { objective: null, problems };
}
