// Which modifiers there are, and which of them go together.
import { comparing, timing } from './comparisons.ts';
import { invalid, unsupported } from './errors.ts';
import { limits } from './limits.ts';
import type { Scalar } from './values.ts';

/** One line of a detection, such as `Image|endswith: \cmd.exe`. */
export interface Line {
  /** Empty: keywords, looked for in the whole event. */
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly Scalar[];
  /** Where it stands in the rule. */
  readonly path: string;
}

const placing = ['contains', 'startswith', 'endswith'];
const encoding = ['windash', 'wide', 'utf16', 'utf16le', 'utf16be', 'base64', 'base64offset'];
/** Change the text that is looked for. */
export const transforming: readonly string[] = [...placing, ...encoding, 'expand'];
const regularFlags = ['i', 'm', 's'];
const known = new Set<string>([
  ...transforming,
  ...comparing,
  ...timing,
  ...regularFlags,
  ...['all', 'cased', 'neq', 're', 'cidr', 'exists', 'fieldref'],
]);

/** @throws SigmaError */
export function checkLine({ field, modifiers, values, path }: Line): void {
  const has = (modifier: string) => modifiers.includes(modifier);
  const stranger = modifiers.find((modifier) => !known.has(modifier));
  if (stranger !== undefined) throw invalid(path, `"${stranger}" is no modifier`);
  if (values.length === 0) throw invalid(path, 'has no value');
  if (values.length > limits.values) throw invalid(path, `has more than ${limits.values} values`);
  if (values.length > 1 && values.includes(null)) throw invalid(path, 'null cannot stand in a list');
  if (has('all') && values.length === 1) throw invalid(path, '"all" takes a list of several values');
  if (!has('re') && regularFlags.some(has)) throw invalid(path, '"i", "m" and "s" follow "re"');
  const isCompared = [...comparing, ...timing].some(has);
  const kinds = [
    ...['re', 'cidr', 'exists', 'fieldref'].filter(has),
    ...(isCompared ? ['a comparison'] : []),
  ];
  const [kind] = kinds;
  if (kinds.length > 1) throw invalid(path, `cannot be ${kinds.join(' and ')} at once`);
  const changes = (kind === 'fieldref' ? [...encoding, 'expand'] : transforming).find(has);
  if (kind !== undefined && changes !== undefined)
    throw invalid(path, `"${changes}" does not go with ${kind}`);
  if (field !== '' || kind === undefined || kind === 're') return;
  throw unsupported(path, `keywords cannot be ${kind}`);
}
