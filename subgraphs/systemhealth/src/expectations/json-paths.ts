// JSON paths (RFC 9535) that take time linear in the document: a tenant writes them, and its target the document.
import { FunctionExpressionType, JSONPathEnvironment, type JSONValue } from 'json-p3';
import { comparePattern, matchesWhole, patternProblem } from './patterns.ts';

const longestPath = 200;

const environment = new JSONPathEnvironment({ maxRecursionDepth: 100 });
// The library's own compile the pattern to a backtracking one.
environment.functionRegister.set('match', regularExpression(matchesWhole));
environment.functionRegister.set('search', regularExpression(comparePattern));

function regularExpression(test: (pattern: string, text: string) => boolean) {
  return {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call(text: unknown, pattern: unknown): boolean {
      // RFC 9535 2.4.6: what is no string or no pattern is no match.
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      return patternProblem(pattern) === null && test(pattern, text);
    },
  };
}

/**
 * What is wrong with a path; null when nothing is. Refused is what multiplies work: `..` twice, a filter that asks the
 * whole document for each of its values, and several selectors in one bracket.
 */
export function jsonPathProblem(path: string): string | null {
  if (path.length > longestPath) return `is longer than ${longestPath} characters`;
  try {
    environment.compile(path);
  } catch {
    return 'is not a JSON path of RFC 9535';
  }
  const bare = path.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, "''");
  if (bare.split('..').length > 2) return 'may hold `..` once';
  if (bare.indexOf('$', 1) !== -1) return 'may hold `$` at its beginning alone';
  if (commaOutsideOfCalls(bare)) return 'may hold one selector in a bracket';
  return null;
}

function commaOutsideOfCalls(path: string): boolean {
  let depth = 0;
  for (const character of path) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) return true;
  }
  return false;
}

/** The values that a path selects, as text: strings as they are, everything else as JSON. */
export function valuesAt(path: string, document: JSONValue): string[] {
  const values = environment.query(path, document).values();
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
}
