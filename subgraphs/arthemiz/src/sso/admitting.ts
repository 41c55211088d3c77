// Who is it that a provider vouches for, and may they come in? An account is never taken over: the provider speaks for
// verified addresses of its tenant's domains alone, and for members; any other account proves that it is theirs.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { newId } from '@supergraph/chassis/identifiers';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { domainOfEmail } from '../domains/rules.ts';
import { awaitedAt, claimMembership } from '../memberships/claiming.ts';
import { roleIdsHeld } from '../memberships/holdings.ts';
import type { MembershipRow } from '../memberships/model.ts';
import { isRemoved } from '../memberships/removals.ts';
import type { PersonRow } from '../people/model.ts';
import { emailAddress } from '../people/rules.ts';
import { noteVerified } from '../people/verifying.ts';
import { listInRegions } from '../residency/searching.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { tellPersonRolesChanged } from '../roles/events.ts';
import { isLastAdministrator } from '../roles/holders.ts';
import { personRolesChange } from '../roles/inheritance.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { holdsDutiesApart } from '../separations/keeping.ts';
import { tellIdentityLinked } from './events.ts';
import type { IdentityLinkRow } from './link-model.ts';
import type { SsoConnectionRow } from './model.ts';
import { type Identity, mappedRoles, rolesAfter } from './rules.ts';

export type RefusedFor =
  /** The provider named no address that it has verified. */
  | 'no-email'
  /** The address is of a domain that does not lead to this connection. */
  | 'foreign-domain'
  /** They are no member, and the connection makes nobody one. */
  | 'not-a-member'
  /** The person of this address came by this connection as somebody else. */
  | 'linked-otherwise'
  /** The address has an account that can prove nothing. */
  | 'no-proof'
  /** Somebody removed them from the tenant. */
  | 'removed';

export type Recognition =
  | { outcome: 'known'; person: PersonRow }
  /** The account is somebody's who is no member: they show that it is theirs by its password. */
  | { outcome: 'unproven'; person: PersonRow }
  | { outcome: 'new'; email: string }
  | { outcome: 'refused'; reason: RefusedFor };

export function recognize(
  service: Arthemiz,
  { connection, identity }: { connection: SsoConnectionRow; identity: Identity },
): Promise<Recognition> {
  return crossing(connection, () => recognizeWithin(service, { connection, identity }));
}

async function recognizeWithin(
  service: Arthemiz,
  { connection, identity }: { connection: SsoConnectionRow; identity: Identity },
): Promise<Recognition> {
  const { Domain, IdentityLink, Membership, Password, Person } = service.models;
  const { _id: connectionId } = connection;
  const isMember = async ({ _id }: PersonRow) => (await Membership.exists({ personId: _id })) !== null;

  const link = await IdentityLink.findOne({ connectionId, subject: identity.subject }).lean();
  const linked = link === null ? null : await Person.findOne({ _id: link.personId }).lean();
  if (linked !== null) {
    if (await isMember(linked)) return { outcome: 'known', person: linked };
    const outside = await whyOutside(service, { connection, comer: linked });
    return outside === null ? { outcome: 'known', person: linked } : { outcome: 'refused', reason: outside };
  }

  const email = emailAddress.safeParse(identity.email ?? '');
  if (!email.success) return { outcome: 'refused', reason: 'no-email' };
  const name = domainOfEmail(email.data);
  const isOurs = name !== null && (await Domain.exists({ name, isVerified: true, connectionId })) !== null;
  if (!isOurs) return { outcome: 'refused', reason: 'foreign-domain' };

  const person = await Person.findOne({ email: email.data }).lean();
  const outside = await whyOutside(service, { connection, comer: person ?? { email: email.data } });
  if (person === null)
    return outside === null ? { outcome: 'new', email: email.data } : { outcome: 'refused', reason: outside };
  // The address was somebody else's at the provider before.
  if ((await IdentityLink.exists({ connectionId, personId: person._id })) !== null)
    return { outcome: 'refused', reason: 'linked-otherwise' };
  if (await isMember(person)) return { outcome: 'known', person };
  if (outside !== null) return { outcome: 'refused', reason: outside };
  if ((await Password.exists({ _id: person._id })) !== null) return { outcome: 'unproven', person };
  // The account was made for a sign-in like this one, which came to no end.
  const isUnfinished = person.vouchedBy === connectionId && !(await isInUse(service, person._id));
  return isUnfinished ? { outcome: 'known', person } : { outcome: 'refused', reason: 'no-proof' };
}

/** Whether an account without a password opens anything, or is opened by anything. */
async function isInUse(service: Arthemiz, personId: string): Promise<boolean> {
  const { IdentityLink, Membership, Passkey } = service.models;
  if ((await Passkey.exists({ personId })) !== null) return true;
  const uses = await listInRegions(service, {
    reason: 'whether an account was ever used is asked of all tenants',
    list: async () => [
      ...(await Membership.find({ personId }, { _id: 1 }).limit(1).lean()),
      ...(await IdentityLink.find({ personId }, { _id: 1 }).limit(1).lean()),
    ],
  });
  return uses.length > 0;
}

/** Why somebody who is no member does not become one; null where they do. */
async function whyOutside(
  service: Arthemiz,
  { connection, comer }: { connection: SsoConnectionRow; comer: { _id?: string; email: string } },
): Promise<'not-a-member' | 'removed' | null> {
  if ((await awaitedAt(service, comer.email)) !== null) return null;
  if (await isRemoved(service, comer)) return 'removed';
  return connection.provisionsPeople ? null : 'not-a-member';
}

export interface Admission {
  connection: SsoConnectionRow;
  identity: Identity;
  /** Who it is; an address, where they are new. */
  who: { person: PersonRow } | { email: string };
}

