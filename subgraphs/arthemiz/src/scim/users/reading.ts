// Finding users of the tenant in scope.
import type { Arthemiz } from '../../context.ts';
import { ScimError } from '../errors.ts';
import type { Filter } from '../filters/grammar.ts';
import {
  type Attributes,
  claim,
  constant,
  instant,
  type Query,
  queryOf,
  related,
  text,
} from '../filters/query.ts';
import type { ListRequest } from '../lists.ts';
import { type User, usersOf } from './user.ts';

/** The id from a URL. Null where the tenant has no such user. */
export async function findUser(service: Arthemiz, id: string): Promise<User | null> {
  const member = await service.models.Membership.findOne({ _id: id }).lean();
  if (member === null) return null;
  const [user] = await usersOf(service, [member]);
  return user ?? null;
}

export interface FoundUsers {
  users: User[];
  totalResults: number;
}

export async function findUsers(
  service: Arthemiz,
  { filter, startIndex, count }: Pick<ListRequest, 'filter' | 'startIndex' | 'count'>,
): Promise<FoundUsers> {
  const { Membership } = service.models;
  const skip = startIndex - 1;
  if (filter === null) {
    const totalResults = await Membership.countDocuments();
    const members =
      count === 0 ? [] : await Membership.find().sort({ _id: 1 }).skip(skip).limit(count).lean();
    return { users: await usersOf(service, members), totalResults };
  }
  const wanted = queryOf(filter, attributes);
  const near = await nearQuery(service, filter);
  const matching = await idsMatching(service, { near, wanted });
  const page = matching.slice(skip, skip + count);
  const members =
    page.length === 0
      ? []
      : await Membership.find({ _id: { $in: page } })
          .sort({ _id: 1 })
          .lean();
  return { users: await usersOf(service, members), totalResults: matching.length };
}

/** Looked at together: each is sought among the people of all of them. */
const batchSize = 500;

/** Of the members near, the ids of those that are wanted, in their order. Who they are lies elsewhere than they. */
async function idsMatching(
  { models }: Arthemiz,
  { near, wanted }: { near: Query; wanted: Query },
): Promise<string[]> {
  const { Membership, Person } = models;
  const found: string[] = [];
  for (let after = ''; ; ) {
    const members = await Membership.find({ $and: [near, { _id: { $gt: after } }] }, { personId: 1 })
      .sort({ _id: 1 })
      .limit(batchSize)
      .lean();
    const last = members.at(-1);
    if (last === undefined) return found;
    const personIds = members.map(({ personId }) => personId);
    const people = await Person.find({ _id: { $in: personIds } }, { email: 1, displayName: 1 }).lean();
    const rows = await Membership.aggregate<{ _id: string }>([
      { $match: { _id: { $in: members.map(({ _id }) => _id) } } },
      ...withNames(people),
      { $match: wanted },
      { $sort: { _id: 1 } },
      { $project: { _id: 1 } },
    ]);
    found.push(...rows.map(({ _id }) => _id));
    if (members.length < batchSize) return found;
    after = last._id;
  }
}

/** The names that users are shown by (user.ts). */
const withNames = (people: readonly object[]) => [
  {
    $set: {
      person: {
        $first: {
          $filter: { input: { $literal: [...people] }, as: 'one', cond: { $eq: ['$$one._id', '$personId'] } },
        },
      },
    },
  },
  {
    $set: {
      shown: {
        userName: { $ifNull: ['$directory.userName', '$person.email'] },
        displayName: {
          $ifNull: [
            '$directory.displayName',
            // Null where one of them is missing.
            { $concat: ['$directory.givenName', ' ', '$directory.familyName'] },
            '$directory.givenName',
            '$directory.familyName',
            '$person.displayName',
          ],
        },
      },
    },
  },
];

const address = text('shown.userName', { letters: 'any case' });

const attributes: Attributes = {
  id: text('_id', { letters: 'exact' }),
  externalid: text('directory.externalId', { letters: 'exact' }),
  username: address,
  emails: address,
  'emails.value': address,
  'emails.type': constant('work'),
  'emails.primary': constant(true),
  displayname: text('shown.displayName', { letters: 'any case' }),
  'name.givenname': text('directory.givenName', { letters: 'any case' }),
  'name.familyname': text('directory.familyName', { letters: 'any case' }),
  active: claim({ suspendedAt: null }),
  groups: related((id) => ({ groupIds: id }), { 'groupIds.0': { $exists: true } }),
  'groups.value': related((id) => ({ groupIds: id }), { 'groupIds.0': { $exists: true } }),
  'meta.created': instant('createdAt'),
  'meta.lastmodified': instant('changedAt'),
};

/** Without an index to go by, more members than that are not looked through. */
const maximumScanned = 20_000;

/** What an index tells of those who can match, so that a directory that asks for one user costs one look. */
async function nearQuery(service: Arthemiz, filter: Filter): Promise<Query> {
  const terms = filter.kind === 'and' ? filter.filters : [filter];
  for (const term of terms) {
    if (term.kind !== 'compare' || term.comparison !== 'eq' || typeof term.value !== 'string') continue;
    if (term.attribute === 'id') return { _id: term.value };
    if (term.attribute === 'externalid') return { 'directory.externalId': term.value };
    if (['username', 'emails', 'emails.value'].includes(term.attribute))
      return withAddress(service, term.value.toLowerCase());
  }
  const members = await service.models.Membership.countDocuments({}, { limit: maximumScanned + 1 });
  if (members <= maximumScanned) return {};
  throw new ScimError(
    400,
    'Ask for a userName, an externalId or an id: the tenant has too many users.',
    'tooMany',
  );
}

/** Members who have an address: by their directory, or themselves where it does not say. */
export async function withAddress({ models }: Arthemiz, email: string): Promise<Query> {
  const person = await models.Person.findOne({ email }, { _id: 1 }).lean();
  const byDirectory = { 'directory.userName': email };
  if (person === null) return byDirectory;
  return { $or: [byDirectory, { personId: person._id, 'directory.userName': { $exists: false } }] };
}
