import type { Resolvers } from '../schema.generated.ts';
import { invalidInput } from '../tenants/rules.ts';
import { changeBranding } from './changing.ts';
import { brandingOf } from './reading.ts';
import { brandingInput } from './rules.ts';

export const brandingResolvers = {
  Mutation: {
    async updateTenantBranding(_, { input }, { viewer, loaders, service }) {
      const parsed = brandingInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      await changeBranding(service, { change: parsed.data, changedBy: viewer.subject });
      const tenant = viewer.tenantId === null ? null : await loaders.tenant.load(viewer.tenantId);
      return { tenant, errors: [] };
    },
  },
  Tenant: {
    // Models see the viewer's tenant alone; its look must not appear under another one's name.
    branding: (tenant, _, { viewer, models }) =>
      tenant._id === viewer.tenantId ? brandingOf({ models }) : null,
  },
} satisfies Resolvers;