/**
 * Links the two, makes a member of somebody who is none where the connection does so, and lets them hold what their groups
 * give now, in one transaction; null when somebody was faster, so that all of it has to be looked at anew.
 */
export async function admitIdentity(service: Arthemiz, admission: Admission): Promise<PersonRow | null> {
  try {
    return await crossing(admission.connection, async () => {
      const { identity, connection } = admission;
      const person = isAtHome(service.connection) ? null : await accountFirst(service, admission);
      // Who has come so far, and no further, is known by the connection that vouched for them.
      const who = person === null ? admission.who : { person };
      return inTenantsRegion(service, (unit) => admitWithin(service, unit, { connection, identity, who }));
    });
  } catch (error) {
    if (isDuplicateKey(error) || error instanceof RemovedMeanwhile) return null;
    throw error;
  }
}

/** Somebody removed them after they were recognized, in an earlier turn of the tenant. */
class RemovedMeanwhile extends Error {
  override readonly name = 'RemovedMeanwhile';
}

/** Where it can't be made with the membership, it is made before it. */
function accountFirst(service: Arthemiz, { connection, identity, who }: Admission): Promise<PersonRow> {
  return service.transaction(
    async () => {
      const { _id: vouchedBy } = connection;
      if ('email' in who) return createPerson(service, { ...who, identity, now: new Date(), vouchedBy });
      const link = { connectionId: connection._id, subject: identity.subject };
      if ((await service.models.IdentityLink.exists(link)) === null)
        await noteVerified(service, who.person._id);
      return who.person;
    },
    { at: 'home' },
  );
}

async function admitWithin(
  service: Arthemiz,
  unit: UnitOfWork,
  { connection, identity, who }: Admission,
): Promise<PersonRow> {
  const { models } = service;
  const { _id: connectionId } = connection;
  const { roles, groups } = await grantsInTurn(service);
  const now = new Date();
  const person =
    'person' in who
      ? who.person
      : await createPerson(service, { ...who, identity, now, vouchedBy: connectionId });
  const personId = person._id;
  const isClaimed = await claimMembership(service, person);
  const link: IdentityLinkRow | null = await models.IdentityLink.findOne({
    connectionId,
    subject: identity.subject,
  }).lean();
  const before: MembershipRow | null = await models.Membership.findOne({ personId }).lean();
  if (before === null && (await isRemoved(service, person))) throw new RemovedMeanwhile();
  const existing = (ids: readonly string[]) => ids.filter((id) => roles.has(id));
  const change = rolesAfter({
    held: before === null ? existing(connection.defaultRoleIds) : before.roleIds,
    given: before === null ? [] : (link?.givenRoleIds ?? []),
    mapped: existing(mappedRoles(connection.groupRoles, identity.groups)),
  });
  // Whatever the provider says of their groups: what the tenant keeps apart stays apart, and they hold what they held.
  const keepApart = async () => {
    if (await holdsDutiesApart(service, { personId })) return;
    Object.assign(change, { roleIds: before?.roleIds ?? [], givenRoleIds: link?.givenRoleIds ?? [] });
    await models.Membership.updateOne({ personId }, { $set: { roleIds: change.roleIds } });
  };
  if (before === null) {
    await models.Membership.create([{ personId, roleIds: change.roleIds, createdAt: now }]);
    await keepApart();
  } else if (await isLastAdministrator(service, { roles, groups, wanted: { ...before, ...change } })) {
    // Whatever the provider says of their groups: somebody in the tenant keeps role:write.
    change.givenRoleIds = link?.givenRoleIds ?? [];
  } else {
    await models.Membership.updateOne({ personId }, { $set: { roleIds: change.roleIds } });
    await keepApart();
    const told = personRolesChange(roles, {
      held: await roleIdsHeld(service, before),
      wanted: await roleIdsHeld(service, { ...before, roleIds: change.roleIds }),
    });
    if (told.rolesAdded.length + told.rolesRemoved.length > 0) {
      const { tenantId } = before;
      await tellPersonRolesChanged(service, unit, { ...told, tenantId, personId, changedBy: null });
    }
  }
  const { givenRoleIds } = change;
  if (link === null) {
    // They were recognized by their address, for which the provider vouches; later sign-ins go by its own id.
    if (isAtHome(service.connection)) await noteVerified(service, personId);
    const made = { connectionId, subject: identity.subject, personId, givenRoleIds };
    await models.IdentityLink.create([{ ...made, createdAt: now, lastUsedAt: now }]);
  } else await models.IdentityLink.updateOne({ _id: link._id }, { $set: { givenRoleIds, lastUsedAt: now } });
  if (link === null || before === null || isClaimed)
    await tellIdentityLinked(unit, { person, connectionId, hasJoined: before === null || isClaimed });
  await models.SsoConnection.updateOne({ _id: connectionId }, { $set: { lastUsedAt: now } });
  return person;
}

/** Their address is theirs because the provider of the tenant that owns its domain says so. */
async function createPerson(
  { models }: Arthemiz,
  { email, identity, now, vouchedBy }: { email: string; identity: Identity; now: Date; vouchedBy: string },
): Promise<PersonRow> {
  const displayName = identity.name?.trim().slice(0, 100) || (email.split('@')[0] ?? email).slice(0, 100);
  const person = { _id: newId('per'), email, displayName, emailVerifiedAt: now, vouchedBy, createdAt: now };
  await models.Person.create([person]);
  return person;
}

function crossing<T>({ tenantId }: SsoConnectionRow, work: () => Promise<T>): Promise<T> {
  return acrossTenants('a provider vouches for somebody who has no tenant yet', () =>
    inTenant(tenantId, work),
  );
}
