// Changing what roles allow and who holds them. Changes of one tenant are made one after the other, since each looks
// at all of its grants: without that, two owners could take the last administrator away together.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Arthemiz } from '../context.ts';
import type { MembershipRow } from '../memberships/model.ts';
import { tellPersonRolesChanged, tellRoleUpdated } from './events.ts';
import type { RoleRow } from './model.ts';
import {
  lastAdministrator,
  permissionNotHeld,
  personNotFound,
  type RoleRefusal,
  roleNotFound,
} from './refusals.ts';
import { added, hasAdministrator, type Permission, permissionsOf, personRolesChange } from './rules.ts';

type Changer = Pick<Viewer, 'subject' | 'permissions'>;
export type RoleOutcome = { role: RoleRow } | { refusal: RoleRefusal };
export type AssignmentOutcome = { membership: MembershipRow } | { refusal: RoleRefusal };

/** Lets a role of the tenant in scope allow exactly these permissions. What it allows already changes nothing. */
export function updateRole(
  service: Arthemiz,
  { id, permissions, changer }: { id: string; permissions: Permission[]; changer: Changer },
): Promise<RoleOutcome> {
  return service.transaction<RoleOutcome>(async (unit) => {
    const { roles, memberships } = await grantsOfTenant(service);
    const before = roles.find(({ _id }) => _id === id);
    if (before === undefined) return { refusal: roleNotFound() };
    const permissionsAdded = added(before.permissions, permissions);
    const permissionsRemoved = added(permissions, before.permissions);
    const missing = permissionsAdded.filter((permission) => !changer.permissions.has(permission));
    if (missing.length > 0) return { refusal: permissionNotHeld(missing) };
    const role = { ...before, permissions };
    const after = roles.map((each) => (each._id === id ? role : each));
    if (losesAdministrator({ roles, memberships }, { roles: after, memberships }))
      return { refusal: lastAdministrator() };
    if (permissionsAdded.length + permissionsRemoved.length === 0) return { role: before };
    await service.models.Role.updateOne({ _id: id }, { $set: { permissions } });
    const changedBy = changer.subject;
    await tellRoleUpdated(service, unit, { role, permissionsAdded, permissionsRemoved, changedBy });
    return { role };
  });
}

/** Lets a person of the tenant in scope hold exactly these roles. */
export function assignRoles(
  service: Arthemiz,
  { personId, roleIds, changer }: { personId: string; roleIds: string[]; changer: Changer },
): Promise<AssignmentOutcome> {
  return service.transaction<AssignmentOutcome>(async (unit) => {
    const { roles, memberships } = await grantsOfTenant(service);
    const before = memberships.find((each) => each.personId === personId);
    if (before === undefined) return { refusal: personNotFound() };
    const held = roles.filter(({ _id }) => before.roleIds.includes(_id));
    const wanted = roles.filter(({ _id }) => roleIds.includes(_id));
    if (wanted.length < roleIds.length) return { refusal: roleNotFound() };
    // Of a role that is given now every permission counts, also one that the person has by another role already.
    const given = wanted.filter((role) => !held.includes(role));
    const missing = permissionsOf(given).filter((permission) => !changer.permissions.has(permission));
    if (missing.length > 0) return { refusal: permissionNotHeld(missing) };
    const membership = { ...before, roleIds };
    const after = memberships.map((each) => (each.personId === personId ? membership : each));
    if (losesAdministrator({ roles, memberships }, { roles, memberships: after }))
      return { refusal: lastAdministrator() };
    const change = personRolesChange(held, wanted);
    if (change.rolesAdded.length + change.rolesRemoved.length === 0) return { membership: before };
    await service.models.Membership.updateOne({ personId }, { $set: { roleIds } });
    const { tenantId } = before;
    await tellPersonRolesChanged(service, unit, {
      ...change,
      tenantId,
      personId,
      changedBy: changer.subject,
    });
    return { membership };
  });
}

/** All grants of the tenant in scope. Takes the tenant's turn: the next change waits for this one's end. */
async function grantsOfTenant({ models }: Arthemiz): Promise<Grants> {
  await models.Tenant.updateOne({ _id: currentTenant() }, { $inc: { grantChanges: 1 } });
  const roles = await models.Role.find().sort({ name: 1 }).lean();
  const memberships = await models.Membership.find().lean();
  return { roles, memberships };
}

interface Grants {
  roles: readonly RoleRow[];
  memberships: readonly MembershipRow[];
}

// A tenant that has no administrator, such as one that nobody has joined yet, may go on without.
function losesAdministrator(before: Grants, after: Grants): boolean {
  return (
    hasAdministrator(before.memberships, before.roles) && !hasAdministrator(after.memberships, after.roles)
  );
}
