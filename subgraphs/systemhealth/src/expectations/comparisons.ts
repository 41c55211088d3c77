// How a value that was found is compared with the one that was expected.
import { comparePattern } from './patterns.ts';

export const comparisons = [
  'EQUALS',
  'NOT_EQUALS',
  'CONTAINS',
  'NOT_CONTAINS',
  'MATCHES',
  'NOT_MATCHES',
  'LESS_THAN',
  'GREATER_THAN',
  'EXISTS',
  'NOT_EXISTS',
] as const;

export type Comparison = (typeof comparisons)[number];

const words: Readonly<Record<Comparison, string>> = {
  EQUALS: 'is not',
  NOT_EQUALS: 'is',
  CONTAINS: 'does not contain',
  NOT_CONTAINS: 'contains',
  MATCHES: 'does not match',
  NOT_MATCHES: 'matches',
  LESS_THAN: 'is not less than',
  GREATER_THAN: 'is not greater than',
  EXISTS: 'is missing',
  NOT_EXISTS: 'is there',
};

/** What went wrong, in the words of a message: "the body does not contain “ok”". */
export function failureOf(what: string, comparison: Comparison, expected: string | null): string {
  const said = `${what} ${words[comparison]}`;
  return expected === null || isAboutPresence(comparison) ? said : `${said} “${shortened(expected)}”`;
}

export function isAboutPresence(comparison: Comparison): boolean {
  return comparison === 'EXISTS' || comparison === 'NOT_EXISTS';
}

export function isAboutNumbers(comparison: Comparison): boolean {
  return comparison === 'LESS_THAN' || comparison === 'GREATER_THAN';
}

/** Whether a text that is there is as expected. One that is no number is neither less nor greater. */
export function holds(found: string, comparison: Comparison, expected: string): boolean {
  switch (comparison) {
    case 'EQUALS':
      return found === expected;
    case 'NOT_EQUALS':
      return found !== expected;
    case 'CONTAINS':
      return found.includes(expected);
    case 'NOT_CONTAINS':
      return !found.includes(expected);
    case 'MATCHES':
      return comparePattern(expected, found);
    case 'NOT_MATCHES':
      return !comparePattern(expected, found);
    case 'LESS_THAN':
      return numberOf(found) < Number(expected);
    case 'GREATER_THAN':
      return numberOf(found) > Number(expected);
    case 'EXISTS':
      return true;
    case 'NOT_EXISTS':
      return false;
  }
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

const longestShown = 80;

function shortened(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
