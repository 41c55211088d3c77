// From what a field takes to what one viewer still has to show for it.
import type { Viewer } from '../viewer.ts';
import type { Condition, Requirement } from './requirements.ts';
import { type ArgumentRule, type FieldRule, holdsFor, isViewers, mayMeet } from './rules.ts';

/** Rules that must hold together, read from the arguments or the object. */
export type Alternative = readonly (ArgumentRule | FieldRule)[];

/**
 * What is left to be found out once the viewer is known: one alternative must hold. None at all: denied. One that
 * asks for nothing: allowed.
 */
export type Alternatives = readonly Alternative[];

const allowed: Alternatives = [[]];

/** All conditions must hold, so their alternatives are multiplied out. */
export function alternativesFor(viewer: Viewer, requirement: Requirement): Alternatives {
  if (requirement.length === 0) return []; // nobody marked it
  let alternatives = allowed;
  for (const condition of requirement) {
    const further = alternativesOf(viewer, condition);
    alternatives = alternatives.flatMap((left) => further.map((right) => [...left, ...right]));
  }
  return alternatives.some((alternative) => alternative.length === 0) ? allowed : alternatives;
}

function alternativesOf(viewer: Viewer, condition: Condition): Alternatives {
  switch (condition.kind) {
    case 'authenticated':
      return viewer.isAnonymous ? [] : allowed;
    case 'scopes':
      return condition.anyOf.some((allOf) => allOf.every((scope) => viewer.scopes.has(scope))) ? allowed : [];
    case 'policies':
      return condition.anyOf.flatMap((allOf): Alternatives => {
        const open: (ArgumentRule | FieldRule)[] = [];
        for (const rule of allOf) {
          if (rule.kind === 'argument' || rule.kind === 'field') {
            if (!mayMeet(viewer, rule)) return [];
            open.push(rule);
          } else if (!holdsFor(viewer, rule)) return [];
        }
        return [open];
      });
  }
}

/** Whether one alternative holds, given what its rules read. */
export function anyHolds(
  alternatives: Alternatives,
  viewer: Viewer,
  read: (rule: ArgumentRule | FieldRule) => unknown,
): boolean {
  return alternatives.some((alternative) =>
    alternative.every((rule) => isViewers(read(rule), viewer, rule.equals)),
  );
}
