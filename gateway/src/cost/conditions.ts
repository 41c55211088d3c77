// @skip and @include, as far as a document alone can tell.
import { Kind, type SelectionNode } from 'graphql';
import type { Variables } from './terms.ts';

/** A variable that keeps a selection out when it has this value. */
interface Condition {
  readonly variable: string;
  readonly excludedWhen: boolean;
}

/** All must let a selection in. */
export type Conditions = readonly Condition[];

export const unconditional: Conditions = [];

/** The conditions of a selection added to those of what it stands in; null where it never runs. */
export function conditionsOf({ directives = [] }: SelectionNode, outer: Conditions): Conditions | null {
  let conditions = outer;
  for (const { name, arguments: given = [] } of directives) {
    const excludedWhen = name.value === 'skip' ? true : name.value === 'include' ? false : undefined;
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (excludedWhen === undefined || value === undefined) continue;
    if (value.kind === Kind.BOOLEAN && value.value === excludedWhen) return null;
    if (value.kind === Kind.VARIABLE)
      conditions = [...conditions, { variable: value.name.value, excludedWhen }];
  }
  return conditions;
}

/** Whether one of several selections of the same field runs; null where one always does. */
export function anyRuns(alternatives: readonly Conditions[]): ((variables: Variables) => boolean) | null {
  if (alternatives.some((conditions) => conditions.length === 0)) return null;
  return (variables) =>
    alternatives.some((conditions) =>
      conditions.every(({ variable, excludedWhen }) => variables[variable] !== excludedWhen),
    );
}

/** Equal for equal conditions. */
export function conditionsKey(conditions: Conditions): string {
  return conditions.map(({ variable, excludedWhen }) => `${excludedWhen ? '!' : ''}${variable}`).join('&');
}
