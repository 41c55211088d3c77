// The graph of roles: whatever is asked for in whatever order, what is accepted keeps its rules.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { definitionRefusal } from './definition-rules.ts';
import { explain } from './explaining.ts';
import {
  cycleThrough,
  effectivePermissions,
  graphOf,
  type InheritingRole,
  inheritedBy,
  longestChain,
  maximumChain,
  type RoleGraph,
} from './inheritance.ts';
import { type Permission, permissions } from './rules.ts';

const count = 12;
const ids = Array.from({ length: count }, (_, index) => `rol_${index}`);
const anyId = fc.constantFrom(...ids);
const anyPermission = fc.constantFrom(...permissions);
const anyRole = fc.record({
  id: anyId,
  permissions: fc.uniqueArray(anyPermission, { maxLength: 3 }),
  inheritedRoleIds: fc.uniqueArray(anyId, { maxLength: 3 }),
});
const anyRoles = fc.array(anyRole, { maxLength: 60 });
const everything = new Set<string>(permissions);

const bare: RoleGraph = graphOf(ids.map((_id) => ({ _id, name: _id, permissions: [] })));

interface Wanted {
  id: string;
  permissions: Permission[];
  inheritedRoleIds: string[];
}

function define(graph: RoleGraph, { id, ...wanted }: Wanted, held: ReadonlySet<string> = everything) {
  const role: InheritingRole = { _id: id, name: id, ...wanted };
  const after = new Map(graph).set(id, role);
  const refusal = definitionRefusal({ role, before: graph.get(id), graph: after, held });
  return { refusal, after, graph: refusal ? graph : after };
}

function defineAll(wanted: readonly Wanted[]): RoleGraph {
  return wanted.reduce((graph, one) => define(graph, one).graph, bare);
}

/** By taking away who inherits nothing that is left, again and again: knows nothing of ways. */
function isAcyclic(graph: RoleGraph): boolean {
  const left = new Set(graph.keys());
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const id of left)
      if (!graph.get(id)?.inheritedRoleIds?.some((inherited) => left.has(inherited))) left.delete(id);
  }
  return left.size === 0;
}

/** By giving every role what those that it inherits have, until nothing comes any more. */
function allowedByRounds(graph: RoleGraph): Map<string, Set<string>> {
  const allowed = new Map([...graph.values()].map((role) => [role._id, new Set(role.permissions)]));
  for (const _ of ids)
    for (const role of graph.values())
      for (const inherited of role.inheritedRoleIds ?? [])
        for (const permission of allowed.get(inherited) ?? []) allowed.get(role._id)?.add(permission);
  return allowed;
}

describe('the graph of roles', () => {
  it('stays without cycles and within its depth, whatever is asked for', () => {
    fc.assert(
      fc.property(anyRoles, (wanted) => {
        const graph = defineAll(wanted);
        expect(isAcyclic(graph)).toBe(true);
        expect(longestChain(graph).length).toBeLessThanOrEqual(maximumChain);
      }),
    );
  });

  it('refuses as a cycle exactly what would be one, and names a way that is there', () => {
    fc.assert(
      fc.property(anyRoles, anyRole, (wanted, last) => {
        const { refusal, after } = define(defineAll(wanted), last);
        expect(refusal?.__typename === 'RoleCycle').toBe(!isAcyclic(after));
        const role = after.get(last.id);
        const way = role ? cycleThrough(after, role) : null;
        if (refusal?.__typename !== 'RoleCycle') return expect(way).toBeNull();
        expect(refusal.path).toEqual(way?.map(({ name }) => name));
        expect([way?.at(0)?._id, way?.at(-1)?._id]).toEqual([last.id, last.id]);
        for (const [index, role] of (way ?? []).slice(0, -1).entries())
          expect(inheritedBy(after, role)).toContain(way?.[index + 1]);
      }),
    );
  });

  it('allows what a role allows itself and what all that it inherits allow', () => {
    fc.assert(
      fc.property(anyRoles, fc.uniqueArray(anyId), (wanted, held) => {
        const graph = defineAll(wanted);
        const byRounds = allowedByRounds(graph);
        const together = new Set(held.flatMap((id) => [...(byRounds.get(id) ?? [])]));
        expect(effectivePermissions(graph, held)).toEqual([...together].sort());
      }),
    );
  });

  it('lets nobody widen any role by what they do not have', () => {
    const someHeld = fc.uniqueArray(anyPermission).map((held) => new Set<string>(held));
    fc.assert(
      fc.property(anyRoles, anyRole, someHeld, (wanted, last, held) => {
        const before = defineAll(wanted);
        const { graph: after } = define(before, last, held);
        for (const id of ids) {
          const known = effectivePermissions(before, [id]);
          for (const permission of effectivePermissions(after, [id]))
            expect(known.includes(permission) || held.has(permission)).toBe(true);
        }
      }),
    );
  });

  it('is told when it would be too deep', () => {
    const heir = (index: number): Wanted => ({
      id: `rol_${index}`,
      permissions: [],
      inheritedRoleIds: index === 0 ? [] : [`rol_${index - 1}`],
    });
    const deepest = Array.from({ length: maximumChain }, (_, index) => heir(index));
    const graph = defineAll(deepest);
    expect(longestChain(graph)).toHaveLength(maximumChain);
    const { refusal } = define(graph, heir(maximumChain));
    expect(refusal).toMatchObject({
      __typename: 'RoleInheritanceTooDeep',
      path: ids.slice(0, maximumChain + 1).reverse(),
    });
  });

  it('ends where a cycle is in the data already', () => {
    const graph = graphOf([
      { _id: 'a', name: 'a', permissions: ['role:read'], inheritedRoleIds: ['b'] },
      { _id: 'b', name: 'b', permissions: ['role:write'], inheritedRoleIds: ['a', 'gone'] },
    ]);
    expect(effectivePermissions(graph, ['a'])).toEqual(['role:read', 'role:write']);
  });
});

describe('an explanation', () => {
  it('says that somebody may exactly when they may, and each of its ways leads to the permission', () => {
    fc.assert(
      fc.property(
        anyRoles,
        fc.uniqueArray(anyId, { maxLength: 4 }),
        anyPermission,
        (wanted, heldRoleIds, permission) => {
          const graph = defineAll(wanted);
          const { isAllowed, ways, rolesThatWouldGive } = explain(graph, {
            ...{ permission, separations: [] },
            held: heldRoleIds.map((roleId) => ({ roleId, group: null, elevation: null, scope: null })),
          });
          expect(isAllowed).toBe(effectivePermissions(graph, heldRoleIds).includes(permission));
          expect(ways.length > 0).toBe(isAllowed);
          for (const { path } of ways) {
            expect(heldRoleIds).toContain(path[0]?._id);
            expect(path.at(-1)?.permissions).toContain(permission);
          }
          for (const { _id } of rolesThatWouldGive)
            expect(effectivePermissions(graph, [...heldRoleIds, _id])).toContain(permission);
          const isGivenByAny = effectivePermissions(graph, ids).includes(permission);
          expect(rolesThatWouldGive.length > 0).toBe(isGivenByAny && !isAllowed);
        },
      ),
    );
  });
});
