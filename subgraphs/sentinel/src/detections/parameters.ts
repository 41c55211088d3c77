// What can be tuned of a detector. Pure.

export interface Parameter {
  /** What it is unless a tenant says otherwise. */
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
}

export type Parameters = Readonly<Record<string, Parameter>>;
/** What a tenant says. */
export type Tuned = Readonly<Record<string, number>>;
export type Values<P extends Parameters> = { readonly [Name in keyof P]: number };

export function valuesOf<P extends Parameters>(parameters: P, tuned: Tuned = {}): Values<P> {
  const entries = Object.entries(parameters).map(([name, { value }]) => [name, tuned[name] ?? value]);
  return Object.fromEntries(entries) as Values<P>; // one for each name
}

/** As it is shown, and kept of each version. */
export function textOf(values: Tuned): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

export function valuesIn(text: string): Tuned {
  const lines = text.split('\n').flatMap((line) => {
    const [name = '', value] = line.split(': ');
    return value === undefined ? [] : [[name, Number(value)]];
  });
  return Object.fromEntries(lines);
}

/** What is wrong with what a tenant says; null for nothing. */
export function problemWith(parameters: Parameters, tuned: Tuned): string | null {
  for (const [name, value] of Object.entries(tuned)) {
    const known = parameters[name];
    if (known === undefined) return `has no ${name}; there are ${Object.keys(parameters).join(', ')}`;
    if (!(value >= known.minimum && value <= known.maximum))
      return `takes a ${name} of ${known.minimum} to ${known.maximum}`;
  }
  return null;
}
