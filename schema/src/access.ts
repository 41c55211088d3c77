// Who may read a field, compared between two schemas.
import type { FieldCoordinate, Policy, Requirement, Rule } from '@supergraph/chassis/policy';
import { scopedPermissionOf } from '@supergraph/chassis/policy/rules';
import { scopedTo } from '@supergraph/chassis/scoped-permissions';
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
      const isNarrower = leastAskers(requirement).some((asker) => !isLetIn(asker, after, field));
      return isNarrower ? [{ ...field, before: requirement, after: now }] : [];
    }),
  );
}

/** A viewer, and what the arguments and the object say of them. */
interface Asker {
  viewer: Viewer;
  /** Texts of the policies that the arguments and the object fulfil. */
  fulfilled: ReadonlySet<string>;
}

function isLetIn({ viewer, fulfilled }: Asker, policy: Policy, field: FieldCoordinate): boolean {
  return policy
    .alternatives(viewer, field)
    .some((alternative) => alternative.every(({ text }) => fulfilled.has(text)));
}

// Every way to meet all conditions, with nothing held beyond it: an AND of ORs, multiplied out. Whoever meets the
// requirement holds all that one of these askers holds, and nobody is denied for holding more: so they speak for all.
function leastAskers(requirement: Requirement): Asker[] {
  if (requirement.length === 0) return []; // nobody meets it
  return requirement.reduce<Asker[]>(
    (askers, condition) =>
      askers.flatMap((asker): Asker[] => {
        const { viewer } = asker;
        if (condition.kind === 'authenticated') return [signedIn(asker)];
        if (condition.kind === 'policies')
          return condition.anyOf.map((allOf) => allOf.reduce(holding, asker));
        return condition.anyOf.map((allOf) =>
          signedIn({ ...asker, viewer: { ...viewer, scopes: new Set([...viewer.scopes, ...allOf]) } }),
        );
      }),
    [{ viewer: anonymous, fulfilled: new Set() }],
  );
}

function holding(asker: Asker, rule: Rule): Asker {
  const { viewer, fulfilled } = asker;
  switch (rule.kind) {
    case 'public':
      return asker;
    case 'permission':
      return signedIn(permitted(asker, rule.text));
    case 'role':
      return signedIn({ ...asker, viewer: { ...viewer, roles: [...viewer.roles, rule.role] } });
    case 'tenant':
      return signedIn({ ...asker, viewer: { ...viewer, tenantId: rule.tenantId } });
    case 'somewhere':
      return signedIn(permitted(asker, scopedTo(someResource, rule.permission)));
    case 'argument':
    case 'field': {
      const permission = scopedPermissionOf(rule);
      const holder = permission === undefined ? asker : permitted(asker, scopedTo(someResource, permission));
      return signedIn({ ...holder, fulfilled: new Set([...fulfilled, rule.text]) });
    }
  }
}

const someResource = 'some';

function permitted(asker: Asker, permission: string): Asker {
  const { viewer } = asker;
  return { ...asker, viewer: { ...viewer, permissions: new Set([...viewer.permissions, permission]) } };
}

/** Without a token nobody holds anything. */
function signedIn(asker: Asker): Asker {
  return { ...asker, viewer: { ...asker.viewer, isAnonymous: false } };
}
