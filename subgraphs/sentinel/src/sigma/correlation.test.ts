// Sigma Correlations (2.1): what happened within a timespan, in any order of arrival.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CorrelationPlan,
  compileSigma,
  evaluate,
  type Hit,
  inOrder,
  isMonotone,
  type LoggedEvent,
  type Occurrence,
  SigmaError,
  windowsOf,
} from './index.ts';

const minute = 60_000;

/** A rule that matches events whose `kind` is its name. */
function named(name: string): string {
  return `title: ${name}\nname: ${name}\nlogsource: {}\ndetection: { s: { kind: ${name} }, condition: s }`;
}

function rules(correlation: string, names: readonly string[], more = '') {
  return compileSigma(
    [`title: Correlation\n${correlation}`, ...names.map(named), more].filter(Boolean).join('\n---\n'),
  );
}

let count = 0;
function event(kind: string, minutes: number, fields: Record<string, unknown> = {}): LoggedEvent {
  count += 1;
  return { id: `e${count}`, at: minutes * minute, fields: { kind, ...fields } };
}

const times = (hits: readonly Hit[]) => hits.map(({ at }) => at / minute);

describe('event_count', () => {
  const brute = rules(
    'correlation: { type: event_count, rules: [failed], group-by: [user], timespan: 10m, condition: { gte: 3 } }',
    ['failed'],
  );

  it('counts within a sliding window, group by group', () => {
    const eve = [0, 5, 9, 25].map((at) => event('failed', at, { user: 'eve' }));
    const others = [
      event('failed', 6, { user: 'bob' }),
      event('failed', 7),
      event('fine', 8, { user: 'eve' }),
    ];
    const hits = evaluate(brute, [...others, ...eve]);
    expect(hits).toHaveLength(1);
    expect(hits[0]).toMatchObject({
      at: 9 * minute,
      group: ['eve'],
      evidence: eve.slice(0, 3).map(({ id }) => id),
    });
  });

  it('finds what lies across any fixed boundary', () => {
    const events = [58, 61, 64].map((at) => event('failed', at, { user: 'eve' }));
    expect(times(evaluate(brute, events))).toEqual([64]);
  });

  it('takes ranges, and several rules, whose common events count once', () => {
    const both = rules(
      'correlation: { type: event_count, rules: [failed, odd], timespan: 10m, condition: { gt: 1, lte: 2 } }',
      ['failed'],
      'title: odd\nname: odd\nlogsource: {}\ndetection: { s: { odd: true }, condition: s }',
    );
    const events = [event('failed', 0, { odd: true }), event('failed', 1), event('odd', 2, { odd: true })];
    expect(times(evaluate(both, events))).toEqual([1]);
  });
});

it('value_count counts different values', () => {
  const spraying = rules(
    'correlation: { type: value_count, rules: [failed], group-by: [ip], timespan: 1h, condition: { field: user, gte: 3 } }',
    ['failed'],
  );
  const tried = ['a', 'a', 'b', 'b', 'c'].map((user, at) => event('failed', at, { ip: '192.0.2.1', user }));
  expect(times(evaluate(spraying, tried))).toEqual([4]);
  expect(evaluate(spraying, tried.slice(0, 4))).toEqual([]);
});

it('temporal takes all of its rules, in any order, joined by aliases', () => {
  const set = rules(
    `correlation:
  type: temporal
  rules: [error, connection]
  group-by: [inner]
  timespan: 10s
  aliases: { inner: { error: destination.ip, connection: source.ip } }`,
    ['error', 'connection'],
  );
  const connection = event('connection', 0, { source: { ip: '10.0.0.1' } });
  const error = event('error', 0.1, { destination: { ip: '10.0.0.1' } });
  const elsewhere = event('error', 0.1, { destination: { ip: '10.0.0.2' } });
  expect(evaluate(set, [error, elsewhere, connection])).toMatchObject([
    { evidence: [connection.id, error.id] },
  ]);
  expect(evaluate(set, [elsewhere, connection])).toEqual([]);
});

it('temporal_ordered takes them in their order only', () => {
  const set = rules('correlation: { type: temporal_ordered, rules: [a, b, c], timespan: 5m }', [
    'a',
    'b',
    'c',
  ]);
  const at = (text: string) =>
    evaluate(
      set,
      [...text].map((kind, index) => event(kind, index)),
    );
  expect(times(at('abc'))).toEqual([2]);
  expect(times(at('acb'))).toEqual([]);
  expect(times(at('abxxxxc'))).toEqual([]);
  expect(times(at('abxxabc'))).toEqual([6]);
});

it('a chain: many failures and then a success, grouped each by its own', () => {
  const set = compileSigma(`
title: Failures followed by success
correlation: { type: temporal_ordered, rules: [many, succeeded], group-by: [user], timespan: 10m }
level: high
---
title: Many
name: many
correlation: { type: event_count, rules: [failed], group-by: [user, host], timespan: 10m, condition: { gte: 2 } }
---
${named('failed')}
---
${named('succeeded')}`);
  const failed = [1, 2].map((at) => event('failed', at, { user: 'eve', host: 'h1' }));
  const succeeded = event('succeeded', 3, { user: 'eve' });
  const hits = evaluate(set, [succeeded, ...failed, event('succeeded', 0, { user: 'eve' })]);
  expect(hits).toMatchObject([
    { rule: { level: 'high' }, group: ['eve'], evidence: [...failed, succeeded].map(({ id }) => id) },
  ]);
  const apart = failed.map((each, index) => ({ ...each, fields: { ...each.fields, host: `h${index}` } }));
  expect(evaluate(set, [succeeded, ...apart])).toEqual([]);
});

