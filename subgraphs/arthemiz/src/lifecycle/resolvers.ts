// What operators of the platform decide over tenants.
import type { Resolvers } from '../schema.generated.ts';
import { invalidInput } from '../tenants/rules.ts';
import { cancelDeletion, scheduleDeletion } from './deleting.ts';
import type { ErasureRow } from './erasure-model.ts';
import { lifecycleOf } from './openness.ts';
import { payloadOf } from './payload.ts';
import { type Deletion, deletionInput, suspensionInput, tenantInput } from './rules.ts';
import { resumeTenant, suspendTenant } from './suspending.ts';

/** A deletion, and whose it is. */
export type DeletionParent = Deletion & { tenantId: string };
export type ErasurePartRow = ErasureRow['parts'][number];

export const lifecycleResolvers: Resolvers = {
  Mutation: {
    async suspendTenant(_, { input }, { viewer, service }) {
      const parsed = suspensionInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      const { tenantId, reason } = parsed.data;
      const suspension = { reason, since: new Date(), by: viewer.subject };
      return payloadOf(await suspendTenant(service, { tenantId, suspension }));
    },
    async resumeTenant(_, { input }, { viewer, service }) {
      const parsed = tenantInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      return payloadOf(await resumeTenant(service, { ...parsed.data, resumedBy: viewer.subject }));
    },
    async deleteTenant(_, { input }, { viewer, service }) {
      const parsed = deletionInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      const plan = { ...parsed.data, by: viewer.subject, now: new Date() };
      return payloadOf(await scheduleDeletion(service, plan));
    },
    async cancelTenantDeletion(_, { input }, { viewer, service }) {
      const parsed = tenantInput.safeParse(input);
      if (!parsed.success) return { tenant: null, errors: invalidInput(parsed.error) };
      return payloadOf(await cancelDeletion(service, { ...parsed.data, cancelledBy: viewer.subject }));
    },
  },
  Tenant: {
    deletion: (tenant) => {
      const { deletion } = lifecycleOf(tenant);
      return deletion && { ...deletion, tenantId: tenant._id };
    },
  },
  TenantDeletion: {
    async parts({ tenantId, begunAt }, _, { models }) {
      if (begunAt === null) return [];
      return (await models.TenantErasure.findOne({ _id: tenantId }).lean())?.parts ?? [];
    },
  },
};
