// What a connection is made of, and what roles its groups give. Pure.
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** A tenant's connections are read at once, so that they are bounded. */
export const maximumConnections = 10;

const id = z.string().min(1, 'must not be empty').max(100, 'is longer than 100 characters');
const name = z.string().trim().min(1, 'must not be empty').max(100, 'is longer than 100 characters');
const text = z.string().trim().min(1, 'must not be empty').max(500, 'is longer than 500 characters');

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** An address of a tenant's provider. Plain http is for providers on this machine, where an operator allows them. */
export const providerUrl = z
  .string()
  .max(500, 'is longer than 500 characters')
  .refine(
    (value) => {
      const url = URL.parse(value);
      if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return false;
      return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname));
    },
    { error: 'is no https:// URL' },
  );

const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, { error: 'is no scope of OAuth' });

const oidc = z.object({
  issuer: providerUrl.refine((value) => !value.includes('?'), { error: 'must not have a query' }),
  clientId: text,
  clientSecret: z.string().min(1, 'must not be empty').max(1_000, 'is longer than 1,000 characters'),
  scopes: z
    .array(scope)
    .max(20, 'has more than 20 entries')
    .nullish()
    .transform((given) => [...new Set(['openid', ...(given ?? ['email', 'profile'])])]),
});

/** In PEM, or its base64 alone, as metadata has it; made PEM. */
const certificate = z
  .string()
  .max(20_000, 'is longer than 20,000 characters')
  .transform((given, context) => {
    const base64 = given.replace(/-----[A-Z ]+-----|\s/g, '');
    try {
      return new X509Certificate(Buffer.from(base64, 'base64')).toString();
    } catch {
      context.addIssue({ code: 'custom', message: 'is no X.509 certificate' });
      return z.NEVER;
    }
  });

const saml = z.object({
  entityId: text,
  signOnUrl: providerUrl,
  certificates: z.array(certificate).min(1, 'must not be empty').max(5, 'has more than 5 entries'),
});

const behaviour = z.object({
  name,
  domainIds: z.array(id).max(50, 'has more than 50 entries'),
  provisionsPeople: z.boolean(),
  defaultRoleIds: z.array(id).max(50, 'has more than 50 entries'),
  groupsClaim: text,
  groupRoles: z.array(z.object({ group: text, roleId: id })).max(200, 'has more than 200 entries'),
});

const presets = {
  provisionsPeople: false,
  defaultRoleIds: [],
  groupsClaim: 'groups',
  groupRoles: [],
};

/** A field that may be left out, or sent as null, which says the same. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

const optionalBehaviour = z.object({
  domainIds: optional(behaviour.shape.domainIds),
  provisionsPeople: optional(behaviour.shape.provisionsPeople),
  defaultRoleIds: optional(behaviour.shape.defaultRoleIds),
  groupsClaim: optional(behaviour.shape.groupsClaim),
  groupRoles: optional(behaviour.shape.groupRoles),
});

function withPresets(given: z.output<typeof optionalBehaviour>) {
  return {
    domainIds: given.domainIds ?? [],
    provisionsPeople: given.provisionsPeople ?? presets.provisionsPeople,
    defaultRoleIds: given.defaultRoleIds ?? presets.defaultRoleIds,
    groupsClaim: given.groupsClaim ?? presets.groupsClaim,
    groupRoles: given.groupRoles ?? presets.groupRoles,
  };
}

export const newOidcConnectionInput = optionalBehaviour
  .extend({ name, oidc })
  .transform(({ name: called, oidc: settings, ...given }) => ({
    name: called,
    oidc: settings,
    ...withPresets(given),
  }));

export const newSamlConnectionInput = optionalBehaviour
  .extend({ name, saml })
  .transform(({ name: called, saml: settings, ...given }) => ({
    name: called,
    saml: settings,
    ...withPresets(given),
  }));

export const updatedConnectionInput = optionalBehaviour.extend({
  id,
  name: optional(name),
  isEnabled: optional(z.boolean()),
  isRequired: optional(z.boolean()),
  oidc: optional(oidc),
  saml: optional(saml),
});

export const namedConnectionInput = z.object({ id });

export type OidcSettings = z.output<typeof oidc>;
export type NewOidcConnection = z.output<typeof newOidcConnectionInput>;
export type NewSamlConnection = z.output<typeof newSamlConnectionInput>;
export type UpdatedConnection = z.output<typeof updatedConnectionInput>;

/** Whom a provider vouches for. What is too long or too much is not taken: nothing of it is trusted in length. */
export const identity = z.object({
  subject: z.string().min(1).max(500),
  email: z.string().max(254).nullable(),
  name: z.string().max(200).nullable(),
  groups: z.array(z.string().max(500)).max(1_000),
  /** Whether the provider says that they proved themselves in two ways. */
  hasSecondFactor: z.boolean(),
});

export type Identity = z.infer<typeof identity>;

/** The roles that somebody's groups give, each once. */
export function mappedRoles(
  groupRoles: readonly { group: string; roleId: string }[],
  groups: readonly string[],
): string[] {
  const member = new Set(groups);
  return [...new Set(groupRoles.filter(({ group }) => member.has(group)).map(({ roleId }) => roleId))];
}

type Openness = { isEnabled: boolean; isRequired: boolean };

/** Whose sessions a change of a connection ends: of those who came in by it, or of those who have to and did not. */
export function whoseSessionsEnd({
  before,
  after,
  isForOtherDomains,
}: {
  before: Openness;
  after: Openness;
  /** Whether the domains that lead to it are named anew. */
  isForOtherDomains: boolean;
}): 'who-came-by-it' | 'who-came-otherwise' | null {
  if (!after.isEnabled) return before.isEnabled ? 'who-came-by-it' : null;
  if (!after.isRequired) return null;
  const wasTheOnlyWay = before.isEnabled && before.isRequired;
  return wasTheOnlyWay && !isForOtherDomains ? null : 'who-came-otherwise';
}

/** Why somebody can't end the link to a provider: nothing else would let them in. */
export function whyLinkStays({
  connectionId,
  requiredConnectionId,
  hasOtherWay,
}: {
  connectionId: string;
  /** By which alone the person's address signs in; null where there is none. */
  requiredConnectionId: string | null;
  /** A password, a passkey, or another provider. */
  hasOtherWay: boolean;
}): 'required' | 'only-way' | null {
  if (requiredConnectionId === connectionId) return 'required';
  return hasOtherWay ? null : 'only-way';
}

/**
 * What somebody holds whose groups give these roles now: what they hold by other ways stays, what earlier groups alone
 * gave goes.
 */
export function rolesAfter({
  held,
  given,
  mapped,
}: {
  held: readonly string[];
  given: readonly string[];
  mapped: readonly string[];
}): { roleIds: string[]; givenRoleIds: string[] } {
  const own = held.filter((roleId) => !given.includes(roleId));
  const givenRoleIds = mapped.filter((roleId) => !own.includes(roleId));
  return { roleIds: [...own, ...givenRoleIds], givenRoleIds };
}