it('a rule that is counted stands for itself only when "generate" says so', () => {
  const plan = 'type: event_count, rules: [failed], timespan: 1m, condition: { gte: 5 }';
  expect(evaluate(rules(`correlation: { ${plan} }`, ['failed']), [event('failed', 0)])).toEqual([]);
  expect(
    evaluate(rules(`correlation: { ${plan}, generate: true }`, ['failed']), [event('failed', 0)]),
  ).toHaveLength(1);
});

it.each([
  ['type: event_count, rules: [a], timespan: 1m', 'condition'],
  ['type: event_count, rules: [b], timespan: 1m, condition: { gte: 1 }', '"b"'],
  ['type: event_count, rules: [a], timespan: 1w, condition: { gte: 1 }', 'timespan'],
  ['type: event_count, rules: [a], timespan: 91d, condition: { gte: 1 }', 'timespan'],
  ['type: event_count, rules: [a], timespan: 1m, condition: { gte: 1, near: 2 }', 'near'],
  ['type: value_count, rules: [a], timespan: 1m, condition: { gte: 1 }', 'field'],
  ['type: temporal, rules: [a], timespan: 1m', 'two rules'],
  ['type: temporal, rules: [a, a], timespan: 1m', 'twice'],
  ['type: value_sum, rules: [a], timespan: 1m, condition: { field: x, gt: 1 }', 'value_sum'],
  ['type: leaky, rules: [a], timespan: 1m', 'is one of'],
  ['type: temporal, rules: [a, self], timespan: 1m', 'counts itself'],
])('{ %s } is refused', (correlation, message) => {
  const work = () => rules(`name: self\ncorrelation: { ${correlation} }`, ['a']);
  expect(work).toThrow(SigmaError);
  expect(work).toThrow(message);
});

describe('for any occurrences', () => {
  const occurrence = fc.record({
    rule: fc.nat(2),
    id: fc.uuid(),
    at: fc.nat(40),
    value: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
  });
  const occurrences = fc.uniqueArray(occurrence, { selector: ({ id }) => id, maxLength: 25 });
  const plan = fc.record<CorrelationPlan>({
    type: fc.constantFrom('event_count', 'value_count', 'temporal', 'temporal_ordered'),
    rules: fc.constant(3),
    timespanMs: fc.nat(15),
    condition: fc.nat({ max: 4 }).map((limit) => [['gte', limit + 1]] as const),
  });

  it('meets a correlation just when some window of the definition does', () => {
    fc.assert(
      fc.property(plan, occurrences, (given, all) => {
        const ordered = inOrder(all);
        const ends = (found: readonly number[]) => [...new Set(found)];
        const expected = ordered.map(({ at }) => at).filter((at) => isMet(given, ordered, at));
        expect(ends(windowsOf(given, ordered).map(({ last }) => ordered[last]?.at ?? -1))).toEqual(
          ends(expected),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what it met when more becomes known, where it is monotone', () => {
    fc.assert(
      fc.property(plan, occurrences, occurrence, (given, all, late) => {
        fc.pre(isMonotone(given));
        const ends = (of: readonly Occurrence[]) =>
          windowsOf(given, inOrder(of)).map(({ last }) => inOrder(of)[last]?.at);
        expect(ends([...all, late])).toEqual(expect.arrayContaining([...new Set(ends(all))]));
      }),
    );
  });

  it('gives the same hits in any order of arrival', () => {
    const set = rules(
      'correlation: { type: event_count, rules: [a], group-by: [user], timespan: 10m, condition: { gte: 3 } }',
      ['a'],
    );
    const events = fc.array(fc.tuple(fc.nat(60), fc.constantFrom('eve', 'bob')), { maxLength: 30 });
    fc.assert(
      fc.property(events, fc.infiniteStream(fc.nat()), (given, places) => {
        const all = given.map(([at, user]) => event('a', at, { user }));
        const shuffled = all
          .map((each) => ({ each, place: places.next().value ?? 0 }))
          .sort((left, right) => left.place - right.place)
          .map(({ each }) => each);
        const sets = (hits: readonly Hit[]) =>
          hits.map(({ at, group, evidence }) => JSON.stringify([at, group, evidence])).sort();
        expect(sets(evaluate(set, shuffled))).toEqual(sets(evaluate(set, all)));
      }),
    );
  });
});

/** The definition, straight: whether the timespan that ends at `end` meets the plan. */
function isMet(plan: CorrelationPlan, ordered: readonly Occurrence[], end: number): boolean {
  const within = ordered.filter(({ at }) => at <= end && end - at <= plan.timespanMs);
  const [[, limit = 1] = []] = plan.condition;
  switch (plan.type) {
    case 'event_count':
      return within.length >= limit;
    case 'value_count':
      return new Set(within.map(({ value }) => value).filter((value) => value !== null)).size >= limit;
    case 'temporal':
      return new Set(within.map(({ rule }) => rule)).size >= limit;
    case 'temporal_ordered': {
      const times = [0, 1, 2].map((rule) => within.filter((each) => each.rule === rule).map(({ at }) => at));
      const [first = [], second = [], third = []] = times;
      return third.some((c) => c === end && second.some((b) => b <= c && first.some((a) => a <= b)));
    }
  }
}
