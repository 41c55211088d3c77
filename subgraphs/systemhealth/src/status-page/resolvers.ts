// The public status page and its settings as the schema shows them.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Resolvers } from '../schema.generated.ts';
import { lookUp } from './looking.ts';
import { pageIdOf } from './model.ts';
import { statusPageChanged } from './status-page-changed.ts';
import { updateStatusPage } from './update-status-page.ts';

export const statusPageResolvers: Resolvers = {
  Query: {
    statusPage: (_, { slug }, { service }) => lookUp(service, slug),
    statusPageSettings: (_, __, { models }) =>
      models.StatusPage.findOne({ _id: pageIdOf(currentTenant()) }).lean(),
  },
  Mutation: { updateStatusPage },
  Subscription: { statusPageChanged },
};
