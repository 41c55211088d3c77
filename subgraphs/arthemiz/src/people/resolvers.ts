// People as the schema shows them: the members of the viewer's tenant.
import { type Connection, findPage, type PageArguments, parsePage } from '@supergraph/chassis/pagination';
import type { Context } from '../context.ts';
import type { Resolvers } from '../schema.generated.ts';
import type { PersonRow } from './model.ts';

export const personResolvers: Resolvers = {
  Query: {
    viewer: (_, __, { viewer }) => viewer,
    person: (_, { id }, { loaders }) => loaders.member.load(id),
    people: (_, page, context) => listPeople(page, context),
  },
  Viewer: {
    id: ({ subject }) => subject,
    displayName: async ({ subject }, _, context) => {
      const person = await context.loaders.member.load(subject);
      return person?.displayName ?? (await clientName(subject, context));
    },
    email: async ({ subject }, _, { loaders }) => (await loaders.member.load(subject))?.email ?? null,
    tenant: ({ tenantId }, _, { loaders }) => (tenantId === null ? null : loaders.tenant.load(tenantId)),
    roles: ({ roles }) => [...roles],
    permissions: ({ permissions }) => [...permissions],
    person: ({ subject }, _, { loaders }) => loaders.member.load(subject),
  },
  Person: {
    __resolveReference: ({ id }, { loaders }) => loaders.member.load(id),
    id: (person) => person._id,
    async roles(person, _, { loaders }) {
      const membership = await loaders.membership.load(person._id);
      const roles = await Promise.all((membership?.roleIds ?? []).map((id) => loaders.role.load(id)));
      return roles.filter((role) => role !== null).sort((a, b) => a.name.localeCompare(b.name));
    },
    async scopedRoles(person, _, { loaders }) {
      const { scopedRoles = [] } = (await loaders.membership.load(person._id)) ?? {};
      const held = await Promise.all(
        (scopedRoles ?? []).map(async ({ roleId, ...scope }) => ({
          ...scope,
          role: await loaders.role.load(roleId),
        })),
      );
      return held.flatMap(({ role, ...scope }) => (role === null ? [] : [{ ...scope, role }]));
    },
    async groups(person, _, { loaders }) {
      const membership = await loaders.membership.load(person._id);
      const groups = await Promise.all((membership?.groupIds ?? []).map((id) => loaders.group.load(id)));
      return groups.filter((group) => group !== null).sort((a, b) => a.name.localeCompare(b.name));
    },
  },
};

/** A page of the members of the tenant in scope, or of those in one of its groups. */
export async function listPeople(
  page: PageArguments,
  { models, loaders }: Context,
  filter: { groupIds?: string } = {},
): Promise<Connection<PersonRow>> {
  const { edges, pageInfo } = await findPage(models.Membership, {
    page: parsePage(page),
    sort: { field: '_id', direction: 'ascending' },
    filter,
  });
  const people = await Promise.all(edges.map(({ node }) => loaders.member.load(node.personId)));
  const known = edges.flatMap(({ cursor }, index) => {
    const node = people[index];
    return node === null || node === undefined ? [] : [{ cursor, node }];
  });
  return { edges: known, nodes: known.map(({ node }) => node), pageInfo };
}

async function clientName(subject: string, { models, viewer }: Context): Promise<string> {
  if (viewer.tenantId === null) return subject;
  const program =
    (await models.ServiceClient.findOne({ _id: subject }).lean()) ??
    (await models.ApiKey.findOne({ _id: subject }).lean());
  // A token may outlive a membership by its last minutes; its id is a name then.
  return program?.name ?? subject;
}
