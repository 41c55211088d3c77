// The grammar of filters and of paths (RFC 7644, figures 1 and 7), within bounds.
import { invalidFilter } from '../errors.ts';

export const comparisons = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof comparisons)[number];
export type ComparedValue = string | number | boolean | null;

/** Attributes are in lower case, without the URN of a core schema: `name.givenname`. */
export type Filter =
  | { kind: 'and' | 'or'; filters: readonly Filter[] }
  | { kind: 'not'; filter: Filter }
  | { kind: 'compare'; attribute: string; comparison: Comparison; value: ComparedValue }
  | { kind: 'present'; attribute: string };

export interface Path {
  attribute: string;
  /** Of `members[value eq "x"]`: what is between the brackets, with whole attributes (`members.value`). */
  filter: Filter | null;
}

const maximumLength = 2_000;
const maximumDepth = 10;
const maximumTerms = 50;

/** @throws ScimError invalidFilter */
export function parseFilter(text: string): Filter {
  const reader = new Reader(text);
  const filter = reader.disjunction('', 0);
  reader.end();
  return filter;
}

/** The path of a PATCH operation. @throws ScimError invalidFilter, which the caller may call by another name */
export function parsePath(text: string): Path {
  const reader = new Reader(text);
  const { attribute, filter } = reader.path();
  reader.end();
  return { attribute, filter };
}

type Token = { kind: 'word' | 'string' | 'mark'; text: string };

const tokenPattern = /\s*(?:([()[\]])|("(?:[^"\\]|\\.)*")|([^\s()[\]"]+))/y;
const attributePattern = /^\.?[a-z$][\w$-]*(\.[a-z$][\w$-]*)?$/i;
const numberPattern = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

class Reader {
  readonly #tokens: readonly Token[];
  #place = 0;
  #terms = 0;

  constructor(text: string) {
    if (text.length > maximumLength)
      throw invalidFilter(`An expression may have ${maximumLength} characters at most.`);
    this.#tokens = tokensOf(text);
  }

  end(): void {
    const left = this.#tokens[this.#place];
    if (left !== undefined) throw invalidFilter(`Did not expect "${shown(left.text)}" there.`);
  }

  /** `prefix` is the attribute whose brackets it stands in. */
  disjunction(prefix: string, depth: number): Filter {
    return this.#joined('or', () => this.#joined('and', () => this.#term(prefix, depth)));
  }

  path(): Path {
    const attribute = attributeOf(this.#next());
    if (!this.#takes('[')) return { attribute, filter: null };
    const filter = this.disjunction(attribute, 1);
    this.#demand(']');
    const sub = this.#tokens[this.#place];
    if (!sub?.text.startsWith('.')) return { attribute, filter };
    this.#place += 1;
    return { attribute: attribute + attributeOf(sub), filter };
  }

  #joined(kind: 'and' | 'or', operand: () => Filter): Filter {
    const first = operand();
    const filters = [first];
    while (this.#takes(kind)) filters.push(operand());
    return filters.length === 1 ? first : { kind, filters };
  }

  #term(prefix: string, depth: number): Filter {
    if (depth >= maximumDepth) throw invalidFilter(`An expression may be ${maximumDepth} deep at most.`);
    this.#terms += 1;
    if (this.#terms > maximumTerms)
      throw invalidFilter(`An expression may have ${maximumTerms} terms at most.`);
    if (this.#takes('(')) return this.#rest(')', prefix, depth);
    if (this.#isNegation()) {
      this.#place += 2;
      return { kind: 'not', filter: this.#rest(')', prefix, depth) };
    }
    const attribute = [prefix, attributeOf(this.#next())].filter(Boolean).join('.');
    if (!this.#takes('[')) return this.#expression(attribute);
    if (prefix !== '') throw invalidFilter('Brackets may not stand in brackets.');
    const inner = this.#rest(']', attribute, depth);
    const sub = this.#tokens[this.#place];
    // Not in the grammar, and sent by directories nevertheless: emails[type eq "work"].value eq "x".
    if (!sub?.text.startsWith('.')) return inner;
    this.#place += 1;
    return { kind: 'and', filters: [inner, this.#expression(attribute + attributeOf(sub))] };
  }

  #rest(end: ')' | ']', prefix: string, depth: number): Filter {
    const filter = this.disjunction(prefix, depth + 1);
    this.#demand(end);
    return filter;
  }

  #expression(attribute: string): Filter {
    const operator = this.#next().text.toLowerCase();
    if (operator === 'pr') return { kind: 'present', attribute };
    const comparison = comparisons.find((known) => known === operator);
    if (comparison === undefined) throw invalidFilter(`"${shown(operator)}" is no operator.`);
    return { kind: 'compare', attribute, comparison, value: comparedValue(this.#next()) };
  }

  #isNegation(): boolean {
    const [word, mark] = this.#tokens.slice(this.#place, this.#place + 2);
    return word?.kind === 'word' && word.text.toLowerCase() === 'not' && mark?.text === '(';
  }

  #next(): Token {
    const token = this.#tokens[this.#place];
    if (token === undefined) throw invalidFilter('The expression ends too early.');
    this.#place += 1;
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#place];
    if (token === undefined || token.kind === 'string' || token.text.toLowerCase() !== text) return false;
    this.#place += 1;
    return true;
  }

  #demand(text: string): void {
    if (!this.#takes(text)) throw invalidFilter(`Expected "${text}".`);
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < trimmed.length) {
    const from = tokenPattern.lastIndex;
    const [, mark, string, word] = tokenPattern.exec(trimmed) ?? [];
    if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else throw invalidFilter(`Can't read "${shown(trimmed.slice(from))}".`);
  }
  return tokens;
}

const coreSchema = /^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/;

function attributeOf({ kind, text }: Token): string {
  const attribute = text.toLowerCase().replace(coreSchema, '');
  const isExtension = attribute.startsWith('urn:') && attribute.length <= 200;
  if (kind !== 'word' || !(isExtension || attributePattern.test(attribute)))
    throw invalidFilter(`"${shown(text)}" is no attribute.`);
  return attribute;
}

function comparedValue({ kind, text }: Token): ComparedValue {
  if (kind === 'string') return stringOf(text);
  if (kind === 'word') {
    const word = text.toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (numberPattern.test(text)) return Number(text);
  }
  throw invalidFilter(`"${shown(text)}" is no value: texts stand in double quotes.`);
}

function stringOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw invalidFilter(`${shown(text)} is no JSON string.`);
  }
}

const shown = (text: string): string => text.slice(0, 50);
