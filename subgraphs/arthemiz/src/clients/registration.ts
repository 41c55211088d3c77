import { newId } from '@supergraph/chassis/identifiers';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { roleIdsOf } from '../memberships/joining.ts';
import { publicKeys } from './public-keys.ts';
import { hashClientSecret } from './secrets.ts';

export interface ServiceClientPlan {
  /** Default: a new id. */
  id?: string;
  tenantId: string;
  name: string;
  roleNames: readonly string[];
}

/** By what a client proves itself: a secret, or public keys for what it signs. */
export type ClientCredential = { secret: string } | { publicKeys: readonly unknown[] };

/**
 * Makes a tenant's service client, or gives the one of this name these roles and this credential in the place of
 * the one it had. Returns its id.
 * @throws ZodError for keys that are not public keys of a kind that we verify
 * @throws a duplicate key error when another copy makes one of this name at the same moment
 */
export function registerServiceClient(
  service: Arthemiz,
  plan: ServiceClientPlan & ClientCredential,
): Promise<string> {
  const { id = newId('cli'), tenantId, name, roleNames } = plan;
  const credential = credentialOf(plan);
  return acrossTenants('a service client is registered for a tenant', () =>
    inTenant(tenantId, async () => {
      const roleIds = await roleIdsOf(service, roleNames);
      const { ServiceClient } = service.models;
      // The demo's file may be newer than its client, and its client id is what the file says.
      if (plan.id !== undefined) await ServiceClient.deleteOne({ name, _id: { $ne: plan.id } });
      const known = await ServiceClient.findOneAndUpdate(
        { name },
        { $set: { roleIds, ...credential } },
      ).lean();
      if (known !== null) return known._id;
      await ServiceClient.create([{ _id: id, name, roleIds, ...credential, createdAt: new Date() }]);
      return id;
    }),
  );
}

function credentialOf(given: ClientCredential) {
  return 'secret' in given
    ? { secretHash: hashClientSecret(given.secret), previousSecret: null, publicKeys: [] }
    : { secretHash: null, previousSecret: null, publicKeys: publicKeys.parse(given.publicKeys) };
}
