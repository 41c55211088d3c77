import { describe, expect, it } from '@jest/globals';
import { readDocument } from './document.ts';

const availability = `
apiVersion: openslo/v1
kind: SLO
metadata:
  name: front-page
  displayName: Front page
spec:
  description: People can buy.
  service: Shop
  indicator:
    metadata: { name: front-page-up }
    spec:
      ratioMetric:
        counter: true
        good: { metricSource: { type: SystemHealth, spec: { measure: successes } } }
        total: { metricSource: { type: SystemHealth, spec: { measure: runs } } }
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.999
`;
const read = (text: string) => readDocument(text).objective;
const problemsOf = (text: string) =>
  readDocument(text).problems?.map(({ path, message }) => `${path} ${message}`);

describe('an OpenSLO document', () => {
  it('says what is measured, over which window and what share of it should be good', () => {
    expect(read(availability)).toEqual({
      ...{ name: 'front-page', displayName: 'Front page', description: 'People can buy.', service: 'Shop' },
      indicator: { kind: 'CHECKS', check: null, service: null, latencyMs: null },
      ...{ target: 0.999, window: { kind: 'ROLLING', durationMs: 28 * 86_400_000 }, slices: null },
    });
  });

  it('may give its target in percent, a latency, slices of time and a calendar', () => {
    const latency = availability
      .replace(
        /ratioMetric:[\s\S]*measure: runs \} \} \}/,
        'thresholdMetric: { metricSource: { type: SystemHealth, spec: { check: Home, measure: latency } } }',
      )
      .replace(
        'duration: 28d\n      isRolling: true',
        'duration: 1M\n      isRolling: false\n      calendar: { startTime: 2026-01-01 00:00:00, timeZone: America/Sao_Paulo }',
      )
      .replace('Occurrences', 'Timeslices')
      .replace(
        '- target: 0.999',
        '- { op: lt, value: 300, targetPercent: 99.95, timeSliceTarget: 0.9, timeSliceWindow: 5m }',
      );
    expect(read(latency)).toMatchObject({
      indicator: { check: 'Home', latencyMs: 299 },
      ...{ target: 0.9995, slices: { sliceMs: 300_000, target: 0.9 } },
      window: { kind: 'CALENDAR', count: 1, unit: 'M', timeZone: 'America/Sao_Paulo' },
    });
  });

  it.each([
    [
      '0.999',
      '1.5',
      'spec.objectives.0.target must be above 0 and below 1: without a budget there is nothing to burn',
    ],
    [
      '28d',
      '28 days',
      'spec.timeWindow.0.duration must be a number and one of m, h, d, w, M, Q, Y, for example 28d',
    ],
    ['28d', '2M', 'spec.timeWindow.0.duration of a rolling window must be in m, h, d or w'],
    ['Occurrences', 'RatioTimeslices', 'spec.budgetingMethod must be Occurrences or Timeslices'],
    ['openslo/v1', 'openslo/v1alpha', 'apiVersion must be openslo/v1'],
    [
      'successes',
      'failures',
      'spec.indicator.spec.ratioMetric.good.metricSource.spec.measure must be successes: the runs that succeeded',
    ],
    [
      'type: SystemHealth, spec: { measure: runs }',
      'type: Prometheus, spec: { measure: runs }',
      'spec.indicator.spec.ratioMetric.total.metricSource.type must be SystemHealth, the runs of the tenant’s checks, or SystemHealthMetrics, its recorded metrics',
    ],
    [
      '  budgetingMethod',
      '  alertPolicies: [page]\n  budgetingMethod',
      'spec.alertPolicies must be empty: burn-rate alerts are alert rules here',
    ],
    ['  budgetingMethod', '  budgetMethod', 'spec.budgetingMethod must be Occurrences or Timeslices'],
    [
      '- target: 0.999',
      '- target: 0.999\n    - target: 0.99',
      'spec.objectives must be exactly one objective',
    ],
    [
      'Occurrences',
      'Timeslices',
      'spec.objectives.0.timeSliceWindow must be one of 1m, 2m, 3m, 4m, 5m, 6m, 10m, 12m, 15m, 20m, 30m, 60m',
    ],
    [
      'name: front-page\n',
      'name: Front Page\n',
      'metadata.name must be 1 to 63 small letters, digits and hyphens (RFC 1123)',
    ],
  ])('that says %s as %s is refused by its place', (right, wrong, problem) => {
    expect(problemsOf(availability.replace(right, wrong))).toContain(problem);
  });

  it('that is no document at all, or grows by its aliases, is refused too', () => {
    expect(problemsOf('a: [')?.[0]).toMatch(/^ is not YAML/);
    expect(problemsOf('x'.repeat(20_001))).toEqual([' is longer than 20000 characters']);
    const rows = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      'b: &b [*a,*a,*a,*a,*a,*a]',
      'c: &c [*b,*b,*b,*b,*b,*b]',
      'd: [*c,*c,*c]',
    ];
    expect(problemsOf(rows.join('\n'))).toEqual([' repeats too much of itself by aliases']);
  });
});

describe('an OpenSLO document about recorded metrics', () => {
  const source = (metric: string, more = '') =>
    `{ metricSource: { type: SystemHealthMetrics, spec: { metric: ${metric}${more} } } }`;
  const document = (indicator: string, goal = 'target: 0.999') => `
apiVersion: openslo/v1
kind: SLO
metadata: { name: checkout }
spec:
  service: Shop
  indicator: { spec: ${indicator} }
  timeWindow: [{ duration: 28d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ ${goal} }]
`;

  it('says which series are good or bad, and which are all', () => {
    const ratio = `{ ratioMetric: { counter: true, bad: ${source('requests_total', ', labels: { outcome: failed }')}, total: ${source('requests_total')} } }`;
    expect(read(document(ratio))?.indicator).toEqual({
      ...{ kind: 'METRICS', threshold: null },
      ratio: {
        part: { metric: 'requests_total', labels: [{ name: 'outcome', value: 'failed' }] },
        ...{ partIs: 'BAD', total: { metric: 'requests_total', labels: [] }, isCounter: true },
      },
    });
  });

  it('says what a good sample is', () => {
    const threshold = `{ thresholdMetric: ${source('queue_depth')} }`;
    expect(read(document(threshold, 'op: gte, value: 0.5, target: 0.9'))?.indicator).toEqual({
      ...{ kind: 'METRICS', ratio: null },
      threshold: { source: { metric: 'queue_depth', labels: [] }, op: 'gte', value: 0.5 },
    });
    expect(problemsOf(document(threshold))).toEqual([
      'spec.objectives.0.value is needed: what good samples, or the milliseconds of good runs, compare with',
    ]);
  });

  it('does not mix them with runs, and names series as they can be called', () => {
    const runs = '{ metricSource: { type: SystemHealth, spec: { measure: runs } } }';
    expect(problemsOf(document(`{ ratioMetric: { good: ${source('a')}, total: ${runs} } }`))).toEqual([
      'spec.indicator.spec.ratioMetric must be of one type in both of its parts',
    ]);
    const wrong = document(
      `{ thresholdMetric: ${source('"a b"', ', labels: { "x y": z }')} }`,
      'op: lt, value: 1, target: 0.9',
    );
    expect(problemsOf(wrong)).toContain(
      'spec.indicator.spec.thresholdMetric.metricSource.spec.metric is not a metric’s name',
    );
  });
});
