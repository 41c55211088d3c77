// The grammar of policies: what may stand between the brackets of @policy(policies: [["…"]]).
//
//   policy     = "public" / permission / comparison
//   permission = resource ":" action                  for example incident:acknowledge
//   comparison = "role=" name                         the viewer holds a role of that name in their tenant
//              / "tenant=" ("platform" / tenant id)   the viewer acts in that tenant
//              / "argument(" path ")=" attribute      an argument of the field, input.ownerId for one of its members
//              / "field(" name ")=" attribute         another field of the same object: whose it is
//   attribute  = "viewer.subject" / "viewer.tenantId" / "viewer.clientId"
import { platformTenantId } from '../tenancy.ts';
import type { Viewer } from '../viewer.ts';
import type { Requirement } from './requirements.ts';

/** What of the viewer an argument or a field is compared with. */
export type ViewerAttribute = 'subject' | 'tenantId' | 'clientId';

/** Holds or not as soon as the viewer is known. */
export type StaticRule = { readonly text: string } & (
  | { readonly kind: 'public' }
  /** Its text is the permission. */
  | { readonly kind: 'permission' }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'tenant'; readonly tenantId: string }
);

/** Depends on what the field is asked with. */
export interface ArgumentRule {
  readonly kind: 'argument';
  readonly text: string;
  /** The argument, and the way to a member of it. */
  readonly path: readonly [argument: string, ...members: string[]];
  readonly equals: ViewerAttribute;
}

/** Depends on the object that the field is asked of. */
export interface FieldRule {
  readonly kind: 'field';
  readonly text: string;
  readonly fieldName: string;
  readonly equals: ViewerAttribute;
}

/** One policy. */
export type Rule = StaticRule | ArgumentRule | FieldRule;

const permission = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/;
const comparison = /^(role|tenant)=([\w-]+)$/;
const equation =
  /^(argument|field)\(([_A-Za-z]\w*(?:\.[_A-Za-z]\w*)*)\)=viewer\.(subject|tenantId|clientId)$/;

/** @throws Error that names a policy which is none, and the forms that there are. */
export function parseRule(text: string): Rule {
  if (text === 'public') return { kind: 'public', text };
  if (permission.test(text)) return { kind: 'permission', text };
  const [, subject, value = ''] = comparison.exec(text) ?? [];
  if (subject === 'role') return { kind: 'role', text, role: value };
  if (subject === 'tenant')
    return { kind: 'tenant', text, tenantId: value === 'platform' ? platformTenantId : value };
  const [, source, place = '', attribute] = equation.exec(text) ?? [];
  const [name = '', ...members] = place.split('.');
  if (source === 'argument' && isAttribute(attribute))
    return { kind: 'argument', text, path: [name, ...members], equals: attribute };
  if (source === 'field' && members.length === 0 && isAttribute(attribute))
    return { kind: 'field', text, fieldName: name, equals: attribute };
  throw new Error(
    `"${text}" is no policy. Write public, resource:action, role=name, tenant=platform, argument(name)=viewer.subject or field(name)=viewer.subject`,
  );
}

/** All policies that a requirement names. */
export function rulesIn(requirement: Requirement): Rule[] {
  return requirement.flatMap((condition) => (condition.kind === 'policies' ? condition.anyOf.flat() : []));
}

/** Whether a static rule holds for the viewer. */
export function holdsFor(viewer: Viewer, rule: StaticRule): boolean {
  switch (rule.kind) {
    case 'public':
      return true;
    case 'permission':
      return viewer.permissions.has(rule.text);
    case 'role':
      return viewer.roles.includes(rule.role);
    case 'tenant':
      return viewer.tenantId === rule.tenantId;
  }
}

/** Whether what an argument or a field says is the viewer's. Nothing is nobody's. */
export function isViewers(value: unknown, viewer: Viewer, attribute: ViewerAttribute): boolean {
  return typeof value === 'string' && value !== '' && value === viewer[attribute];
}

function isAttribute(word: string | undefined): word is ViewerAttribute {
  return word === 'subject' || word === 'tenantId' || word === 'clientId';
}
