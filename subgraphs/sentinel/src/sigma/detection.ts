// The detection of a rule: its search identifiers, joined by its condition, as a test of events.
import { type Condition, parseCondition } from './condition.ts';
import { invalid } from './errors.ts';
import { type CompileOptions, type EventTest, every, lineTest, some } from './line-test.ts';
import type { Scalar } from './values.ts';

/** A detection as YAML gives it. */
export type Detection = Readonly<Record<string, unknown>>;

/** @throws SigmaError */
export function detectionTest(detection: Detection, options: CompileOptions): EventTest {
  const { condition, timeframe, ...searches } = detection;
  if (timeframe !== undefined) {
    throw invalid(
      'detection.timeframe',
      'belongs to aggregations, which are obsolete in Sigma 2; write a correlation with a timespan instead',
    );
  }
  const names = Object.keys(searches);
  const tests = new Map(
    names.map((name) => [name, searchTest(searches[name], `detection.${name}`, options)]),
  );
  const conditions = (Array.isArray(condition) ? condition : [condition]).map((text) => {
    if (typeof text !== 'string') throw invalid('detection.condition', 'is text, or a list of texts');
    return conditionTest(parseCondition(text, names), tests);
  });
  return some(conditions);
}

function conditionTest(condition: Condition, tests: ReadonlyMap<string, EventTest>): EventTest {
  switch (condition.kind) {
    case 'search': {
      const test = tests.get(condition.name);
      if (test === undefined) throw invalid('detection.condition', `"${condition.name}" is not defined`);
      return test;
    }
    case 'not': {
      const inner = conditionTest(condition.inner, tests);
      return (event) => !inner(event);
    }
    default: {
      const inner = condition.inner.map((each) => conditionTest(each, tests));
      return condition.kind === 'and' ? every(inner) : some(inner);
    }
  }
}

/** A map is all of its lines, a list any of its members: maps, or keywords. */
function searchTest(search: unknown, path: string, options: CompileOptions): EventTest {
  if (!Array.isArray(search)) {
    if (isScalar(search)) return keywords([search], path, options);
    return mapTest(search, path, options);
  }
  if (search.length === 0) throw invalid(path, 'is empty');
  if (search.every(isScalar)) return keywords(search, path, options);
  return some(search.map((each, index) => searchTest(each, `${path}.${index}`, options)));
}

function keywords(values: readonly Scalar[], path: string, options: CompileOptions): EventTest {
  return lineTest({ field: '', modifiers: [], values, path }, options);
}

function mapTest(search: unknown, path: string, options: CompileOptions): EventTest {
  if (typeof search !== 'object' || search === null) throw invalid(path, 'is a map or a list');
  const lines = Object.entries(search).map(([key, given]) => {
    const [field = '', ...modifiers] = key.split('|');
    const values: unknown[] = Array.isArray(given) ? given : [given];
    if (!values.every(isScalar)) throw invalid(`${path}.${key}`, 'takes text, numbers, true, false or null');
    return lineTest({ field, modifiers, values, path: `${path}.${key}` }, options);
  });
  if (lines.length === 0) throw invalid(path, 'is empty');
  return every(lines);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
