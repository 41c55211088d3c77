// The grammar of policies: what may stand between the brackets of @policy(policies: [["…"]]).
//
//   policy     = "public" / permission / comparison
//   permission = resource ":" action                  for example incident:acknowledge
//   comparison = "role=" name                         the viewer holds a role of that name in their tenant
//              / "tenant=" ("platform" / tenant id)   the viewer acts in that tenant
//              / "argument(" path ")=" attribute      an argument of the field, input.ownerId for one of its members
//              / "field(" name ")=" attribute         another field of the same object: whose it is
//              / permission "@argument(" path [":" type "." name] ")"
//                                                     the viewer holds it on the resource that the argument names, or on
//                                                     the one that this field of the entity names which the argument names
//              / permission "@field(" name ")"        … on the resource that another field of the same object names
//              / permission "@any"                    … on some resource: of lists that show those alone
//   attribute  = "viewer.subject" / "viewer.tenantId" / "viewer.clientId"
import { resourcesWith, scopedTo } from '../scoped-permissions.ts';
import { platformTenantId } from '../tenancy.ts';
import type { Viewer } from '../viewer.ts';
import type { Requirement } from './requirements.ts';

export type ViewerAttribute = 'subject' | 'tenantId' | 'clientId';

/** What of the viewer an argument or a field is compared with: who they are, or the resources on which they hold this. */
export type Counterpart = ViewerAttribute | { readonly permission: string };

/** Holds or not as soon as the viewer is known. */
export type StaticRule = { readonly text: string } & (
  | { readonly kind: 'public' }
  /** Its text is the permission. */
  | { readonly kind: 'permission' }
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'tenant'; readonly tenantId: string }
  /** On whichever resource. */
  | { readonly kind: 'somewhere'; readonly permission: string }
);

/** Depends on what the field is asked with. */
export interface ArgumentRule {
  readonly kind: 'argument';
  readonly text: string;
  /** The argument, and the way to a member of it. */
  readonly path: readonly [argument: string, ...members: string[]];
  /** The argument names an entity, and what counts is this field of it: known to its subgraph alone. */
  readonly of?: { readonly typeName: string; readonly fieldName: string };
  readonly equals: Counterpart;
}

/** Depends on the object that the field is asked of. */
export interface FieldRule {
  readonly kind: 'field';
  readonly text: string;
  readonly fieldName: string;
  readonly equals: Counterpart;
}

/** One policy. */
export type Rule = StaticRule | ArgumentRule | FieldRule;

const permission = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/;
const comparison = /^(role|tenant)=([\w-]+)$/;
const equation =
  /^(argument|field)\(([_A-Za-z]\w*(?:\.[_A-Za-z]\w*)*)\)=viewer\.(subject|tenantId|clientId)$/;

const scoped =
  /^([a-z][a-z0-9-]*:[a-z][a-z0-9-]*)@(any|(argument|field)\(([_A-Za-z]\w*(?:\.[_A-Za-z]\w*)*)(?::(\w+)\.(\w+))?\))$/;

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
  const rule = parseScoped(text);
  if (rule !== undefined) return rule;
  throw new Error(
    `"${text}" is no policy. Write public, resource:action, role=name, tenant=platform, argument(name)=viewer.subject, field(name)=viewer.subject, resource:action@argument(name), resource:action@field(name) or resource:action@any`,
  );
}

function parseScoped(text: string): Rule | undefined {
  const [, held, where, source, place = '', typeName, fieldName] = scoped.exec(text) ?? [];
  if (held === undefined) return undefined;
  if (where === 'any') return { kind: 'somewhere', text, permission: held };
  const [name = '', ...members] = place.split('.');
  const equals = { permission: held };
  if (source === 'argument') {
    const of = typeName === undefined || fieldName === undefined ? {} : { of: { typeName, fieldName } };
    return { kind: 'argument', text, path: [name, ...members], ...of, equals };
  }
  if (members.length > 0 || typeName !== undefined) return undefined;
  return { kind: 'field', text, fieldName: name, equals };
}

/** The permission that a rule asks for, on whichever resource; undefined for one that asks for something else. */
export function permissionOf(rule: Rule): string | undefined {
  if (rule.kind === 'permission') return rule.text;
  if (rule.kind === 'somewhere') return rule.permission;
  if (rule.kind !== 'argument' && rule.kind !== 'field') return undefined;
  return typeof rule.equals === 'string' ? undefined : rule.equals.permission;
}

/** The permission of a rule that a permission on one resource can meet. */
export function scopedPermissionOf(rule: Rule): string | undefined {
  return rule.kind === 'permission' ? undefined : permissionOf(rule);
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
    case 'somewhere':
      return resourcesWith(viewer, rule.permission).length > 0;
  }
}

/** Whether somebody could meet a rule on arguments or objects, whatever these are. */
export function mayMeet(viewer: Viewer, { equals }: ArgumentRule | FieldRule): boolean {
  // Nothing belongs to somebody who did not say who they are.
  if (viewer.isAnonymous) return false;
  return typeof equals === 'string' || resourcesWith(viewer, equals.permission).length > 0;
}

/** Whether what an argument or a field says is the viewer's. Nothing is nobody's. */
export function isViewers(value: unknown, viewer: Viewer, counterpart: Counterpart): boolean {
  if (typeof value !== 'string' || value === '') return false;
  return typeof counterpart === 'string'
    ? value === viewer[counterpart]
    : viewer.permissions.has(scopedTo(value, counterpart.permission));
}

function isAttribute(word: string | undefined): word is ViewerAttribute {
  return word === 'subject' || word === 'tenantId' || word === 'clientId';
}
