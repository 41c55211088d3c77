// For tests only: an administrator who changes who may do what by one copy of the service, and reads it by another.

import type { AccessAsker } from './access-client.ts';
import { actingAs, planOf, roleIdsOf } from './acting.ts';
import type { Fixture } from './fixture.ts';

export const pool = ['check:read', 'check:write', 'service:read', 'security-event:read'];

/** A copy of the service, by each of its doors. */
export interface Copy {
  url: string;
  access: AccessAsker;
}

/** What is changed, and what to; each index is taken modulo the number of what there is. */
export interface Write {
  kind:
    | 'create-role'
    | 'allow'
    | 'give'
    | 'create-group'
    | 'group-gives'
    | 'enter'
    | 'rename'
    | 'presence'
    | 'client';
  /** Which role or group. */
  which: number;
  /** Which of the permissions, roles or groups: its bits. */
  chosen: number;
}

const someOf = <T>(all: readonly T[], chosen: number) =>
  all.filter((_, index) => (chosen >> index) % 2 === 1);

/** All that the administrator knows to have written, and how they write and read. */
export async function openAdministration(fixture: Fixture) {
  const tenant = await fixture.tenant();
  const owner = await fixture.member(tenant);
  const person = await fixture.member(tenant, 'viewer');
  const client = await fixture.serviceClient({ tenant });
  const viewer = actingAs(owner, tenant, planOf('owner'));
  const { viewer: viewerRole = '' } = await roleIdsOf(fixture, tenant);
  const roles = new Map([[viewerRole, planOf('viewer') as string[]]]);
  const groups = new Map<string, string[]>();
  const held = { roles: [viewerRole], groups: [] as string[], ofClient: [viewerRole] };
  let name = tenant.name;
  let isSuspended = false;
  let made = 0;

  async function change(
    mutation: string,
    { url, input, shown }: { url: string; input: object; shown: string },
  ) {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${shown} errors { message } } }`;
    const { data, errors } = await fixture.execute(query, { viewer, url, variables: { input } });
    if (errors !== undefined || data[mutation].errors.length > 0)
      throw new Error(JSON.stringify({ mutation, input, errors, data }));
    return data[mutation];
  }

  async function write({ kind, which, chosen }: Write, { url }: Copy): Promise<void> {
    const of = <T>(all: Iterable<T>): T | undefined => [...all][which % Math.max([...all].length, 1)];
    made += 1;
    if (kind === 'create-role') {
      const permissions = someOf(pool, chosen);
      const input = { name: `role ${made}`, permissions };
      roles.set((await change('createRole', { url, input, shown: 'role { id }' })).role.id, permissions);
    } else if (kind === 'allow') {
      const [id = '', permissions] = [of(roles.keys()), someOf(pool, chosen)];
      await change('updateRole', { url, input: { id, permissions }, shown: 'role { id }' });
      roles.set(id, permissions);
    } else if (kind === 'give') {
      held.roles = someOf([...roles.keys()], chosen);
      const input = { personId: person._id, roleIds: held.roles };
      await change('assignRoles', { url, input, shown: 'person { id }' });
    } else if (kind === 'client') {
      held.ofClient = someOf([...roles.keys()], chosen);
      const input = { id: client.id, roleIds: held.ofClient };
      await change('updateServiceClient', { url, input, shown: 'serviceClient { id }' });
    } else if (kind === 'create-group' || groups.size === 0) {
      const roleIds = someOf([...roles.keys()], chosen);
      const input = { name: `group ${made}`, roleIds };
      groups.set((await change('createGroup', { url, input, shown: 'group { id }' })).group.id, roleIds);
    } else if (kind === 'group-gives') {
      const [id = '', roleIds] = [of(groups.keys()), someOf([...roles.keys()], chosen)];
      await change('updateGroup', { url, input: { id, roleIds }, shown: 'group { id }' });
      groups.set(id, roleIds);
    } else if (kind === 'enter') {
      held.groups = someOf([...groups.keys()], chosen);
      const input = { personId: person._id, groupIds: held.groups };
      await change('assignGroups', { url, input, shown: 'person { id }' });
    } else if (kind === 'rename') {
      name = `Acme ${made}`;
      await change('renameTenant', { url, input: { name }, shown: 'tenant { id }' });
    } else {
      isSuspended = !isSuspended;
      const mutation = isSuspended ? 'suspendPerson' : 'resumePerson';
      await change(mutation, { url, input: { personId: person._id }, shown: 'person { id }' });
    }
  }

  /** What lists, objects, explanations and gateways are told by a copy. */
  async function read({ url, access }: Copy) {
    const subjects = [person._id, client.id].map((subject) => ({ tenantId: tenant._id, subject }));
    const explained = pool.map(
      (one, index) => `e${index}: explainAccess(personId: $id, permission: "${one}") { isAllowed }`,
    );
    const query = `query ($id: ID!) { tenant { name } roles { id permissions } groups { id roles { id } }
      people { nodes { id roles { id } } } serviceClients { nodes { id roles { id } } }
      person(id: $id) { roles { id } groups { id } suspendedAt } ${explained.join(' ')} }`;
    const [{ data }, standings] = await Promise.all([
      fixture.execute(query, { viewer, url, variables: { id: person._id } }),
      access.resolve(subjects),
    ]);
    const idsOf = (all: Array<{ id: string }>) => all.map(({ id }) => id).sort();
    const known = [...roles.keys()];
    return {
      name: data.tenant.name,
      roles: Object.fromEntries(
        data.roles
          .filter(({ id }: { id: string }) => known.includes(id))
          .map((one: { id: string; permissions: string[] }) => [one.id, [...one.permissions].sort()]),
      ),
      groups: Object.fromEntries(
        data.groups.map((one: { id: string; roles: Array<{ id: string }> }) => [one.id, idsOf(one.roles)]),
      ),
      held: idsOf(data.person.roles),
      listed: idsOf(data.people.nodes.find(({ id }: { id: string }) => id === person._id).roles),
      entered: idsOf(data.person.groups),
      ofClient: idsOf(data.serviceClients.nodes[0].roles),
      isSuspended: data.person.suspendedAt !== null,
      explained: pool.filter((_, index) => data[`e${index}`].isAllowed),
      permissions: standings.map((standing) => pool.filter((one) => standing.permissions.includes(one))),
    };
  }

  /** The same by what was written. */
  function written() {
    const sorted = (all: Iterable<string>) => [...all].sort();
    const allows = (ids: readonly string[]) => {
      const all = ids.flatMap((id) => roles.get(id) ?? []);
      return pool.filter((one) => all.includes(one));
    };
    const ofPerson = allows([...held.roles, ...held.groups.flatMap((id) => groups.get(id) ?? [])]);
    return {
      name,
      roles: Object.fromEntries([...roles].map(([id, permissions]) => [id, sorted(permissions)])),
      groups: Object.fromEntries([...groups].map(([id, roleIds]) => [id, sorted(roleIds)])),
      held: sorted(held.roles),
      listed: sorted(held.roles),
      entered: sorted(held.groups),
      ofClient: sorted(held.ofClient),
      isSuspended,
      explained: isSuspended ? [] : ofPerson,
      permissions: [isSuspended ? [] : ofPerson, allows(held.ofClient)],
    };
  }

  return { write, read, written };
}
