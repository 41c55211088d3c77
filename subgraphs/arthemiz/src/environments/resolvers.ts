// A tenant's environments as the schema shows them.
import { payloadOf } from '../lifecycle/payload.ts';
import type { Resolvers } from '../schema.generated.ts';
import { invalidInput } from '../tenants/rules.ts';
import { createEnvironment } from './creating.ts';
import { maximumEnvironments, newEnvironmentInput } from './rules.ts';

export const environmentResolvers: Resolvers = {
  Mutation: {
    async createEnvironment(_, { input }, { viewer, service }) {
      const parsed = newEnvironmentInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      const idempotencyKey = `${viewer.subject}:${viewer.tenantId}:${parsed.data.idempotencyKey}`;
      const plan = { ...parsed.data, idempotencyKey, createdBy: viewer.subject };
      return payloadOf(await createEnvironment(service, plan));
    },
  },
  Tenant: {
    environmentKind: ({ environmentKind }) => environmentKind ?? 'PRODUCTION',
    environments: ({ _id: parentId }, _, { models }) =>
      models.Tenant.find({ parentId }).sort({ _id: 1 }).limit(maximumEnvironments).lean(),
  },
};
