// Sigma's strings: literal text with the wildcards * and ?, matched without backtracking over more than one star.

/** `any`: *, `one`: ?, `dash`: any of the dashes that start a flag (the modifier windash). */
type Wildcard = 'any' | 'one' | 'dash';
export type PatternPart = string | { readonly wildcard: Wildcard };
export type Pattern = readonly PatternPart[];

const any: PatternPart = { wildcard: 'any' };
const one: PatternPart = { wildcard: 'one' };
const dash: PatternPart = { wildcard: 'dash' };
const dashes = '-/–—―';

/** Reads wildcards and escapes: a backslash counts as one only before *, ? and a backslash. */
export function parsePattern(text: string): Pattern {
  const parts: PatternPart[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') parts.push(literal);
    literal = '';
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      index += 1;
    } else if (character === '*' || character === '?') {
      flush();
      // Two stars are one.
      if (character === '?' || parts.at(-1) !== any) parts.push(character === '*' ? any : one);
    } else literal += character;
  }
  flush();
  return parts;
}

export function isLiteral(pattern: Pattern): boolean {
  return pattern.every((part) => typeof part === 'string');
}

/** The text of a pattern without wildcards. */
export function literalOf(pattern: Pattern): string {
  return pattern.filter((part) => typeof part === 'string').join('');
}

export function startingWith(pattern: Pattern): Pattern {
  return pattern.at(-1) === any ? pattern : [...pattern, any];
}

export function endingWith(pattern: Pattern): Pattern {
  return pattern[0] === any ? pattern : [any, ...pattern];
}

export function containing(pattern: Pattern): Pattern {
  return startingWith(endingWith(pattern));
}

/** A dash that begins a flag stands for each of the dashes. */
export function withAnyDash(pattern: Pattern): Pattern {
  return pattern.flatMap((part): Pattern => {
    if (typeof part !== 'string') return [part];
    const pieces = part.split(/(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/u);
    return pieces.flatMap((piece, index): Pattern => {
      const text = piece === '' ? [] : [piece];
      return index === 0 ? text : [dash, ...text];
    });
  });
}

/** A test of texts; `isCased` unless upper and lower case are the same. */
export function patternMatcher(
  pattern: Pattern,
  { isCased }: { isCased: boolean },
): (text: string) => boolean {
  const fold = isCased ? (text: string) => text : (text: string) => text.toLowerCase();
  const folded = pattern.map((part) => (typeof part === 'string' ? fold(part) : part));
  const match = matcherOf(folded);
  return (text) => match(fold(text));
}

function matcherOf(pattern: Pattern): (text: string) => boolean {
  const startsOpen = pattern[0] === any;
  const endsOpen = pattern.length > 1 && pattern.at(-1) === any;
  const middle = pattern.slice(startsOpen ? 1 : 0, endsOpen ? -1 : undefined);
  if (isLiteral(middle)) {
    const literal = literalOf(middle);
    if (pattern.length === 1 && startsOpen) return () => true;
    if (startsOpen && endsOpen) return (text) => text.includes(literal);
    if (startsOpen) return (text) => text.endsWith(literal);
    if (endsOpen) return (text) => text.startsWith(literal);
    return (text) => text === literal;
  }
  return (text) => matches(segmentsOf(pattern), text);
}

/** One character of a segment: a character, or null for any. */
type Segment = readonly (string | null)[];

/** What lies between the stars, as sets of characters. */
function segmentsOf(pattern: Pattern): Segment[] {
  const segments: (string | null)[][] = [[]];
  for (const part of pattern) {
    const segment = segments.at(-1) ?? [];
    if (typeof part === 'string') segment.push(...part);
    else if (part.wildcard === 'any') segments.push([]);
    else segment.push(part.wildcard === 'dash' ? dashes : null);
  }
  return segments;
}

/** The first segment at the start, the last at the end, each between as early as it goes: no choice is ever undone. */
function matches(segments: readonly Segment[], text: string): boolean {
  const characters = [...text];
  const [first = []] = segments;
  const last = segments.at(-1) ?? [];
  if (segments.length === 1) return characters.length === first.length && fits(first, characters, 0);
  const end = characters.length - last.length;
  if (end < first.length || !fits(first, characters, 0) || !fits(last, characters, end)) return false;
  let from = first.length;
  for (const segment of segments.slice(1, -1)) {
    while (from + segment.length <= end && !fits(segment, characters, from)) from += 1;
    if (from + segment.length > end) return false;
    from += segment.length;
  }
  return true;
}

function fits(segment: Segment, characters: readonly string[], at: number): boolean {
  return segment.every((expected, index) => {
    const character = characters[at + index];
    if (character === undefined) return false;
    return expected === null || expected === character || (expected === dashes && dashes.includes(character));
  });
}
