import { newId } from '@supergraph/chassis/identifiers';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { roleIdsOf } from '../memberships/joining.ts';
import { hashClientSecret } from './secrets.ts';

export interface ServiceClientPlan {
  /** Default: a new id. */
  id?: string;
  tenantId: string;
  name: string;
  roleNames: readonly string[];
  secret: string;
}

/**
 * Makes a tenant's service client, or gives the one of this name these roles and this secret. Returns its id.
 * @throws a duplicate key error when another copy makes one of this name at the same moment
 */
export function registerServiceClient(service: Arthemiz, plan: ServiceClientPlan): Promise<string> {
  const { id = newId('cli'), tenantId, name, roleNames, secret } = plan;
  return acrossTenants('a service client is registered for a tenant', () =>
    inTenant(tenantId, async () => {
      const roleIds = await roleIdsOf(service, roleNames);
      const { ServiceClient } = service.models;
      const secretHash = hashClientSecret(secret);
      // The demo's file may be newer than its client, and its client id is what the file says.
      if (plan.id !== undefined) await ServiceClient.deleteOne({ name, _id: { $ne: plan.id } });
      const known = await ServiceClient.findOneAndUpdate({ name }, { $set: { roleIds, secretHash } }).lean();
      if (known !== null) return known._id;
      await ServiceClient.create([{ _id: id, name, roleIds, secretHash, createdAt: new Date() }]);
      return id;
    }),
  );
}
