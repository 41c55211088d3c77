// What gateways are told of changed grants: the recent changes, and what somebody may do now.
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { permissionsOf } from '../roles/rules.ts';
import type { GrantChangeRow } from './model.ts';

export interface GrantChange {
  tenantId: string;
  subject: string | null;
  rolesRemoved: readonly string[];
  permissionsRemoved: readonly string[];
}

/** Notes a change in the running transaction, so that it is known exactly when it holds. */
export async function noteGrantChange(
  { models }: Arthemiz,
  { tenantId, subject, rolesRemoved, permissionsRemoved }: GrantChange,
): Promise<void> {
  const removed = { rolesRemoved: [...rolesRemoved], permissionsRemoved: [...permissionsRemoved] };
  await models.GrantChange.create([{ tenantId, subject, ...removed, changedAt: new Date() }]);
}

/** More than that is no list to act on one by one: `isComplete` says so. */
const maximumChanges = 5_000;

/** The changes since an instant, newest first. */
export async function recentChanges(
  { models }: Arthemiz,
  since: Date,
): Promise<{ changes: GrantChangeRow[]; isComplete: boolean }> {
  const changes = await acrossTenants('gateways ask for changed grants', () =>
    models.GrantChange.find({ changedAt: { $gte: since } })
      .sort({ changedAt: -1 })
      .limit(maximumChanges)
      .lean(),
  );
  return { changes, isComplete: changes.length < maximumChanges };
}

export interface Subject {
  tenantId: string;
  subject: string;
}

export interface SubjectStanding extends Subject {
  roles: string[];
  permissions: string[];
}

/** What people and service clients may do in their tenants now; without roles for whoever does not belong there. */
export async function standingsOf(
  service: Arthemiz,
  subjects: readonly Subject[],
): Promise<SubjectStanding[]> {
  const byTenant = new Map<string, string[]>();
  for (const { tenantId, subject } of subjects)
    byTenant.set(tenantId, [...(byTenant.get(tenantId) ?? []), subject]);
  const standings: SubjectStanding[] = [];
  for (const [tenantId, inIt] of byTenant)
    standings.push(...(await inTenant(tenantId, () => standingsIn(service, { tenantId, subjects: inIt }))));
  return standings;
}

async function standingsIn(
  { models }: Arthemiz,
  { tenantId, subjects }: { tenantId: string; subjects: readonly string[] },
): Promise<SubjectStanding[]> {
  const memberships = await models.Membership.find({ personId: { $in: subjects } }).lean();
  const clients = await models.ServiceClient.find({ _id: { $in: subjects } }).lean();
  const roleIds = new Map([
    ...memberships.map(({ personId, roleIds: held }) => [personId, held] as const),
    ...clients.map(({ _id, roleIds: held }) => [_id, held] as const),
  ]);
  const roles = await models.Role.find({ _id: { $in: [...roleIds.values()].flat() } })
    .sort({ name: 1 })
    .lean();
  return subjects.map((subject) => {
    const held = roles.filter(({ _id }) => roleIds.get(subject)?.includes(_id));
    return { tenantId, subject, roles: held.map(({ name }) => name), permissions: permissionsOf(held) };
  });
}
