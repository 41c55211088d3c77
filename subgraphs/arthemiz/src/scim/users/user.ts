// A user: a membership, seen as an identity provider sees it.
import type { Arthemiz } from '../../context.ts';
import type { GroupRow } from '../../groups/model.ts';
import { groupsOf } from '../../groups/reading.ts';
import type { MembershipRow } from '../../memberships/model.ts';
import type { PersonRow } from '../../people/model.ts';
import { userSchema } from '../schemas.ts';
import { versionOf } from '../versions.ts';

export interface User {
  member: MembershipRow;
  /** Undefined for whom an identity provider announced and who has not shown up yet. */
  person: PersonRow | undefined;
  groups: readonly GroupRow[];
}

/** What an identity provider says of a user. Null is what it does not say. Of whom it never said one, the userName is their own. */
export interface UserDraft {
  userName: string | null;
  externalId: string | null;
  displayName: string | null;
  givenName: string | null;
  familyName: string | null;
  isActive: boolean | null;
}

/** Members of the tenant in scope as users, in the same order. */
export async function usersOf(
  service: Pick<Arthemiz, 'models'>,
  members: readonly MembershipRow[],
): Promise<User[]> {
  const ids = members.map(({ personId }) => personId);
  const people = await service.models.Person.find({ _id: { $in: ids } }).lean();
  const byId = new Map(people.map((person) => [person._id, person]));
  const groups = await groupsOf(service, members);
  return members.map((member) => ({
    member,
    person: member.isAwaited ? undefined : byId.get(member.personId),
    groups: groups.filter(({ _id }) => member.groupIds?.includes(_id)),
  }));
}

export function draftOf({ member: { directory, suspendedAt }, person }: User): UserDraft {
  return {
    userName: directory?.userName ?? person?.email ?? null,
    externalId: directory?.externalId ?? null,
    displayName: directory?.displayName ?? null,
    givenName: directory?.givenName ?? null,
    familyName: directory?.familyName ?? null,
    isActive: (suspendedAt ?? null) === null,
  };
}

export function presentUser(user: User, baseUrl: string) {
  const { member, person, groups } = user;
  const { userName, externalId, displayName, givenName, familyName, isActive } = draftOf(user);
  const isNamed = givenName !== null || familyName !== null;
  const formatted = [givenName, familyName].filter((part) => part !== null).join(' ');
  const shown = {
    schemas: [userSchema],
    id: member._id,
    externalId: externalId ?? undefined,
    userName,
    displayName: displayName ?? (isNamed ? formatted : person?.displayName),
    name: isNamed
      ? { formatted, givenName: givenName ?? undefined, familyName: familyName ?? undefined }
      : undefined,
    active: isActive,
    emails: [{ value: userName, type: 'work', primary: true }],
    groups: groups.map(({ _id, name }) => ({
      ...{ value: _id, $ref: `${baseUrl}/Groups/${_id}`, display: name, type: 'direct' },
    })),
  };
  return {
    ...shown,
    meta: {
      resourceType: 'User',
      created: member.createdAt,
      // Memberships from before it was kept.
      lastModified: member.changedAt ?? member.createdAt,
      location: `${baseUrl}/Users/${member._id}`,
      version: versionOf(shown),
    },
  };
}
