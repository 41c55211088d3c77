import { changeBy } from '../roles/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import {
  type ConnectionOutcome,
  createOidcConnection,
  createSamlConnection,
  deleteConnection,
  updateConnection,
} from './configuring.ts';
import { acsPath, callbackPath, metadataPath } from './paths.ts';
import { invalidInput } from './refusals.ts';
import {
  maximumConnections,
  namedConnectionInput,
  newOidcConnectionInput,
  newSamlConnectionInput,
  updatedConnectionInput,
} from './rules.ts';

export const ssoResolvers: Resolvers = {
  Query: {
    ssoConnections: (_, __, { models }) =>
      models.SsoConnection.find().sort({ name: 1 }).limit(maximumConnections).lean(),
  },
  Mutation: {
    async createOidcConnection(_, { input }, context) {
      const parsed = newOidcConnectionInput.safeParse(input);
      if (!parsed.success) return { ssoConnection: null, errors: invalidInput(parsed.error) };
      return answer(await createOidcConnection(context.service, await changeBy(context, parsed.data)));
    },
    async createSamlConnection(_, { input }, context) {
      const parsed = newSamlConnectionInput.safeParse(input);
      if (!parsed.success) return { ssoConnection: null, errors: invalidInput(parsed.error) };
      return answer(await createSamlConnection(context.service, await changeBy(context, parsed.data)));
    },
    async updateSsoConnection(_, { input }, context) {
      const parsed = updatedConnectionInput.safeParse(input);
      if (!parsed.success) return { ssoConnection: null, errors: invalidInput(parsed.error) };
      return answer(await updateConnection(context.service, await changeBy(context, parsed.data)));
    },
    async deleteSsoConnection(_, { input }, context) {
      const parsed = namedConnectionInput.safeParse(input);
      if (!parsed.success) return { deletedSsoConnectionId: null, errors: invalidInput(parsed.error) };
      const outcome = await deleteConnection(context.service, await changeBy(context, parsed.data));
      return 'refusal' in outcome
        ? { deletedSsoConnectionId: null, errors: [outcome.refusal] }
        : { ...outcome, errors: [] };
    },
  },
  SsoConnection: {
    id: ({ _id }) => _id,
    domains: ({ _id }, _, { models }) =>
      models.Domain.find({ connectionId: _id }).sort({ name: 1 }).limit(50).lean(),
    async defaultRoles({ defaultRoleIds }, _, { loaders }) {
      const roles = await Promise.all(defaultRoleIds.map((id) => loaders.role.load(id)));
      return roles.filter((role) => role !== null).sort((a, b) => a.name.localeCompare(b.name));
    },
    oidc: ({ oidc }) => oidc ?? null,
    saml: ({ saml }) => saml ?? null,
    redirectUris({ _id, protocol }, _, { service }) {
      const path = protocol === 'OIDC' ? callbackPath(_id) : acsPath(_id);
      return service.config.PUBLIC_ORIGINS.map((origin) => `${origin}${path}`);
    },
    metadataUrls: ({ _id, protocol }, _, { service }) =>
      protocol === 'SAML'
        ? service.config.PUBLIC_ORIGINS.map((origin) => `${origin}${metadataPath(_id)}`)
        : [],
    lastUsedAt: ({ lastUsedAt }) => lastUsedAt ?? null,
  },
  GroupRole: {
    role: ({ roleId }, _, { loaders }) => loaders.role.load(roleId),
  },
};

function answer(outcome: ConnectionOutcome) {
  return 'refusal' in outcome
    ? { ssoConnection: null, errors: [outcome.refusal] }
    : { ssoConnection: outcome.connection, errors: [] };
}
