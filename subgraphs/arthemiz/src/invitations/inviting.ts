// Inviting somebody to the tenant in scope, and taking an invitation back.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Arthemiz } from '../context.ts';
import { newLinkSecret } from '../links/one-time.ts';
import { canSendMail } from '../mail/queueing.ts';
import { personBehind } from '../memberships/person-behind.ts';
import { knownLanguage } from '../people/languages.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { givingRefusal } from '../roles/giving.ts';
import { rolesWithInherited } from '../roles/reading.ts';
import { roleNotFound } from '../roles/refusals.ts';
import { takeTurn } from '../turns/taking.ts';
import { tellPersonInvited } from './events.ts';
import { mailInvitation } from './mail.ts';
import type { InvitationRow } from './model.ts';
import {
  alreadyMember,
  type InvitationRefusal,
  invitationNotFound,
  mailNotConfigured,
  tooManyMails,
  tooManyOpen,
} from './refusals.ts';
import { invitationSeconds, maximumOpen, maximumPerAddressAndDay } from './rules.ts';

export interface Invitation {
  email: string;
  roleIds: string[];
  inviter: Pick<Viewer, 'subject' | 'permissions'>;
}

export type InvitationOutcome = { invitation: InvitationRow } | { refusal: InvitationRefusal };

/**
 * Invites by mail. While an invitation of the address is open, that one is answered with, and no second mail is sent;
 * its roles become these.
 */
export async function invitePerson(service: Arthemiz, given: Invitation): Promise<InvitationOutcome> {
  if (!canSendMail(service)) return { refusal: mailNotConfigured() };
  return inTenantsRegion<InvitationOutcome>(service, (unit) => inviteWithin(service, unit, given));
}

async function inviteWithin(
  service: Arthemiz,
  unit: UnitOfWork,
  { email, roleIds, inviter }: Invitation,
): Promise<InvitationOutcome> {
  const { Invitation: invitations, Role } = service.models;
  // Takes the tenant's turn: who invites the same address at the same moment finds this one's invitation.
  await takeTurn(service, 'invitationsMade');
  const roles = await Role.find({ _id: { $in: roleIds } })
    .sort({ name: 1 })
    .lean();
  if (roles.length < roleIds.length) return { refusal: roleNotFound() };
  const graph = await rolesWithInherited(service, roleIds);
  const notGiven = givingRefusal(graph, { given: roleIds, held: inviter.permissions });
  if (notGiven) return { refusal: notGiven };
  if (await isMember(service, email)) return { refusal: alreadyMember() };

  const now = new Date();
  const open = await invitations
    .findOneAndUpdate(
      { email, isOpen: true, expiresAt: { $gt: now } },
      { $set: { roleIds } },
      { returnDocument: 'after' },
    )
    .lean();
  if (open !== null) return { invitation: open };
  const refusal = await whyNoMore(service, { email, now });
  if (refusal !== null) return { refusal };

  // One that has expired makes room.
  await invitations.updateMany({ email, isOpen: true }, { $set: { isOpen: false } });
  const { secret, digest } = newLinkSecret();
  const expiresAt = new Date(now.getTime() + invitationSeconds * 1_000);
  const [made] = await invitations.create([
    {
      email,
      roleIds,
      linkDigest: digest,
      invitedBy: inviter.subject,
      isOpen: true,
      createdAt: now,
      expiresAt,
    },
  ]);
  if (made === undefined) throw new Error('The invitation was not stored.');
  const invitation = made.toObject();
  await tellPersonInvited(unit, { invitation, roleNames: roles.map(({ name }) => name) });
  await mailInvitation(service, {
    email,
    secret,
    expiresAt,
    ...(await namesFor(service, { email, inviter })),
  });
  return { invitation };
}

/** Ends an open invitation of the tenant in scope: its link works no more. */
export async function revokeInvitation({ models }: Arthemiz, id: string): Promise<InvitationOutcome> {
  const invitation = await models.Invitation.findOneAndUpdate(
    { _id: id, isOpen: true, expiresAt: { $gt: new Date() } },
    { $set: { isOpen: false } },
    { returnDocument: 'after' },
  ).lean();
  return invitation === null ? { refusal: invitationNotFound() } : { invitation };
}

/** The same for whatever invitation of the tenant in scope is open for an address. */
export async function revokeInvitationsOf({ models }: Arthemiz, email: string): Promise<void> {
  await models.Invitation.updateMany({ email, isOpen: true }, { $set: { isOpen: false } });
}

async function isMember({ models }: Arthemiz, email: string): Promise<boolean> {
  const person = await models.Person.findOne({ email }).lean();
  return person !== null && (await models.Membership.exists({ personId: person._id })) !== null;
}

async function whyNoMore(
  { models }: Arthemiz,
  { email, now }: { email: string; now: Date },
): Promise<InvitationRefusal | null> {
  const open = await models.Invitation.countDocuments({ isOpen: true, expiresAt: { $gt: now } });
  if (open >= maximumOpen) return tooManyOpen();
  const dayAgo = new Date(now.getTime() - 86_400_000);
  const today = await models.Invitation.countDocuments({ email, createdAt: { $gt: dayAgo } });
  return today >= maximumPerAddressAndDay ? tooManyMails() : null;
}

/** Somebody new is written to in the language of who invites them, or whose program does. */
async function namesFor(service: Arthemiz, { email, inviter }: Pick<Invitation, 'email' | 'inviter'>) {
  const { Person, Tenant } = service.models;
  const tenant = await Tenant.findOne({ _id: currentTenant() }).lean();
  const reader = await Person.findOne({ email }).lean();
  const behind = await Person.findOne({ _id: await personBehind(service, inviter.subject) }).lean();
  return {
    tenantName: tenant?.name ?? 'a tenant',
    inviterName: behind?._id === inviter.subject ? behind.displayName : null,
    language: knownLanguage(reader) ?? knownLanguage(behind),
  };
}
