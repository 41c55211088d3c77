// Roles on one resource, as the page shows them: by resource. Pure.
import type { ResourceType } from './scoped-roles.generated.ts';

export interface ScopedRole {
  role: { id: string; name: string };
  resourceType: ResourceType;
  resourceId: string;
}

export interface ResourceScope {
  resourceType: ResourceType;
  resourceId: string;
}

export interface Holding {
  scope: ResourceScope;
  roles: { id: string; name: string }[];
}

/** The roles of each resource, in the order in which the resources come first. */
export function byResource(scopedRoles: readonly ScopedRole[]): Holding[] {
  const holdings = new Map<string, Holding>();
  for (const { role, resourceType, resourceId } of scopedRoles) {
    const scope = { resourceType, resourceId };
    const holding = holdings.get(keyOf(scope)) ?? { scope, roles: [] };
    holding.roles.push(role);
    holdings.set(keyOf(scope), holding);
  }
  return [...holdings.values()];
}

/** Names a resource in one word, for the value of a choice. */
export function keyOf({ resourceType, resourceId }: ResourceScope): string {
  return `${resourceType}:${resourceId}`;
}

/**
 * What `keyOf` named. Of anything else it makes a resource that there is not, and never none at all: without a scope the
 * roles would be given in the whole tenant.
 */
export function scopeOf(key: string): ResourceScope {
  const [resourceType, resourceId = ''] = key.split(':');
  return { resourceType: resourceType === 'CHECK' ? 'CHECK' : 'SERVICE', resourceId };
}
