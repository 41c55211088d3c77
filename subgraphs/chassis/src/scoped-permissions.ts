// A permission on one resource alone stands among those that hold everywhere, as `check:write@chk_1`: whatever carries,
// compares or takes away permissions does so with these, and nobody who asks for `check:write` takes one for the other.
import type { Viewer } from './viewer.ts';

const separator = '@';

/** The permission, on this resource alone. */
export function scopedTo(resourceId: string, permission: string): string {
  return permission + separator + resourceId;
}

/** What is permitted, wherever. */
export function withoutScope(permission: string): string {
  const end = permission.indexOf(separator);
  return end === -1 ? permission : permission.slice(0, end);
}

/** What two may do together: what both may, on the narrower of where they may; sorted. */
export function permissionsOfBoth(one: Iterable<string>, other: Iterable<string>): string[] {
  const [first, second] = [new Set(one), new Set(other)];
  const within = (held: ReadonlySet<string>) => (permission: string) =>
    held.has(permission) || held.has(withoutScope(permission));
  return [...new Set([...[...first].filter(within(second)), ...[...second].filter(within(first))])].sort();
}

type Held = Pick<Viewer, 'permissions'>;

/** Ids of the resources on which the viewer holds the permission, beside what they hold everywhere. */
export function resourcesWith({ permissions }: Held, permission: string): readonly string[] {
  return scopesOf(permissions).get(permission) ?? [];
}

/** Which resources of one type a viewer may see in a list: all, or those of these ids. */
export function resourcesSeen(viewer: Held, permission: string): 'all' | readonly string[] {
  return viewer.permissions.has(permission) ? 'all' : resourcesWith(viewer, permission);
}

// There is one set per passport, and a list asks the same of each of its items.
const known = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, readonly string[]>>();

function scopesOf(permissions: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const before = known.get(permissions);
  if (before !== undefined) return before;
  const scopes = new Map<string, string[]>();
  for (const each of permissions) {
    const permission = withoutScope(each);
    if (permission === each) continue;
    const resourceId = each.slice(permission.length + separator.length);
    const ids = scopes.get(permission);
    if (ids === undefined) scopes.set(permission, [resourceId]);
    else ids.push(resourceId);
  }
  known.set(permissions, scopes);
  return scopes;
}
