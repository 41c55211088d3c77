// What a form sent, by its fields' names.

/** A text that the form sent; empty when it has no such field. */
export function textOf(values: FormData, name: string): string {
  const value = values.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A number that the form sent; null when its field is empty, or when it has no such field. */
export function numberOf(values: FormData, name: string): number | null {
  const text = textOf(values, name);
  return text === '' ? null : Number(text);
}

/** All choices that were ticked under a name. */
export function choicesOf(values: FormData, name: string): string[] {
  return values.getAll(name).filter((value) => typeof value === 'string');
}

/** What stands on the lines of a text that the form sent, without empty ones. */
export function linesOf(values: FormData, name: string): string[] {
  return textOf(values, name)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
