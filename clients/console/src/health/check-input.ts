// From what was typed to a check's input. Pure.
import { numberOf, textOf } from '../design/values.ts';
import { type FormKind, fieldsOf, type SettingField } from './settings-fields.ts';

/** What both mutations take of the form. */
export function typedCheck(values: FormData, kind: FormKind) {
  const { target } = fieldsOf(kind);
  const seconds = (name: string) => {
    const typed = numberOf(values, name);
    return typed === null ? null : Math.round(typed * 1_000);
  };
  return {
    name: textOf(values, 'name'),
    ...(target !== null && {
      target: textOf(values, 'target'),
      intervalMs: seconds('interval'),
      timeoutMs: seconds('timeout'),
      degradedAfterMs: numberOf(values, 'degradedAfter'),
      downAfterMs: seconds('downAfter'),
      upAfterMs: seconds('upAfter'),
    }),
    ...settingsOf(values, kind),
  };
}

function settingsOf(values: FormData, kind: FormKind) {
  const { key, fields } = fieldsOf(kind);
  if (key === null) return {};
  return {
    settings: { [key]: Object.fromEntries(fields.map((field) => [field.name, typed(values, field)])) },
  };
}

function typed(values: FormData, { name, as, isRequired = false }: SettingField): unknown {
  const text = textOf(values, name);
  switch (as) {
    case 'number':
    case 'whole':
      return numberOf(values, name);
    case 'lines': {
      const lines = linesOf(text);
      return lines.length === 0 ? null : lines;
    }
    case 'headers':
      return linesOf(text).map(header);
    case 'assertions':
      return assertionsOf(values);
    default:
      return text === '' && !isRequired ? null : text;
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** "Name: value"; a name alone stands for the value that is kept. */
function header(line: string): { name: string; value: string | null } {
  const colon = line.indexOf(':');
  if (colon === -1) return { name: line, value: null };
  return { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() || null };
}

function assertionsOf(values: FormData) {
  const column = (name: string) => values.getAll(`assertion-${name}`).map(String);
  const [selectors, comparisons, expected] = [column('selector'), column('comparison'), column('value')];
  return column('source').map((source, index) => {
    const comparison = comparisons[index] ?? '';
    return {
      ...{ source, comparison },
      selector: source === 'BODY' ? null : (selectors[index] ?? ''),
      value: comparison.endsWith('EXISTS') ? null : (expected[index] ?? ''),
    };
  });
}
