// What the transforming modifiers make of a rule's values: patterns of text, or bytes on their way to become text.
import { base64Offsets, utf16, utf16WithMark } from './encodings.ts';
import { invalid, unsupported } from './errors.ts';
import { limits } from './limits.ts';
import {
  containing,
  endingWith,
  isLiteral,
  literalOf,
  type Pattern,
  parsePattern,
  startingWith,
  withAnyDash,
} from './pattern.ts';

export type Scalar = string | number | boolean | null;

/** A value of a rule: as it stands there, or changed. */
type Value = { readonly pattern: Pattern } | { readonly bytes: Buffer };

export interface Expansion {
  readonly path: string;
  /** What the placeholders of `expand` stand for. */
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
}

/** All patterns that the text stands for after the modifiers, in the order in which they are written. */
export function patternsOf(text: string, modifiers: readonly string[], expansion: Expansion): Pattern[] {
  const { path } = expansion;
  if (text.length > limits.value) throw invalid(path, `a value is longer than ${limits.value} characters`);
  let values: Value[] = modifiers.includes('expand')
    ? expanded(text, expansion).map((pattern) => ({ pattern }))
    : [{ pattern: parsePattern(text) }];
  for (const modifier of modifiers) {
    values = values.flatMap((value) => apply(modifier, value, path));
    if (values.length > limits.values) throw invalid(path, `stands for more than ${limits.values} values`);
  }
  return values.map(patternOf);
}

function apply(modifier: string, value: Value, path: string): Value[] {
  switch (modifier) {
    case 'contains':
      return [{ pattern: containing(patternOf(value)) }];
    case 'startswith':
      return [{ pattern: startingWith(patternOf(value)) }];
    case 'endswith':
      return [{ pattern: endingWith(patternOf(value)) }];
    case 'windash':
      return [{ pattern: withAnyDash(patternOf(value)) }];
    case 'wide':
    case 'utf16le':
      return [{ bytes: utf16(textOf(value, modifier, path), 'le') }];
    case 'utf16be':
      return [{ bytes: utf16(textOf(value, modifier, path), 'be') }];
    case 'utf16':
      return [{ bytes: utf16WithMark(textOf(value, modifier, path)) }];
    case 'base64':
      return [{ pattern: [bytesOf(value, modifier, path).toString('base64')] }];
    case 'base64offset':
      return base64Offsets(bytesOf(value, modifier, path)).map((encoded) => ({ pattern: [encoded] }));
    default:
      return [value];
  }
}

/** A value that stayed bytes is looked for byte by byte. */
function patternOf(value: Value): Pattern {
  return 'pattern' in value ? value.pattern : [value.bytes.toString('latin1')];
}

function textOf(value: Value, modifier: string, path: string): string {
  if ('bytes' in value) throw invalid(path, `"${modifier}" takes text, not what is encoded already`);
  if (!isLiteral(value.pattern)) throw unsupported(path, `"${modifier}" of a value with wildcards`);
  return literalOf(value.pattern);
}

function bytesOf(value: Value, modifier: string, path: string): Buffer {
  return 'bytes' in value ? value.bytes : Buffer.from(textOf(value, modifier, path), 'utf8');
}

/** `%name%` stands for each of its texts, wildcards included; `\%` is a percent sign. */
function expanded(text: string, { path, placeholders }: Expansion): Pattern[] {
  const pieces = text.split(/(?<!\\)%([^%\\\s]+)%/);
  let texts = [''];
  for (const [index, piece] of pieces.entries()) {
    const isPlaceholder = index % 2 === 1;
    const found = isPlaceholder ? own(placeholders, piece) : [piece.replaceAll('\\%', '%')];
    if (found === undefined) throw invalid(path, `the placeholder %${piece}% is not known`);
    texts = texts.flatMap((before) => found.map((each) => before + each));
    if (texts.length > limits.values) throw invalid(path, `stands for more than ${limits.values} values`);
  }
  return texts.map(parsePattern);
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
