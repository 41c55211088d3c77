// What goes with a tenant here beside the documents of its models: the people who belong to no other, with all that is
// theirs, and what lets people in.
import type { Eraser } from '@supergraph/chassis/erasure';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { models as schemas } from '../models.ts';

/** People in one batch: each has documents in many collections. */
const mostPeople = 100;

export const eraseTenant: Eraser<Arthemiz> = async ({ service, tenantId, limit }) => {
  const { Membership, OidcArtifact } = service.models;
  const grants = await OidcArtifact.find({ actingTenantId: tenantId }, { _id: 1 }).limit(limit).lean();
  if (grants.length > 0) {
    const { deletedCount } = await OidcArtifact.deleteMany({ _id: { $in: grants.map(({ _id }) => _id) } });
    return deletedCount;
  }
  const leaving = await Membership.find().limit(mostPeople).lean();
  for (const { personId } of leaving) {
    const elsewhere = await acrossTenants('a person stays while they belong to another tenant', () =>
      Membership.exists({ personId, tenantId: { $ne: tenantId } }),
    );
    if (elsewhere === null) await erasePerson(service, personId);
  }
  if (leaving.length === 0) return 0;
  const { deletedCount } = await Membership.deleteMany({ _id: { $in: leaving.map(({ _id }) => _id) } });
  return deletedCount;
};

/** Ids tell what they are of, so what has a person's id, or names it, is theirs: also in models of a later day. */
async function erasePerson({ connection }: Arthemiz, personId: string): Promise<void> {
  for (const [name, { schema, ...owned }] of Object.entries(schemas)) {
    if ('tenantPath' in owned) continue;
    const named = ['personId', 'accountId'].filter((path) => schema.path(path) !== undefined);
    await connection.model(name).deleteMany({ $or: ['_id', ...named].map((path) => ({ [path]: personId })) });
  }
}
