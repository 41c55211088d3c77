// What one operation reads by id, in one query each.
import { batchLoader, entityLoader } from '@supergraph/chassis/loader';
import { acrossTenants, currentScope } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from './context.ts';
import type { PersonRow } from './people/model.ts';
import type { ProvisioningRow } from './provisioning/model.ts';

export function createLoaders({ models }: Arthemiz) {
  return {
    tenant: entityLoader(models.Tenant),
    role: entityLoader(models.Role),
    /** By tenant. Whoever sees a tenant may see how far it is provisioned: also operators, from outside of it. */
    provisioning: batchLoader<ProvisioningRow>(async (tenantIds) => {
      const rows = await acrossTenants('operators look at provisionings', () =>
        models.Provisioning.find({ tenantId: { $in: tenantIds } }).lean(),
      );
      return new Map(rows.map((row) => [row.tenantId, row]));
    }),
    /** By person, in the viewer's tenant. */
    membership: entityLoader(models.Membership, { key: 'personId' }),
    /** People are platform-wide, so only those who are members of the viewer's tenant are there for the viewer. */
    member: batchLoader<PersonRow>(async (ids) => {
      // A viewer without a tenant shares it with nobody.
      if (currentScope() === undefined) return new Map();
      const memberships = await models.Membership.find({ personId: { $in: ids } }).lean();
      const personIds = memberships.map(({ personId }) => personId);
      const people = await models.Person.find({ _id: { $in: personIds } }).lean();
      return new Map(people.map((person) => [person._id, person]));
    }),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
