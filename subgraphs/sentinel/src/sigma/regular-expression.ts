// Regular expressions in linear time: RE2's syntax, so that no rule and no event can make one backtrack.
import { RE2JS } from 're2js';
import { invalid, unsupported } from './errors.ts';
import { limits } from './limits.ts';

export interface RegularExpressionFlags {
  readonly isInsensitive: boolean;
  readonly isMultiline: boolean;
  readonly isSingleLine: boolean;
}

export function regularExpression(
  source: string,
  { flags, path }: { flags: RegularExpressionFlags; path: string },
): (text: string) => boolean {
  if (source.length > limits.regularExpression) {
    throw invalid(path, `the regular expression is longer than ${limits.regularExpression} characters`);
  }
  if (/\(\?<?[=!]/.test(source)) {
    throw unsupported(path, 'regular expressions that look ahead or behind are not evaluated in linear time');
  }
  if (/\\[1-9]/.test(source)) {
    throw unsupported(path, 'regular expressions that refer back are not evaluated in linear time');
  }
  try {
    const compiled = RE2JS.compile(source, flagsOf(flags));
    return (text) => compiled.test(text);
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : 'is no regular expression');
  }
}

function flagsOf({ isInsensitive, isMultiline, isSingleLine }: RegularExpressionFlags): number {
  return (
    (isInsensitive ? RE2JS.CASE_INSENSITIVE : 0) |
    (isMultiline ? RE2JS.MULTILINE : 0) |
    (isSingleLine ? RE2JS.DOTALL : 0)
  );
}
