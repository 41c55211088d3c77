// How an identity provider sets the attributes of a group. Pure.
import { z } from 'zod';
import { invalidPath, invalidValue, readOnly } from '../errors.ts';
import type { Filter } from '../filters/grammar.ts';
import type { Step } from '../patching.ts';

export interface GroupDraft {
  displayName: string | null;
  /** Undefined: it stays as it is. */
  externalId: string | null | undefined;
  members: MembersChange;
}

/** Who is to be in it: whoever is, or nobody, and these, without those. */
export interface MembersChange {
  from: 'whoever is' | 'nobody';
  added: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();
export const unchanged: MembersChange = { from: 'whoever is', added: none, removed: none };
export const emptied: MembersChange = { from: 'nobody', added: none, removed: none };

/** Changed by one request at most. */
export const maximumChanged = 1_000;
/** Named by one request at most: as many as fit into its body. */
const maximumNamed = 20_000;

const name = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u);
const externalId = z.string().trim().min(1).max(200).nullable();
const member = z.object({ value: z.string().min(1).max(100), type: z.string().optional() });
// One that stands alone is sent without its list, too.
const members = z.union([z.array(member).max(maximumNamed), member.transform((only) => [only])]);

/** All attributes of a whole group: what it does not name, it does not have. */
export function wholeGroup(attributes: object): GroupDraft {
  const start: GroupDraft = { displayName: null, externalId: null, members: emptied };
  return Object.entries(attributes).reduce((draft, [given, value]) => {
    const path = given.toLowerCase();
    return known.has(path) ? set(draft, { path, operator: 'add', value }) : draft;
  }, start);
}

const known = new Set(['displayname', 'externalid', 'members']);

export function patchGroup(displayName: string, steps: readonly Step[]): GroupDraft {
  const start: GroupDraft = { displayName, externalId: undefined, members: unchanged };
  return steps.reduce((draft, { operator, path: { attribute, filter }, value }) => {
    if (attribute.startsWith('urn:')) return draft;
    if (attribute === 'members' && filter !== null)
      return setMembers(draft, { operator, ids: idsIn(filter) });
    if (filter !== null) throw invalidPath(`Groups have no values at ${attribute.slice(0, 100)}.`);
    return set(draft, { path: attribute, operator, value });
  }, start);
}

interface Setting {
  path: string;
  operator: Step['operator'];
  value: unknown;
}

function set(draft: GroupDraft, { path, operator, value }: Setting): GroupDraft {
  switch (path) {
    case 'displayname':
      return { ...draft, displayName: nameOf(operator === 'remove' ? null : value) };
    case 'externalid':
      return { ...draft, externalId: externalIdOf(operator === 'remove' ? null : value) };
    case 'members': {
      const ids = value === undefined || value === null ? null : membersOf(value);
      return setMembers(draft, { operator, ids });
    }
    case 'id':
    case 'meta':
    case 'schemas':
      throw readOnly(path);
    default:
      throw invalidPath(`Groups have no attribute ${path.slice(0, 100)}.`);
  }
}

/** `ids` null: all of them. */
function setMembers(
  draft: GroupDraft,
  { operator, ids }: { operator: Step['operator']; ids: string[] | null },
): GroupDraft {
  const { from, added, removed } = operator === 'replace' ? emptied : draft.members;
  if (operator === 'remove') {
    if (ids === null) return { ...draft, members: emptied };
    const taken = new Set(ids);
    const left = [...added].filter((id) => !taken.has(id));
    return { ...draft, members: { from, added: new Set(left), removed: new Set([...removed, ...ids]) } };
  }
  const given = new Set(ids ?? []);
  const stay = [...removed].filter((id) => !given.has(id));
  return { ...draft, members: { from, added: new Set([...added, ...given]), removed: new Set(stay) } };
}

/** Of `members[value eq "x" or value eq "y"]`. */
function idsIn(filter: Filter): string[] {
  if (filter.kind === 'or') return filter.filters.flatMap(idsIn);
  if (filter.kind === 'compare' && filter.attribute === 'members.value' && filter.comparison === 'eq')
    return [String(filter.value)];
  throw invalidPath('Members are named by members[value eq "id"].');
}

function nameOf(value: unknown): string {
  const parsed = name.safeParse(value);
  if (!parsed.success) throw invalidValue('The displayName is a text of 1 to 100 characters, on one line.');
  return parsed.data;
}

function externalIdOf(value: unknown): string | null {
  const parsed = externalId.safeParse(value);
  if (!parsed.success) throw invalidValue('The externalId is a text of 1 to 200 characters.');
  return parsed.data;
}

function membersOf(value: unknown): string[] {
  const parsed = members.safeParse(value);
  if (!parsed.success) throw invalidValue('Members are objects with the id of a user as their value.');
  if (parsed.data.some(({ type }) => type !== undefined && type.toLowerCase() !== 'user'))
    throw invalidValue('Members are users: groups are in no groups.');
  return parsed.data.map((each) => each.value);
}
