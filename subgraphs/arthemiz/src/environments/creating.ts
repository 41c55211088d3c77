// Making an environment of the tenant in scope: a tenant of its own, with the same owners and nothing else of it.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { lifecycleOf } from '../lifecycle/openness.ts';
import { isOpen } from '../lifecycle/rules.ts';
import { createTenant, type TenantOutcome } from '../tenants/provisioning.ts';
import { isEnvironment, slugTooLong, tooManyEnvironments } from './refusals.ts';
import { type EnvironmentKind, maximumEnvironments, slugOf } from './rules.ts';

export interface EnvironmentPlan {
  name: string;
  kind: EnvironmentKind;
  /** Who asks together with their key. */
  idempotencyKey: string;
  createdBy: string;
}

export async function createEnvironment(service: Arthemiz, plan: EnvironmentPlan): Promise<TenantOutcome> {
  const { Tenant } = service.models;
  const { name, kind, idempotencyKey, createdBy } = plan;
  const parent = await Tenant.findOne({ _id: currentTenant() }).orFail().lean();
  if (parent.parentId) return { refusal: isEnvironment() };
  const slug = slugOf({ parent: parent.slug, name });
  if (slug === null) return { refusal: slugTooLong() };
  const parentId = parent._id;
  return createTenant(service, {
    ...{ slug, idempotencyKey, createdBy, environment: { parentId, kind } },
    name: `${parent.name} (${name})`,
    region: parent.region ?? undefined,
    async hindrance(tenantId) {
      // Takes the parent's turn: of those who make the last one at once one does, and none is made while it closes.
      const counted = await Tenant.findOneAndUpdate(
        { _id: parentId },
        { $inc: { environmentsMade: 1 } },
      ).lean();
      if (counted === null || !isOpen(lifecycleOf(counted))) return { refusal: isEnvironment() };
      const others = await Tenant.countDocuments({ parentId, _id: { $ne: tenantId } });
      if (others >= maximumEnvironments) return { refusal: tooManyEnvironments() };
      return null;
    },
  });
}
