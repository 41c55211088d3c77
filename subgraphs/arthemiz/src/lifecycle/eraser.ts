// What goes with a tenant here beside the documents of its models: the people who belong to no other, with all that is
// theirs, and what is the platform's and names it. Ids tell what they are of, so models of a later day are found, too.
import type { Eraser } from '@supergraph/chassis/erasure';
import type { PlatformWide } from '@supergraph/chassis/models';
import { erasePerson } from '@supergraph/chassis/personal-data/erasing';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { afterCommit } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { models as schemas } from '../models.ts';
import { listInRegions } from '../residency/searching.ts';

/** People in one batch: each has documents in many collections. */
const mostPeople = 100;

/** Fields by which documents of the platform name a tenant. */
const tenantPaths = ['tenantId', 'ownerId', 'actingTenantId'];

export const eraseTenant: Eraser<Arthemiz> = async ({ service, tenantId, limit }) => {
  const named = await eraseNaming(service, { tenantId, limit });
  if (named > 0) return named;
  const { Membership } = service.models;
  const leaving = await Membership.find().limit(mostPeople).lean();
  if (leaving.length === 0) return 0;
  for (const { personId } of leaving) {
    const others = await listInRegions(service, {
      reason: 'a person stays while they belong to another tenant',
      list: () =>
        Membership.find({ personId, tenantId: { $ne: tenantId } }, { _id: 1 })
          .limit(1)
          .lean(),
    });
    if (others.length === 0) await erasePersonHere(service, personId);
  }
  const theirs = { _id: { $in: leaving.map(({ _id }) => _id) } };
  if (isAtHome(service.connection)) await Membership.deleteMany(theirs);
  // Elsewhere after it: while a membership is there, its person is looked at again.
  else await afterCommit(`memberships of ${tenantId}`, async () => Membership.deleteMany(theirs));
  return leaving.length;
};

/** Whose a domain is, grants that act in the tenant and the like. */
async function eraseNaming(
  { connection }: Arthemiz,
  { tenantId, limit }: { tenantId: string; limit: number },
): Promise<number> {
  for (const [name, schema] of platformWideSchemas()) {
    const model = connection.model<{ _id: unknown }>(name);
    for (const path of tenantPaths.filter((each) => schema.path(each) !== undefined)) {
      const found = await model
        .find({ [path]: tenantId }, { _id: 1 })
        .limit(limit)
        .lean();
      if (found.length === 0) continue;
      return (await model.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } })).deletedCount;
    }
  }
  return 0;
}

/** What is in models of the tenant goes with it. */
function erasePersonHere({ connection, regions }: Arthemiz, personId: string): Promise<void> {
  const models = Object.fromEntries(Object.entries(schemas).filter(([, owned]) => !('tenantPath' in owned)));
  return erasePerson({ connection, regions, models, personId, writes: 'joined' });
}

function platformWideSchemas(): Array<[string, PlatformWide['schema']]> {
  return Object.entries(schemas).flatMap(([name, owned]) =>
    'tenantPath' in owned ? [] : [[name, owned.schema] satisfies [string, PlatformWide['schema']]],
  );
}
