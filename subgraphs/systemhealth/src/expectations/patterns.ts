// Regular expressions in linear time (RE2): a tenant writes them, and its target writes what they are tried on.
import { RE2JS } from 're2js';

/** Characters of a text that a pattern is tried on. */
export const searchedCharacters = 65_536;
const longestPattern = 200;
/** Instructions of a compiled pattern: a repetition of a repetition is short to write and long to run. */
const largestProgram = 2_000;
const mostKept = 500;

const compiled = new Map<string, RE2JS>();

/** What is wrong with a pattern; null when nothing is. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > longestPattern) return `is longer than ${longestPattern} characters`;
  try {
    return compile(pattern).programSize() > largestProgram ? 'repeats too much' : null;
  } catch {
    return 'is not a regular expression of RE2';
  }
}

/** Whether the pattern is found in the text's first 65,536 characters. */
export function comparePattern(pattern: string, text: string): boolean {
  return compile(pattern).test(text.slice(0, searchedCharacters));
}

/** Whether the pattern spans the whole text. */
export function matchesWhole(pattern: string, text: string): boolean {
  return compile(pattern).matches(text.slice(0, searchedCharacters));
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = RE2JS.compile(pattern);
  if (compiled.size >= mostKept) compiled.clear();
  compiled.set(pattern, made);
  return made;
}
