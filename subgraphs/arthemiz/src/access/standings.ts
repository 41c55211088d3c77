// What subjects may do now, kept in Redis by the number of their tenant's changes of grants. That number is read from
// MongoDB for each answer, so that a change is followed by no answer from before it, whatever becomes of Redis.
import type { Arthemiz } from '../context.ts';
import { type Subject, type SubjectStanding, standingsOf } from '../grants/changes.ts';
import { lifecycleOf, opennessFields } from '../lifecycle/openness.ts';
import { isOpen } from '../lifecycle/rules.ts';
import { partsOf } from '../parts.ts';
import { nameOf, type StandingPlace } from './standingCache.ts';

export interface ResolvedStanding extends Omit<SubjectStanding, 'isLasting'> {
  /** The changes of the tenant's grants that it knows of, counted. */
  version: number;
  /** Every change from before is in it. */
  asOf: Date;
}

/** In the order of the subjects; without roles for whoever does not belong to the tenant, and where it is closed. */
export async function resolveStandings(
  service: Arthemiz,
  subjects: readonly Subject[],
): Promise<ResolvedStanding[]> {
  const { standingCache } = partsOf(service);
  const asOf = new Date();
  const tenants = await tenantsOf(service, subjects);
  const places = subjects.map((subject) => ({ ...subject, version: tenants.get(subject.tenantId)?.version }));
  const kept = await standingCache.read(places.filter(isKnown));
  const missing = places.filter((place) => !isKnown(place) || !kept.has(nameOf(place)));
  const read = new Map<string, SubjectStanding>();
  // Read after its number, so that what is kept under it is never older.
  for (const standing of missing.length === 0 ? [] : await standingsOf(service, missing))
    read.set(nameOf(standing), standing);
  standingCache.keep(
    missing.filter(isKnown).flatMap((place) => withStanding(place, read.get(nameOf(place)))),
  );
  return places.map((place) => {
    const standing = kept.get(nameOf(place)) ?? read.get(nameOf(place)) ?? nothing;
    const { roles, permissions } = tenants.get(place.tenantId)?.isOpen ? standing : nothing;
    const { tenantId, subject, version = 0 } = place;
    return { tenantId, subject, roles, permissions, version, asOf };
  });
}

const nothing = { roles: [], permissions: [] };

interface TenantState {
  version: number;
  /** Whether anybody may act in it: read each time, so that closing a tenant has nothing to count. */
  isOpen: boolean;
}

/** There is none for a tenant that does not exist. */
async function tenantsOf(
  { models }: Arthemiz,
  subjects: readonly Subject[],
): Promise<ReadonlyMap<string, TenantState>> {
  const ids = [...new Set(subjects.map(({ tenantId }) => tenantId))];
  const fields = { grantChanges: 1, ...opennessFields };
  const tenants = await models.Tenant.find({ _id: { $in: ids } }, fields).lean();
  return new Map(
    tenants.map((tenant) => [
      tenant._id,
      { version: tenant.grantChanges ?? 0, isOpen: isOpen(lifecycleOf(tenant)) },
    ]),
  );
}

function isKnown<Place extends { version: number | undefined }>(
  place: Place,
): place is Place & { version: number } {
  return place.version !== undefined;
}

// What ends by the clock is counted by no change, so that it is read each time.
function withStanding(place: StandingPlace, standing: SubjectStanding | undefined) {
  return standing?.isLasting ? [{ place, standing }] : [];
}
