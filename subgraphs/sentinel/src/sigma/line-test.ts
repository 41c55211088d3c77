// A line of a detection as a test of events.
import { comparing, comparison, timing } from './comparisons.ts';
import { invalid } from './errors.ts';
import { fieldReader, type SigmaEvent, textsOf, valuesOf } from './event.ts';
import { checkLine, type Line, transforming } from './modifiers.ts';
import { networkMatcher } from './networks.ts';
import { containing, patternMatcher } from './pattern.ts';
import { regularExpression } from './regular-expression.ts';
import { patternsOf, type Scalar } from './values.ts';

export type EventTest = (event: SigmaEvent) => boolean;
/** A test of one value of a field. */
type ValueTest = (value: unknown, event: SigmaEvent) => boolean;

export interface CompileOptions {
  /** What the placeholders of the modifier `expand` stand for. Default: none, so that rules with them are refused. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

/** @throws SigmaError */
export function lineTest(line: Line, options: CompileOptions): EventTest {
  checkLine(line);
  const { field, modifiers, values } = line;
  const make = field === '' ? keywordTest : modifiers.includes('exists') ? existenceTest : fieldTest;
  const tests = values.map((value) => make(value, line, options));
  const joined = modifiers.includes('all') ? every(tests) : some(tests);
  return modifiers.includes('neq') ? (event) => !joined(event) : joined;
}

export function every(tests: readonly EventTest[]): EventTest {
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : (event) => tests.every((test) => test(event));
}

export function some(tests: readonly EventTest[]): EventTest {
  const [only] = tests;
  return tests.length === 1 && only !== undefined ? only : (event) => tests.some((test) => test(event));
}

function fieldTest(value: Scalar, line: Line, options: CompileOptions): EventTest {
  const read = fieldReader(line.field);
  if (value === null) return (event) => (read(event) ?? null) === null;
  const tests = valueTests(value, line, options);
  const holds = (given: unknown, event: SigmaEvent) => tests.some((test) => test(given, event));
  return (event) => {
    const given = read(event);
    if (Array.isArray(given)) return given.some((each) => holds(each, event));
    return given !== undefined && holds(given, event);
  };
}

/** Only whether the field is there counts, not what it holds. */
function existenceTest(value: Scalar, { field, path }: Line): EventTest {
  if (typeof value !== 'boolean') throw invalid(path, '"exists" takes true or false');
  const read = fieldReader(field);
  return (event) => (read(event) !== undefined) === value;
}

function keywordTest(value: Scalar, line: Line, { placeholders = {} }: CompileOptions): EventTest {
  const { modifiers, path } = line;
  if (value === null) throw invalid(path, 'null is no keyword');
  const matchers = modifiers.includes('re')
    ? [expressionOf(value, line)]
    : patternsOf(String(value), modifiers, { path, placeholders }).map((pattern) =>
        patternMatcher(containing(pattern), { isCased: modifiers.includes('cased') }),
      );
  return (event) => textsOf(event).some((text) => matchers.some((matches) => matches(text)));
}

/** What one value of a rule stands for; that one of them holds is enough. */
function valueTests(value: Scalar, line: Line, { placeholders = {} }: CompileOptions): readonly ValueTest[] {
  const { modifiers, path } = line;
  const has = (modifier: string) => modifiers.includes(modifier);
  if (has('fieldref')) return [fieldReference(value, line)];
  if (comparing.some(has) || timing.some(has)) return [comparison(modifiers, { value, path })];
  if (has('re')) return [onText(expressionOf(value, line))];
  if (has('cidr')) return [onText(networkMatcher(textOf(value, path), path))];
  if (typeof value !== 'string' && !transforming.some(has)) {
    return [(given) => given === value || String(given).toLowerCase() === String(value)];
  }
  const patterns = patternsOf(String(value), modifiers, { path, placeholders });
  return patterns.map((pattern) => onText(patternMatcher(pattern, { isCased: has('cased') })));
}

function onText(matches: (text: string) => boolean): ValueTest {
  return (value) => typeof value !== 'object' && value !== undefined && matches(String(value));
}

function expressionOf(value: Scalar, { modifiers, path }: Line): (text: string) => boolean {
  const [isInsensitive, isMultiline, isSingleLine] = ['i', 'm', 's'].map((flag) => modifiers.includes(flag));
  return regularExpression(textOf(value, path), {
    flags: {
      isInsensitive: isInsensitive === true,
      isMultiline: isMultiline === true,
      isSingleLine: isSingleLine === true,
    },
    path,
  });
}

/** The event's own value in another field. */
function fieldReference(value: Scalar, { modifiers, path }: Line): ValueTest {
  const read = fieldReader(textOf(value, path));
  const has = (modifier: string) => modifiers.includes(modifier);
  const fold = (given: unknown) => (has('cased') ? String(given) : String(given).toLowerCase());
  const relate = (text: string, other: string) => {
    if (has('contains')) return text.includes(other);
    if (has('startswith')) return text.startsWith(other);
    return has('endswith') ? text.endsWith(other) : text === other;
  };
  return (given, event) =>
    typeof given !== 'object' &&
    valuesOf(read(event)).some((other) => typeof other !== 'object' && relate(fold(given), fold(other)));
}

function textOf(value: Scalar, path: string): string {
  if (typeof value !== 'string') throw invalid(path, 'takes text');
  return value;
}
