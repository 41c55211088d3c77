// Following an invitation's link: a new person chooses a name and a password, somebody who has an account shows that
// it is theirs, and then they are a member.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { newId } from '@supergraph/chassis/identifiers';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { lifecycleOf } from '../lifecycle/openness.ts';
import { isOpen } from '../lifecycle/rules.ts';
import { digestOf } from '../links/one-time.ts';
import { awaitedAt, claimMembership } from '../memberships/claiming.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import { forgetRemoval } from '../memberships/removals.ts';
import { partsOf } from '../parts.ts';
import { storePassword } from '../passwords/authentication.ts';
import type { Language } from '../people/languages.ts';
import type { PersonRow } from '../people/model.ts';
import { noteVerified } from '../people/verifying.ts';
import { findInRegions } from '../residency/searching.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { rolesWithInherited } from '../roles/reading.ts';
import { DutiesHeldTogether, keepDutiesApart } from '../separations/keeping.ts';
import { tellPersonJoined } from './events.ts';
import type { InvitationRow } from './model.ts';

/** An invitation that can be accepted, as the one who followed its link may see it. */
export interface FollowedInvitation {
  invitation: InvitationRow;
  tenantName: string;
  /** Who has the address already; null for somebody new. */
  person: PersonRow | null;
}

/** The open invitation of a link; null when there is none, or none any more. */
export async function followLink(service: Arthemiz, secret: string): Promise<FollowedInvitation | null> {
  const { Invitation, Tenant, Person } = service.models;
  const linkDigest = digestOf(secret);
  const invitation = await findInRegions(service, {
    reason: 'an invitation is found by its link',
    find: () =>
      Invitation.findOne({ linkDigest, isOpen: true, expiresAt: { $gt: new Date() } }).lean<InvitationRow>(),
  });
  if (invitation === null) return null;
  const tenant = await Tenant.findOne({ _id: invitation.tenantId }).lean();
  if (tenant === null || !isOpen(lifecycleOf(tenant))) return null;
  const person = await Person.findOne({ email: invitation.email }).lean();
  return { invitation, tenantName: tenant.name, person };
}

/** `gone`: it was accepted, revoked or expired meanwhile, or gives what the tenant keeps apart. `known`: the address has an account by now. */
export type Acceptance = 'joined' | 'gone' | 'known';

export interface NewPerson {
  invitation: InvitationRow;
  displayName: string;
  password: string;
  /** In which pages speak to them. */
  language: Language;
}

/** Makes a new person, with an address that is theirs because the link was mailed there, and a member of them. */
export async function acceptAsNew(
  service: Arthemiz,
  { invitation, displayName, password, language }: NewPerson,
): Promise<Acceptance> {
  const hash = await partsOf(service).passwords.hash(password);
  const now = new Date();
  try {
    return await accept(service, invitation, async () => {
      const awaited = await awaitedAt(service, invitation.email);
      const person = {
        // Events have told of them by this id.
        _id: awaited?.personId ?? newId('per'),
        email: invitation.email,
        displayName,
        emailVerifiedAt: now,
        pagesLanguage: language,
        createdAt: now,
      };
      await service.models.Person.create([person]);
      await storePassword(service, { personId: person._id, hash });
      return person;
    });
  } catch (error) {
    if (isDuplicateKey(error)) return 'known';
    throw error;
  }
}

/** Makes somebody a member who has just shown that they are this person. */
export function acceptAsPerson(
  service: Arthemiz,
  { invitation, person }: { invitation: InvitationRow; person: PersonRow },
): Promise<Acceptance> {
  return accept(service, invitation, async () => {
    await noteVerified(service, person._id);
    return person;
  });
}

/** Once, whoever follows the link at the same moment. */
function accept(
  service: Arthemiz,
  { _id, tenantId }: InvitationRow,
  personOf: () => Promise<PersonRow>,
): Promise<Acceptance> {
  const { Invitation, Role } = service.models;
  const accepting = async (): Promise<Acceptance> => {
    const open = () => ({ _id, isOpen: true, expiresAt: { $gt: new Date() } });
    // Elsewhere the account comes first: without it, nobody would be the member. With it alone, somebody may sign in and
    // follow the link again.
    const isElsewhere = !isAtHome(service.connection);
    if (isElsewhere && (await Invitation.exists(open())) === null) return 'gone';
    const known = isElsewhere ? await service.transaction(personOf, { at: 'home' }) : null;
    return inTenantsRegion<Acceptance>(service, async (unit) => {
      const invitation = await Invitation.findOneAndUpdate(
        open(),
        { $set: { isOpen: false } },
        { returnDocument: 'after' },
      ).lean();
      if (invitation === null) return 'gone';
      const person = known ?? (await personOf());
      await Invitation.updateOne({ _id }, { $set: { acceptedBy: person._id } });
      // Roles that were deleted meanwhile give nothing.
      const roles = await Role.find({ _id: { $in: invitation.roleIds } })
        .sort({ name: 1 })
        .lean();
      const change = await giveRoles(service, { person, roles });
      await keepDutiesApart(service, { personId: person._id });
      // A member by another way meanwhile holds these roles too.
      if (change !== null && change.rolesAdded.length > 0)
        await tellPersonRolesChanged(service, unit, {
          ...change,
          tenantId,
          personId: person._id,
          changedBy: invitation.invitedBy,
        });
      await tellPersonJoined(unit, { invitation, person, roleNames: roles.map(({ name }) => name) });
      return 'joined';
    });
  };
  return inTenant(tenantId, accepting).catch((error: unknown): Acceptance => {
    if (error instanceof DutiesHeldTogether) return 'gone';
    throw error;
  });
}

type Role = { _id: string; name: string; permissions: readonly string[] };

/** Makes the person a member with these roles; a member gets them in addition, and that change is returned. */
async function giveRoles(
  service: Arthemiz,
  { person, roles }: { person: PersonRow; roles: readonly Role[] },
): Promise<ReturnType<typeof personRolesChange> | null> {
  const { models } = service;
  const personId = person._id;
  const roleIds = roles.map(({ _id }) => _id);
  await claimMembership(service, person);
  await forgetRemoval(service, person);
  const before = await models.Membership.findOneAndUpdate(
    { personId },
    { $addToSet: { roleIds: { $each: roleIds } } },
  ).lean();
  if (before === null) {
    await models.Membership.create([{ personId, roleIds, createdAt: new Date() }]);
    return null;
  }
  const held = await roleIdsHeld(service, before);
  const wanted = [...held, ...roleIds];
  return personRolesChange(await rolesWithInherited(service, wanted), { held, wanted });
}
