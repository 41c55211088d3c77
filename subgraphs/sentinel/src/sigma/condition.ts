// The condition of a rule: search identifiers joined by and, or, not, brackets and "1 of"/"all of".
import { invalid, unsupported } from './errors.ts';
import { limits } from './limits.ts';

export type Condition =
  | { readonly kind: 'search'; readonly name: string }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'and' | 'or'; readonly inner: readonly Condition[] };

const path = 'detection.condition';
const word = /^[\p{L}\p{N}_.*-]+/u;

/** @param names the search identifiers that the rule defines */
export function parseCondition(text: string, names: readonly string[]): Condition {
  const tokens = tokensOf(text);
  let place = 0;
  const peek = () => tokens[place]?.toLowerCase();
  const take = () => {
    const token = tokens[place];
    if (token === undefined) throw invalid(path, 'ends where a search identifier is expected');
    place += 1;
    return token;
  };

  const either = (depth: number): Condition => joined('or', () => both(depth));
  const both = (depth: number): Condition => joined('and', () => negated(depth));
  const joined = (kind: 'and' | 'or', next: () => Condition): Condition => {
    const inner = [next()];
    while (peek() === kind) {
      place += 1;
      inner.push(next());
    }
    const [only] = inner;
    return inner.length === 1 && only !== undefined ? only : { kind, inner };
  };
  const negated = (depth: number): Condition => {
    if (depth > limits.nesting) throw invalid(path, `nests deeper than ${limits.nesting}`);
    if (peek() !== 'not') return primary(depth);
    place += 1;
    return { kind: 'not', inner: negated(depth + 1) };
  };
  const primary = (depth: number): Condition => {
    const token = take();
    if (token === '(') {
      const inner = either(depth + 1);
      if (take() !== ')') throw invalid(path, 'a bracket is not closed');
      return inner;
    }
    if (token === ')' || isOperator(token))
      throw invalid(path, `"${token}" stands where a search is expected`);
    if (peek() === 'of') {
      place += 1;
      return quantified(token, take());
    }
    return search(token);
  };
  const search = (name: string): Condition => {
    if (!names.includes(name)) throw invalid(path, `"${name}" is not defined in the detection`);
    return { kind: 'search', name };
  };
  const quantified = (quantity: string, pattern: string): Condition => {
    const kind = { '1': 'or', any: 'or', all: 'and' }[quantity.toLowerCase()];
    if (kind !== 'or' && kind !== 'and') {
      throw unsupported(path, `"${quantity} of" is not "1 of", "any of" or "all of"`);
    }
    const inner = namesLike(pattern, names).map((name): Condition => ({ kind: 'search', name }));
    if (inner.length === 0) throw invalid(path, `"${pattern}" names no search identifier`);
    return { kind, inner };
  };

  const condition = either(0);
  if (place < tokens.length) throw invalid(path, `"${tokens[place]}" is not expected here`);
  return condition;
}

/** "them" are all but those that begin with an underscore, which a pattern reaches only when it begins with one too. */
function namesLike(pattern: string, names: readonly string[]): string[] {
  const visible = names.filter((name) => !name.startsWith('_') || pattern.startsWith('_'));
  if (pattern.toLowerCase() === 'them') return visible;
  const pieces = pattern.split('*');
  return visible.filter((name) => {
    if (pieces.length === 1) return name === pattern;
    const [first = ''] = pieces;
    const last = pieces.at(-1) ?? '';
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
      return false;
    let from = first.length;
    for (const piece of pieces.slice(1, -1)) {
      const at = name.indexOf(piece, from);
      if (at < 0 || at + piece.length > name.length - last.length) return false;
      from = at + piece.length;
    }
    return true;
  });
}

function isOperator(token: string): boolean {
  return ['and', 'or', 'not', 'of'].includes(token.toLowerCase());
}

function tokensOf(text: string): string[] {
  if (text.length > limits.condition) throw invalid(path, `is longer than ${limits.condition} characters`);
  const tokens: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    if (rest.startsWith('|')) {
      throw unsupported(path, 'aggregations after "|" are obsolete in Sigma 2; write a correlation instead');
    }
    const token = rest.startsWith('(') || rest.startsWith(')') ? rest.charAt(0) : word.exec(rest)?.[0];
    if (token === undefined) throw invalid(path, `"${rest.charAt(0)}" is not expected`);
    if (token.toLowerCase() === 'near') {
      throw unsupported(path, '"near" is obsolete in Sigma 2; write a temporal correlation instead');
    }
    tokens.push(token);
    rest = rest.slice(token.length).trimStart();
  }
  if (tokens.length === 0) throw invalid(path, 'is empty');
  return tokens;
}
