// Registered clients as the schema shows them, to those who look after the tenant's applications.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { removeClient } from './registering.ts';

export const registeredClientResolvers: Resolvers = {
  Query: {
    registeredClients: (_, page, { models }) =>
      findPage(models.RegisteredClient, {
        page: parsePage(page),
        sort: { field: 'createdAt', direction: 'descending' },
      }),
  },
  Mutation: {
    async removeRegisteredClient(_, { input: { id } }, { service, models, viewer: { subject: changedBy } }) {
      const client = await models.RegisteredClient.findOne({ _id: id }).lean();
      const isRemoved = client !== null && (await removeClient(service, { client, changedBy }));
      return isRemoved
        ? { removedRegisteredClientId: id, errors: [] }
        : { removedRegisteredClientId: null, errors: [notFound] };
    },
  },
  RegisteredClient: {
    id: ({ _id }) => _id,
    applicationType: ({ applicationType }) => applicationTypes[applicationType],
    scopes: ({ scope }) => scope.split(' '),
    createdByName: ({ createdBy }, _, { loaders }) => loaders.registrarName.load(createdBy),
    peopleCount: async ({ _id }, _, { loaders }) => (await loaders.clientUse.load(_id))?.peopleCount ?? 0,
    lastUsedAt: async ({ _id }, _, { loaders }) => (await loaders.clientUse.load(_id))?.lastUsedAt ?? null,
  },
};

const applicationTypes = { web: 'WEB', native: 'NATIVE' } as const;

const notFound = {
  __typename: 'RegisteredClientNotFound',
  message: 'Your tenant has no registered application of this id. It may be gone already.',
} as const;
