// What one operation reads by id, in one query each.
import { batchLoader, entityLoader } from '@supergraph/chassis/loader';
import { acrossTenants, currentScope } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from './context.ts';
import type { PersonRow } from './people/model.ts';
import type { ProvisioningRow } from './provisioning/model.ts';
import { type ClientUse, programNamesOf, usesOf } from './registered-clients/use.ts';
import type { RoleGraph } from './roles/inheritance.ts';
import type { RoleRow } from './roles/model.ts';
import { allRoles } from './roles/reading.ts';

export function createLoaders({ models }: Arthemiz) {
  const role = entityLoader(models.Role);
  const group = entityLoader(models.Group);
  const membership = entityLoader(models.Membership, { key: 'personId' });
  /** People are platform-wide, so only those who are members of the viewer's tenant are there for the viewer. */
  const member = batchLoader<PersonRow>(async (ids) => {
    // A viewer without a tenant shares it with nobody.
    if (currentScope() === undefined) return new Map();
    const memberships = await models.Membership.find({ personId: { $in: ids } }).lean();
    const personIds = memberships.map(({ personId }) => personId);
    const people = await models.Person.find({ _id: { $in: personIds } }).lean();
    return new Map(people.map((person) => [person._id, person]));
  });
  let graph: Promise<RoleGraph<RoleRow>> | undefined;
  return {
    tenant: entityLoader(models.Tenant),
    tenantMove: entityLoader(models.TenantMove),
    /** By tenant. Whoever sees a tenant may see how far it is provisioned: also operators, from outside of it. */
    provisioning: batchLoader<ProvisioningRow>(async (tenantIds) => {
      const rows = await acrossTenants('operators look at provisionings', () =>
        models.Provisioning.find({ tenantId: { $in: tenantIds } }).lean(),
      );
      return new Map(rows.map((row) => [row.tenantId, row]));
    }),
    role,
    group,
    /** All roles of the viewer's tenant, by name. */
    roleGraph() {
      graph ??= allRoles({ models });
      return graph;
    },
    /** By person, in the viewer's tenant. */
    membership,
    /** After a change of roles or groups, what this operation read before is read anew. */
    forgetRoles() {
      graph = undefined;
      role.clearAll();
      group.clearAll();
      membership.clearAll();
    },
    member,
    /** Of a registered client, by its id. */
    clientUse: batchLoader<ClientUse>((ids) => usesOf({ models }, ids)),
    /** What a person, service client or API key of the viewer's tenant is called. */
    registrarName: batchLoader<string>(async (ids) => {
      const names = await programNamesOf({ models }, ids);
      for (const person of await member.loadMany(ids))
        if (person !== null && !(person instanceof Error)) names.set(person._id, person.displayName);
      return names;
    }),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
