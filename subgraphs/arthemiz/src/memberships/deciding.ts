// Deciding who belongs to the tenant in scope: others about a member, and people about themselves. Each takes the tenant's
// turn, so that two administrators who remove each other at once leave one.
import { withoutScope } from '@supergraph/chassis/scoped-permissions';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import type { Changer } from '../roles/changing.ts';
import { holding } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { permissionNotHeld, personNotFound, type RoleRefusal } from '../roles/refusals.ts';
import { holdingsOf } from './holdings.ts';
import type { MembershipRow } from './model.ts';
import { personBehind } from './person-behind.ts';
import type { PresenceChange } from './presence-changes.ts';
import { notAPerson, ownMembership, wrongSlug } from './refusals.ts';
import { noteRemoval } from './removals.ts';
import { removeMember } from './removing.ts';
import { resumeMember, suspendMember } from './suspending.ts';

export type MemberOutcome = { member: MembershipRow } | { refusal: RoleRefusal };
type Deciding = { personId: string; changer: Changer };

export function removePerson(service: Arthemiz, about: Deciding): Promise<MemberOutcome> {
  return decide(
    service,
    about,
    async (unit, change) => (await removeMember(service, unit, change)) ?? noteRemoval(service, change),
  );
}

export function suspendPerson(service: Arthemiz, about: Deciding): Promise<MemberOutcome> {
  return decide(service, about, async (unit, change) =>
    change.member.suspendedAt ? undefined : suspendMember(service, unit, change),
  );
}

/** Nobody lets somebody back who may do more than they: it would be giving what they don't hold. */
export function resumePerson(service: Arthemiz, about: Deciding): Promise<MemberOutcome> {
  return decide(service, about, async (unit, change) => {
    const { member, roles } = change;
    if (!member.suspendedAt) return undefined;
    const { personId } = member;
    const held = (await holdingsOf(service, [{ ...member, suspendedAt: null }])).get(personId) ?? [];
    const { permissions } = about.changer;
    const missing = holding(roles, held).permissions.filter(
      (permission) => !permissions.has(permission) && !permissions.has(withoutScope(permission)),
    );
    if (missing.length > 0) return permissionNotHeld(missing);
    await resumeMember(service, unit, change);
    return undefined;
  });
}

/** For a person themselves. */
export function leaveTenant(
  service: Arthemiz,
  { personId, confirmSlug }: { personId: string; confirmSlug: string },
): Promise<MemberOutcome> {
  return inTenantsRegion<MemberOutcome>(service, async (unit) => {
    const grants = await grantsInTurn(service);
    const member = await presentOrSuspended(service, personId);
    if (member === null) return { refusal: notAPerson() };
    const tenant = await service.models.Tenant.findOne({ _id: currentTenant() }).orFail().lean();
    if (tenant.slug !== confirmSlug) return { refusal: wrongSlug() };
    const refusal = await removeMember(service, unit, { ...grants, member, changedBy: personId });
    return refusal ? { refusal } : { member };
  });
}

function decide(
  service: Arthemiz,
  { personId, changer }: Deciding,
  work: (unit: UnitOfWork, change: PresenceChange) => Promise<RoleRefusal | undefined>,
): Promise<MemberOutcome> {
  return inTenantsRegion<MemberOutcome>(service, async (unit) => {
    const grants = await grantsInTurn(service);
    const member = await presentOrSuspended(service, personId);
    if (member === null) return { refusal: personNotFound() };
    // Neither by an API key of theirs, which would end with them, nor by a service client that they made.
    if (personId === (await personBehind(service, changer.subject))) return { refusal: ownMembership() };
    const refusal = await work(unit, { ...grants, member, changedBy: changer.subject });
    return refusal ? { refusal } : { member };
  });
}

/** Who is awaited is nobody yet: their identity provider announced them and takes them back. */
function presentOrSuspended({ models }: Arthemiz, personId: string): Promise<MembershipRow | null> {
  return models.Membership.findOne({ personId, isAwaited: { $ne: true } }).lean();
}
