// Regions as the schema shows them, and moves between them.
import type { Resolvers } from '../schema.generated.ts';
import { invalidInput } from '../tenants/rules.ts';
import { moveTenant } from './moving.ts';
import { moveInput, regionOf, regionsOf } from './rules.ts';

export const residencyResolvers: Resolvers = {
  Query: { regions: (_, __, { service }) => regionsOf(service.config) },
  Mutation: {
    async moveTenant(_, { input }, { service }) {
      const parsed = moveInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      const outcome = await moveTenant(service, parsed.data);
      return 'tenant' in outcome
        ? { tenant: outcome.tenant, errors: [] }
        : { tenant: null, errors: [outcome.refusal] };
    },
  },
  Tenant: {
    region: (tenant, _, { service }) => regionOf(tenant, service.config),
    move: ({ _id }, _, { loaders }) => loaders.tenantMove.load(_id),
  },
};
