// Tenants as the schema shows them: a viewer's own, and all of them for platform operators.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Viewer } from '@supergraph/chassis/viewer';
import { statusOf } from '../lifecycle/openness.ts';
import { listPeople } from '../people/resolvers.ts';
import { listRoles } from '../roles/resolvers.ts';
import type { Permission } from '../roles/rules.ts';
import type { Resolvers } from '../schema.generated.ts';
import { proofsOf } from '../sessions/reading.ts';
import { changeCompliance, complianceOf } from './compliance.ts';
import { complianceInput } from './compliance-rules.ts';
import { createTenant, renameTenant } from './provisioning.ts';
import { invalidInput, newTenantInput, renamedTenantInput } from './rules.ts';

const operates: Permission = 'tenant:create';

export const tenantResolvers: Resolvers = {
  Query: {
    tenant: (_, __, { viewer, loaders }) =>
      viewer.tenantId === null ? null : loaders.tenant.load(viewer.tenantId),
    tenantById: (_, { id }, { loaders }) => loaders.tenant.load(id),
    tenants: (_, page, { models }) =>
      findPage(models.Tenant, {
        page: parsePage(page),
        sort: { field: 'createdAt', direction: 'ascending' },
      }),
  },
  Mutation: {
    async createTenant(_, { input }, { viewer, service }) {
      const parsed = newTenantInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      // Keys belong to whoever chose them, so that one operator's can't meet another's.
      const idempotencyKey = `${viewer.subject}:${parsed.data.idempotencyKey}`;
      const outcome = await createTenant(service, {
        ...parsed.data,
        idempotencyKey,
        createdBy: viewer.subject,
      });
      return 'tenant' in outcome
        ? { tenant: outcome.tenant, errors: [] }
        : { tenant: null, errors: [outcome.refusal] };
    },
    async renameTenant(_, { input }, { service }) {
      const parsed = renamedTenantInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      return { tenant: await renameTenant(service, parsed.data.name), errors: [] };
    },
    async updateTenantCompliance(_, { input }, { viewer, service, request }) {
      const parsed = complianceInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      const outcome = await changeCompliance(service, {
        change: parsed.data,
        changedBy: viewer.subject,
        ipAddress: request.ipAddress ?? null,
        amr: await proofsOf(service, viewer),
      });
      return 'refusal' in outcome
        ? { tenant: null, errors: [outcome.refusal] }
        : { tenant: outcome.tenant, errors: [] };
    },
  },
  Tenant: {
    __resolveReference: ({ id }, { viewer, loaders }) =>
      isVisible(id, viewer) ? loaders.tenant.load(id) : null,
    id: (tenant) => tenant._id,
    compliance: complianceOf,
    status: statusOf,
    // Models see the viewer's tenant alone; its people must not appear under another one's name.
    people: (tenant, page, context) =>
      tenant._id === context.viewer.tenantId ? listPeople(page, context) : null,
    roles: (tenant, _, context) => (tenant._id === context.viewer.tenantId ? listRoles(context) : null),
  },
};

function isVisible(tenantId: string, { tenantId: own, permissions }: Viewer): boolean {
  return tenantId === own || permissions.has(operates);
}
