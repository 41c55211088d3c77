// Who may see which field. The directives in the SDL are the only list; both gates use it: the gateway decides per
// field before it plans, a subgraph guards its resolvers (policy/guard.ts).
import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { type Alternatives, alternativesFor } from './policy/decisions.ts';
import { inWords, type Requirement, type Requirements, readRequirements } from './policy/requirements.ts';
import { rulesIn, scopedPermissionOf } from './policy/rules.ts';
import { resourcesWith } from './scoped-permissions.ts';
import type { Viewer } from './viewer.ts';

export type { Alternative, Alternatives } from './policy/decisions.ts';
export type { Condition, Requirement, Requirements } from './policy/requirements.ts';
export { inWords } from './policy/requirements.ts';
export type { ArgumentRule, Counterpart, FieldRule, Rule } from './policy/rules.ts';

/** What is said of one field to one viewer. `conditional`: the arguments or the object decide. */
export type Decision = 'allowed' | 'conditional' | Denial;
export type Denial = 'UNAUTHENTICATED' | 'FORBIDDEN';

export interface FieldCoordinate {
  /** An object type; a field asked on an interface is decided on each concrete type. */
  typeName: string;
  fieldName: string;
}

export interface Policy {
  readonly requirements: Requirements;
  /** A field that nobody marked, or that doesn't exist, is denied to everyone. */
  decide(viewer: Viewer, field: FieldCoordinate): Decision;
  /** What a `conditional` decision depends on: one of these must hold. */
  alternatives(viewer: Viewer, field: FieldCoordinate): Alternatives;
  /** Equal for viewers to whom this policy gives equal decisions: a key for caches of decisions. */
  signature(viewer: Viewer): string;
}

/**
 * Reads the policy out of a subgraph's SDL or a supergraph.
 * @throws Error for a directive that cannot be read, a policy of an unknown form, and one that reads an argument or a
 *   field which is not there; the message names it.
 */
export function createPolicy(sdl: string | DocumentNode): Policy {
  const requirements = readRequirements(typeof sdl === 'string' ? parse(sdl, { noLocation: true }) : sdl);
  const mentioned = mentionedIn(requirements);
  const alternatives: Policy['alternatives'] = (viewer, { typeName, fieldName }) =>
    alternativesFor(viewer, requirements.get(typeName)?.get(fieldName) ?? []);
  return {
    requirements,
    alternatives,
    decide(viewer, field) {
      const [first, ...others] = alternatives(viewer, field);
      if (first === undefined) return viewer.isAnonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      return first.length === 0 && others.length === 0 ? 'allowed' : 'conditional';
    },
    signature: (viewer) =>
      JSON.stringify([
        viewer.isAnonymous,
        mentioned.permissions.filter((name) => viewer.permissions.has(name)),
        mentioned.scopes.filter((name) => viewer.scopes.has(name)),
        mentioned.roles.filter((name) => viewer.roles.includes(name)),
        mentioned.tenants.filter((id) => viewer.tenantId === id),
        mentioned.scoped.filter((name) => resourcesWith(viewer, name).length > 0),
      ]),
  };
}

/** The error that stands at a denied field's path; names what the field takes, as the public schema does. */
export function denialError(
  denial: Denial,
  { typeName, fieldName }: FieldCoordinate,
  { requirements }: Policy,
): GraphQLError {
  const coordinate = `${typeName}.${fieldName}`;
  const requirement = requirements.get(typeName)?.get(fieldName) ?? [];
  // Whoever is forbidden has signed in.
  const taken = inWords(requirement.filter(({ kind }) => kind !== 'authenticated'));
  const message =
    denial === 'UNAUTHENTICATED'
      ? `Sign in to read ${coordinate}.`
      : `${coordinate} takes ${taken}, which ${lackOf(requirement)}.`;
  return new GraphQLError(message, { extensions: { code: denial } });
}

function lackOf(requirement: Requirement): string {
  const isOfRoles = rulesIn(requirement).every(
    (rule) => rule.kind === 'permission' || rule.kind === 'role' || scopedPermissionOf(rule) !== undefined,
  );
  return isOfRoles ? "your roles don't include" : "doesn't hold for you";
}

function mentionedIn(requirements: Requirements) {
  const permissions = new Set<string>();
  const scopes = new Set<string>();
  const roles = new Set<string>();
  const tenants = new Set<string>();
  const scoped = new Set<string>();
  for (const requirement of [...requirements.values()].flatMap((fields) => [...fields.values()])) {
    for (const condition of requirement) {
      if (condition.kind === 'scopes') for (const scope of condition.anyOf.flat()) scopes.add(scope);
    }
    for (const rule of rulesIn(requirement)) {
      if (rule.kind === 'permission') permissions.add(rule.text);
      if (rule.kind === 'role') roles.add(rule.role);
      if (rule.kind === 'tenant') tenants.add(rule.tenantId);
      const permission = scopedPermissionOf(rule);
      if (permission !== undefined) scoped.add(permission);
    }
  }
  return {
    permissions: [...permissions].sort(),
    scopes: [...scopes].sort(),
    roles: [...roles].sort(),
    tenants: [...tenants].sort(),
    scoped: [...scoped].sort(),
  };
}
