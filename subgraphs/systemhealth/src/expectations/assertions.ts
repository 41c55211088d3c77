// What an answer must be like: its body, a value in its JSON, or a header.
import { JSONPathError } from 'json-p3';
import { z } from 'zod';
import {
  type Comparison,
  comparisons,
  failureOf,
  holds,
  isAboutNumbers,
  isAboutPresence,
} from './comparisons.ts';
import { jsonPathProblem, valuesAt } from './json-paths.ts';
import { patternProblem } from './patterns.ts';

export const assertionSources = ['BODY', 'JSON', 'HEADER'] as const;

export const headerName = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, { error: 'is not a header name' })
  .transform((name) => name.toLowerCase());

export const assertion = z
  .object({
    source: z.enum(assertionSources),
    selector: z
      .string()
      .max(200)
      .nullish()
      .transform((given) => given ?? null),
    comparison: z.enum(comparisons),
    value: z
      .string()
      .max(1_000)
      .nullish()
      .transform((given) => given ?? null),
  })
  .superRefine(({ source, selector, comparison, value }, context) => {
    const wrong = (path: string, message: string | null) => {
      if (message !== null) context.addIssue({ code: 'custom', path: [path], message });
    };
    if (source === 'BODY') {
      if (selector !== null) wrong('selector', 'is not for BODY');
      if (isAboutPresence(comparison)) wrong('comparison', 'is not for BODY');
    } else if (selector === null) wrong('selector', `is needed for ${source}`);
    else if (source === 'JSON') wrong('selector', jsonPathProblem(selector));
    else if (!headerName.safeParse(selector).success) wrong('selector', 'is not a header name');
    if (isAboutPresence(comparison)) {
      if (value !== null) wrong('value', `is not for ${comparison}`);
    } else if (value === null) wrong('value', `is needed for ${comparison}`);
    else if (comparison.endsWith('MATCHES')) wrong('value', patternProblem(value));
    else if (isAboutNumbers(comparison) && !(value.trim() !== '' && Number.isFinite(Number(value))))
      wrong('value', 'is not a number');
  });

export type Assertion = z.infer<typeof assertion>;

export const assertions = z
  .array(assertion)
  .max(10)
  .nullish()
  .transform((given) => given ?? []);

/** An answer as far as assertions look at it. */
export interface Asserted {
  readonly body: string;
  header?(name: string): string | null;
}

/** The first assertion that does not hold, in words; null when all do. */
export function firstFailure(all: readonly Assertion[], answer: Asserted): string | null {
  for (const each of all) {
    const failure = failureIn(each, answer);
    if (failure !== null) return failure;
  }
  return null;
}

/** Whether the body has to be read at all. */
export function lookAtBody(all: readonly Assertion[]): boolean {
  return all.some(({ source }) => source !== 'HEADER');
}

function failureIn(asserted: Assertion, answer: Asserted): string | null {
  const { source, selector, comparison, value } = asserted;
  if (source === 'BODY') return judge([answer.body], { what: 'the body', comparison, value });
  if (source === 'HEADER') {
    const found = answer.header?.(selector ?? '') ?? null;
    return judge(found === null ? [] : [found], { what: `header ${selector}`, comparison, value });
  }
  let document: ReturnType<typeof JSON.parse>;
  try {
    document = JSON.parse(answer.body);
  } catch {
    return 'the body is not JSON';
  }
  const what = selector ?? '$';
  try {
    return judge(valuesAt(what, document), { what, comparison, value });
  } catch (error) {
    // Nested more deeply than the path may go.
    if (error instanceof JSONPathError) return `${what} can't be read`;
    throw error;
  }
}

interface Expected {
  readonly what: string;
  readonly comparison: Comparison;
  readonly value: string | null;
}

/** Every value must be as expected, and there must be one, except where none is expected. */
function judge(found: readonly string[], { what, comparison, value }: Expected): string | null {
  if (comparison === 'NOT_EXISTS') return found.length === 0 ? null : failureOf(what, comparison, value);
  if (found.length === 0) return failureOf(what, 'EXISTS', null);
  return found.every((each) => holds(each, comparison, value ?? ''))
    ? null
    : failureOf(what, comparison, value);
}
