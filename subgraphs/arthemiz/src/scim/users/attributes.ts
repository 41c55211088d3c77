// How an identity provider sets the attributes of a user, one by one: whole users and PATCH operations are both sequences
// of that. Pure.
import { z } from 'zod';
import { emailAddress } from '../../people/rules.ts';
import { invalidPath, invalidValue, readOnly } from '../errors.ts';
import type { UserDraft } from './user.ts';

export const nobody: UserDraft = {
  userName: null,
  externalId: null,
  displayName: null,
  givenName: null,
  familyName: null,
  isActive: null,
};

/** Attributes of the standard that are accepted and not kept. Emails: the user name is the address. */
const notKept = new Set([
  ...['password', 'nickname', 'profileurl', 'title', 'usertype', 'preferredlanguage', 'locale', 'timezone'],
  ...['emails', 'phonenumbers', 'ims', 'photos', 'addresses', 'entitlements', 'roles', 'x509certificates'],
]);
const notKeptOfNames = new Set(['formatted', 'middlename', 'honorificprefix', 'honorificsuffix']);
const ownedByService = new Set(['id', 'meta', 'groups', 'schemas']);

const text = z
  .string()
  .trim()
  .max(200)
  .regex(/^\P{Cc}*$/u);
const truth = z.union([
  z.boolean(),
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false']))
    .transform((word) => word === 'true'),
]);

/** `path` in lower case. Null takes a value away. @throws ScimError */
export function setUserAttribute(draft: UserDraft, path: string, value: unknown): UserDraft {
  switch (path) {
    case 'username':
      return { ...draft, userName: userNameOf(value) };
    case 'externalid':
      return { ...draft, externalId: textOf('externalId', value) };
    case 'displayname':
      return { ...draft, displayName: textOf('displayName', value) };
    case 'name':
      return setName(draft, value);
    case 'name.givenname':
      return { ...draft, givenName: textOf('name.givenName', value) };
    case 'name.familyname':
      return { ...draft, familyName: textOf('name.familyName', value) };
    case 'active':
      return { ...draft, isActive: truthOf(value) };
    default:
      return ignored(draft, path);
  }
}

/** All attributes of an object, as of a whole user. What belongs to the service, and what nobody knows, is ignored. */
export function setUserAttributes(draft: UserDraft, attributes: object): UserDraft {
  return Object.entries(attributes).reduce((result, [name, value]) => {
    const path = name.toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:user:/, '');
    return isKept(path) ? setUserAttribute(result, path, value) : result;
  }, draft);
}

const kept = new Set([
  ...['username', 'externalid', 'displayname', 'name', 'name.givenname', 'name.familyname', 'active'],
]);

function isKept(path: string): boolean {
  return kept.has(path);
}

function ignored(draft: UserDraft, path: string): UserDraft {
  const [name = '', sub = ''] = path.split('.', 2);
  if (ownedByService.has(name)) throw readOnly(name);
  if (notKept.has(name) || path.startsWith('urn:') || (name === 'name' && notKeptOfNames.has(sub)))
    return draft;
  throw invalidPath(`Users have no attribute ${path.slice(0, 100)}.`);
}

function setName(draft: UserDraft, value: unknown): UserDraft {
  if (value === null) return { ...draft, givenName: null, familyName: null };
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidValue('The name is an object.');
  return Object.entries(value).reduce(
    (result, [part, given]) => setUserAttribute(result, `name.${part.toLowerCase()}`, given),
    draft,
  );
}

function userNameOf(value: unknown): string {
  const parsed = emailAddress.safeParse(value);
  if (!parsed.success)
    throw invalidValue(
      'The userName is the e-mail address by which somebody signs in, and may not be removed.',
    );
  return parsed.data;
}

function textOf(name: string, value: unknown): string | null {
  if (value === null) return null;
  const parsed = text.safeParse(value);
  if (!parsed.success) throw invalidValue(`The ${name} is a text of 200 characters at most, on one line.`);
  return parsed.data === '' ? null : parsed.data;
}

function truthOf(value: unknown): boolean {
  const parsed = truth.safeParse(value);
  if (!parsed.success) throw invalidValue('The attribute active is true or false.');
  return parsed.data;
}
