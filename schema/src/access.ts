// Who may read a field, compared between two schemas.
import {
  type FieldCoordinate,
  type Policy,
  publicPolicy,
  type Requirement,
} from '@supergraph/chassis/policy';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';

/** A field of two schemas that denies in the second a viewer whom it let in in the first. */
export interface Narrowing extends FieldCoordinate {
  before: Requirement;
  after: Requirement;
}

export function narrowings(before: Policy, after: Policy): Narrowing[] {
  return [...before.requirements].flatMap(([typeName, fields]) =>
    [...fields].flatMap(([fieldName, requirement]): Narrowing[] => {
      const now = after.requirements.get(typeName)?.get(fieldName);
      if (now === undefined) return []; // a field that is gone is another matter
      const field = { typeName, fieldName };
      const isNarrower = leastViewers(requirement).some(
        (viewer) => after.decide(viewer, field) !== 'allowed',
      );
      return isNarrower ? [{ ...field, before: requirement, after: now }] : [];
    }),
  );
}

// Every way to meet all conditions, with nothing held beyond it: an AND of ORs, multiplied out. Whoever meets the
// requirement holds all that one of these viewers holds, and nobody is denied for holding more: so they speak for all.
function leastViewers(requirement: Requirement): Viewer[] {
  if (requirement.length === 0) return []; // nobody meets it
  return requirement.reduce<Viewer[]>(
    (viewers, condition) =>
      viewers.flatMap((viewer): Viewer[] => {
        if (condition.kind === 'authenticated') return [{ ...viewer, isAnonymous: false }];
        const held = condition.kind === 'scopes' ? 'scopes' : 'permissions';
        return condition.anyOf.map((allOf) => {
          const names = allOf.filter((name) => condition.kind === 'scopes' || name !== publicPolicy);
          return {
            ...viewer,
            [held]: new Set([...viewer[held], ...names]),
            isAnonymous: viewer.isAnonymous && names.length === 0, // without a token nobody holds anything
          };
        });
      }),
    [anonymous],
  );
}
