// What somebody may give to others: what they hold without an end. Otherwise a role for an hour would be one for good:
// its holder would only have to give it to themselves.
import type { Context } from '../context.ts';
import { keepChangesSeconds } from '../grants/model.ts';
import { groupsOf } from '../groups/reading.ts';
import { heldRoleIds } from '../groups/rules.ts';
import { effectivePermissions } from '../roles/inheritance.ts';
import { rolesWithInherited } from '../roles/reading.ts';

export async function lastingPermissions({
  viewer,
  service,
}: Pick<Context, 'viewer' | 'service'>): Promise<ReadonlySet<string>> {
  const { ApiKey, Membership } = service.models;
  // A key does what its creator may do at the moment, also for a while.
  const key = await ApiKey.findOne({ _id: viewer.subject }, { boundTo: 1 }).lean();
  const who = key === null ? { personId: viewer.subject } : { _id: key.boundTo };
  const member = await Membership.findOne(who).lean();
  // The passport may still speak of an elevation that is just over.
  const elevatedSince = Date.now() - keepChangesSeconds * 1_000;
  if (!member?.elevatedUntil || member.elevatedUntil.getTime() < elevatedSince) return viewer.permissions;
  const roleIds = heldRoleIds(member, await groupsOf(service, [member]));
  const lasting = effectivePermissions(await rolesWithInherited(service, roleIds), roleIds);
  return new Set(lasting.filter((permission) => viewer.permissions.has(permission)));
}
