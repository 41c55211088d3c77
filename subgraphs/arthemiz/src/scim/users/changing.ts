// What an identity provider does to users. Nothing of it reaches what a person is elsewhere: their account, their
// address and their other tenants are their own.
import { newId } from '@supergraph/chassis/identifiers';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../../context.ts';
import { invitePerson, revokeInvitationsOf } from '../../invitations/inviting.ts';
import { noteRemoval } from '../../memberships/removals.ts';
import { removeMember } from '../../memberships/removing.ts';
import { resumeMember, suspendMember } from '../../memberships/suspending.ts';
import { inTenantsRegion } from '../../residency/transactions.ts';
import type { Grants } from '../../roles/holders.ts';
import { grantsInTurn } from '../../roles/reading.ts';
import type { Caller } from '../authentication.ts';
import { invalidValue, refused, resourceNotFound, ScimError } from '../errors.ts';
import { demandVersion } from '../versions.ts';
import { findUser, withAddress } from './reading.ts';
import { draftOf, presentUser, type User, type UserDraft, usersOf } from './user.ts';

/** Most of a tenant who were announced and have not shown up. */
const maximumAwaited = 10_000;

interface Doing {
  service: Arthemiz;
  unit: UnitOfWork;
  caller: Caller;
}

/**
 * Announces somebody: whether their address has an account elsewhere makes no difference and shows nowhere. They are a
 * member once they have shown that the address is theirs, by the link that is mailed to it or by the tenant's single
 * sign-on.
 */
export function createUser(
  service: Arthemiz,
  { caller, draft }: { caller: Caller; draft: UserDraft },
): Promise<User> {
  const { Membership } = service.models;
  return inTenantsRegion(service, async (unit) => {
    await grantsInTurn(service);
    const { userName, isActive } = draft;
    if (userName === null) throw invalidValue('A user has a userName.');
    await demandFree(service, userName);
    if ((await Membership.countDocuments({ isAwaited: true })) >= maximumAwaited)
      throw new ScimError(
        403,
        `${maximumAwaited} users of the tenant have not shown up yet. Remove some first.`,
      );
    const now = new Date();
    const [created] = await Membership.create([
      {
        ...{
          personId: newId('per'),
          roleIds: [],
          isAwaited: true,
          directory: directoryOf(draft),
          createdAt: now,
        },
        ...(isActive === false ? { suspendedAt: now } : {}),
      },
    ]);
    if (created === undefined) throw new Error('The user was not stored.');
    const [user] = await usersOf(service, [created.toObject()]);
    if (user === undefined) throw new Error('The user was not read.');
    if (isActive !== false) await invite({ service, unit, caller }, userName);
    return user;
  });
}

export interface UserChange {
  id: string;
  ifMatch: string | undefined;
  caller: Caller;
  baseUrl: string;
}

export function changeUser(
  service: Arthemiz,
  { id, ifMatch, caller, baseUrl, wanted }: UserChange & { wanted(before: UserDraft): UserDraft },
): Promise<User> {
  return inTenantsRegion(service, async (unit) => {
    const grants = await grantsInTurn(service);
    const user = await demandUser(service, { id, ifMatch, baseUrl });
    const before = draftOf(user);
    const after = wanted(before);
    const doing = { service, unit, caller };
    await rename(doing, { user, before, after });
    if (after.isActive !== null && after.isActive !== before.isActive)
      await changePresence(doing, { user, grants, draft: after });
    return demandUser(service, { id, ifMatch: undefined, baseUrl });
  });
}

/** Removes somebody from the tenant. */
export function deleteUser(service: Arthemiz, { id, ifMatch, caller, baseUrl }: UserChange): Promise<void> {
  return inTenantsRegion(service, async (unit) => {
    const grants = await grantsInTurn(service);
    const user = await demandUser(service, { id, ifMatch, baseUrl });
    const change = { ...grants, member: user.member, changedBy: caller.subject };
    const refusal = await removeMember(service, unit, change);
    if (refusal) throw refused(refusal);
    await noteRemoval(service, change);
  });
}

async function demandUser(
  service: Arthemiz,
  { id, ifMatch, baseUrl }: { id: string; ifMatch: string | undefined; baseUrl: string },
): Promise<User> {
  const user = await findUser(service, id);
  if (user === null) throw resourceNotFound();
  demandVersion(ifMatch, presentUser(user, baseUrl).meta.version);
  return user;
}

async function demandFree(service: Arthemiz, userName: string): Promise<void> {
  if ((await service.models.Membership.exists(await withAddress(service, userName))) !== null)
    throw new ScimError(409, 'The tenant has a user of this userName.', 'uniqueness');
}

/** Stores what the directory calls them. An address that they have shown to be theirs stays theirs. */
async function rename(
  { service, unit, caller }: Doing,
  { user, before, after }: { user: User; before: UserDraft; after: UserDraft },
): Promise<void> {
  const { member, person } = user;
  if (after.userName === null) throw invalidValue('A user has a userName.');
  const moves = after.userName !== before.userName;
  if (moves && person !== undefined && after.userName !== person.email)
    throw new ScimError(
      400,
      'The address is the person’s own by now: they change it themselves.',
      'mutability',
    );
  if (moves && person === undefined) await demandFree(service, after.userName);
  const said = changedNames(before, after);
  if (said !== null) await service.models.Membership.updateOne({ _id: member._id }, said);
  if (!moves || person !== undefined) return;
  await endInvitations(service, user);
  if (after.isActive !== false) await invite({ service, unit, caller }, after.userName);
}

async function changePresence(
  { service, unit, caller }: Doing,
  { user, grants, draft }: { user: User; grants: Grants; draft: UserDraft },
): Promise<void> {
  const change = { ...grants, member: user.member, changedBy: caller.subject };
  if (draft.isActive) {
    await resumeMember(service, unit, change);
    if (user.person === undefined && draft.userName !== null)
      await invite({ service, unit, caller }, draft.userName);
    return;
  }
  const refusal = await suspendMember(service, unit, change);
  if (refusal) throw refused(refusal);
  await endInvitations(service, user);
}

/** By mail, where there is a mail server and the tenant's bounds allow one more. Else the single sign-on brings them. */
async function invite({ service, caller }: Doing, email: string): Promise<void> {
  await invitePerson(service, { email, roleIds: [], inviter: caller });
}

async function endInvitations(service: Arthemiz, { member, person }: User): Promise<void> {
  const email = member.directory?.userName;
  if (person === undefined && email) await revokeInvitationsOf(service, email);
}

const named = ['userName', 'externalId', 'displayName', 'givenName', 'familyName'] as const;

function directoryOf(draft: UserDraft) {
  return Object.fromEntries(named.flatMap((name) => (draft[name] === null ? [] : [[name, draft[name]]])));
}

function changedNames(before: UserDraft, after: UserDraft) {
  const changed = named.filter((name) => after[name] !== before[name]);
  if (changed.length === 0) return null;
  const at = (name: string) => `directory.${name}`;
  return {
    $set: Object.fromEntries(
      changed.flatMap((name) => (after[name] === null ? [] : [[at(name), after[name]]])),
    ),
    $unset: Object.fromEntries(changed.flatMap((name) => (after[name] === null ? [[at(name), 1]] : []))),
  };
}
