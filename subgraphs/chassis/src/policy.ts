// Who may see which field. The directives in the SDL are the only list; both gates use it:
// the gateway decides per field before it plans, a subgraph guards its resolvers by a
// graphql-shield rule tree. No other file imports graphql-shield.
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
} from 'graphql';
import { applyMiddleware } from 'graphql-middleware';
import { allow, deny, rule, shield } from 'graphql-shield';
import { inWords, type Requirement, type Requirements, readRequirements } from './policy/requirements.ts';
import type { Viewer } from './viewer.ts';

export type { Condition, Requirement, Requirements } from './policy/requirements.ts';
export { inWords } from './policy/requirements.ts';

/** The policy that holds for everyone: `@policy(policies: [["public"]])`. */
export const publicPolicy = 'public';

/** What is said of one field to one viewer. */
export type Decision = 'allowed' | 'UNAUTHENTICATED' | 'FORBIDDEN';
export type Denial = Exclude<Decision, 'allowed'>;

export interface FieldCoordinate {
  /** An object type; a field asked on an interface is decided on each concrete type. */
  typeName: string;
  fieldName: string;
}

export interface Policy {
  readonly requirements: Requirements;
  /** A field that nobody marked, or that doesn't exist, is denied to everyone. */
  decide(viewer: Viewer, field: FieldCoordinate): Decision;
  /** Equal for viewers to whom this policy gives equal decisions: a key for caches of decisions. */
  signature(viewer: Viewer): string;
}

/**
 * Reads the policy out of a subgraph's SDL or a supergraph.
 * Throws where a directive's argument is not a list of lists of strings.
 */
export function createPolicy(sdl: string | DocumentNode): Policy {
  const requirements = readRequirements(typeof sdl === 'string' ? parse(sdl, { noLocation: true }) : sdl);
  const mentioned = mentionedNames(requirements);
  return {
    requirements,
    decide: (viewer, { typeName, fieldName }) =>
      decideRequirement(viewer, requirements.get(typeName)?.get(fieldName) ?? []),
    signature: (viewer) =>
      JSON.stringify([
        viewer.isAnonymous,
        mentioned.permissions.filter((name) => viewer.permissions.has(name)),
        mentioned.scopes.filter((name) => viewer.scopes.has(name)),
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
      : `${coordinate} takes ${taken}, which your roles don't include.`;
  return new GraphQLError(message, { extensions: { code: denial } });
}

/**
 * A copy of an executable subgraph schema whose resolvers answer only viewers that `policy` allows.
 * The viewer is read from the resolvers' context as `viewer`; `_entities` and `_service` are open to
 * every verified caller, because the fields behind `_entities` are guarded on their own types.
 */
export function guardSchema(schema: GraphQLSchema, policy: Policy): GraphQLSchema {
  const guarded = applyMiddleware(schema, policyMiddleware(schema, policy));
  guardSources(guarded, policy);
  return guarded;
}

/** The graphql-shield middleware of `policy` for `schema`, without the guard of subscription sources. */
function policyMiddleware(schema: GraphQLSchema, policy: Policy) {
  return shield(ruleTree(schema, policy), {
    fallbackRule: deny,
    // A resolver's own error reaches the chassis' masking as itself, not as "Not Authorised!".
    allowExternalErrors: true,
    debug: true,
    fallbackError: new GraphQLError('You may not read this field.', { extensions: { code: 'FORBIDDEN' } }),
  });
}

type Rule = typeof allow | ReturnType<ReturnType<typeof rule>>;
type RuleFields = Record<string, Rule>;

function ruleTree(schema: GraphQLSchema, policy: Policy): Record<string, RuleFields> {
  const tree: Record<string, RuleFields> = {};
  for (const [typeName, fields] of policy.requirements) {
    tree[typeName] = Object.fromEntries(
      [...fields.keys()].map((fieldName) => [fieldName, fieldRule(policy, { typeName, fieldName })]),
    );
  }
  const query = schema.getQueryType();
  if (query) {
    const protocol = ['_service', '_entities'].filter((name) => query.getFields()[name]);
    tree[query.name] = { ...tree[query.name], ...Object.fromEntries(protocol.map((name) => [name, allow])) };
  }
  if (schema.getType('_Service')) tree._Service = { sdl: allow };
  return tree;
}

function fieldRule(policy: Policy, field: FieldCoordinate): Rule {
  return rule(`${field.typeName}.${field.fieldName}`)((_parent, _arguments, context: { viewer: Viewer }) => {
    const decision = policy.decide(context.viewer, field);
    return decision === 'allowed' || denialError(decision, field, policy);
  });
}

// graphql-middleware wraps `resolve` or `subscribe`, never both: a field with both would open
// its source, and learn of events, before the first rule runs.
function guardSources(schema: GraphQLSchema, policy: Policy): void {
  const type = schema.getSubscriptionType();
  for (const field of Object.values(type?.getFields() ?? {})) {
    const subscribe = field.subscribe;
    if (!type || !subscribe) continue;
    const coordinate = { typeName: type.name, fieldName: field.name };
    const guarded: GraphQLFieldResolver<unknown, { viewer: Viewer }> = (parent, given, context, info) => {
      const decision = policy.decide(context.viewer, coordinate);
      if (decision !== 'allowed') throw denialError(decision, coordinate, policy);
      return subscribe(parent, given, context, info);
    };
    field.subscribe = guarded;
  }
}

function decideRequirement(viewer: Viewer, requirement: Requirement): Decision {
  const isAllowed =
    requirement.length > 0 &&
    requirement.every((condition) => {
      if (condition.kind === 'authenticated') return !viewer.isAnonymous;
      if (condition.kind === 'scopes') return holdsAny(condition.anyOf, (name) => viewer.scopes.has(name));
      return holdsAny(condition.anyOf, (name) => name === publicPolicy || viewer.permissions.has(name));
    });
  if (isAllowed) return 'allowed';
  return viewer.isAnonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN';
}

function holdsAny(anyOf: readonly (readonly string[])[], holds: (name: string) => boolean): boolean {
  return anyOf.some((allOf) => allOf.every(holds));
}

function mentionedNames(requirements: Requirements): { permissions: string[]; scopes: string[] } {
  const permissions = new Set<string>();
  const scopes = new Set<string>();
  for (const requirement of [...requirements.values()].flatMap((fields) => [...fields.values()])) {
    for (const condition of requirement) {
      if (condition.kind === 'authenticated') continue;
      const names = condition.kind === 'scopes' ? scopes : permissions;
      for (const name of condition.anyOf.flat()) names.add(name);
    }
  }
  return { permissions: [...permissions].sort(), scopes: [...scopes].sort() };
}
