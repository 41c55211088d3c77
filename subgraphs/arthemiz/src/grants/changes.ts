// What gateways are told of changed grants: the recent changes, and what somebody may do now.
import { newId } from '@supergraph/chassis/identifiers';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { doAtHome } from '../home-tasks/doing.ts';
import { holdingsOf } from '../memberships/holdings.ts';
import { everywhere, type Held, holding } from '../roles/inheritance.ts';
import { rolesWithInherited } from '../roles/reading.ts';
import type { GrantChangeRow } from './model.ts';

export interface GrantChange {
  subject: string | null;
  rolesRemoved: readonly string[];
  permissionsRemoved: readonly string[];
}

/** Notes a change of the tenant in scope in the running transaction, so that it is known when it holds. */
export function noteGrantChange(
  service: Arthemiz,
  { subject, rolesRemoved, permissionsRemoved }: GrantChange,
): Promise<void> {
  const removed = { rolesRemoved: [...rolesRemoved], permissionsRemoved: [...permissionsRemoved] };
  return doAtHome(service, 'note-grant-change', { _id: newId('gch'), subject, ...removed });
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
  /** Whether it holds until the next change; what somebody holds for a while ends without one. */
  isLasting: boolean;
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
  service: Arthemiz,
  { tenantId, subjects }: { tenantId: string; subjects: readonly string[] },
): Promise<SubjectStanding[]> {
  const { models } = service;
  const memberships = await models.Membership.find({ personId: { $in: subjects } }).lean();
  const holdings = await holdingsOf(service, memberships);
  const clients = await models.ServiceClient.find({ _id: { $in: subjects } }).lean();
  const heldBy = new Map<string, readonly Held[]>([
    ...holdings,
    ...clients.map(({ _id, roleIds }) => [_id, everywhere(roleIds)] as const),
  ]);
  const roleIds = [...heldBy.values()].flat().map(({ roleId }) => roleId);
  const graph = await rolesWithInherited(service, [...new Set(roleIds)]);
  return subjects.map((subject) => ({
    tenantId,
    subject,
    ...holding(graph, heldBy.get(subject) ?? []),
    isLasting: !holdings.get(subject)?.some(({ elevation }) => elevation !== null),
  }));
}
