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
