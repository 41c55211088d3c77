import type { Context } from '../context.ts';
import type { Resolvers } from '../schema.generated.ts';
import { assignRoles, updateRole } from './changing.ts';
import type { RoleRow } from './model.ts';
import { assignedRolesInput, invalidInput, updatedRoleInput } from './refusals.ts';

/** A tenant has a handful of roles; this many are shown. */
const maximumRoles = 200;

export const roleResolvers: Resolvers = {
  Query: {
    roles: (_, __, context) => listRoles(context),
  },
  Mutation: {
    async updateRole(_, { input }, { service, viewer }) {
      const parsed = updatedRoleInput.safeParse(input);
      if (!parsed.success) return { role: null, errors: invalidInput(parsed.error) };
      const outcome = await updateRole(service, { ...parsed.data, changer: viewer });
      return 'role' in outcome
        ? { role: outcome.role, errors: [] }
        : { role: null, errors: [outcome.refusal] };
    },
    async assignRoles(_, { input }, { service, viewer, loaders }) {
      const parsed = assignedRolesInput.safeParse(input);
      if (!parsed.success) return { person: null, errors: invalidInput(parsed.error) };
      const outcome = await assignRoles(service, { ...parsed.data, changer: viewer });
      if ('refusal' in outcome) return { person: null, errors: [outcome.refusal] };
      return { person: await loaders.member.load(parsed.data.personId), errors: [] };
    },
  },
  Role: {
    id: (role) => role._id,
  },
};

/** The roles of the tenant in scope, by name. */
export function listRoles({ models }: Context): Promise<RoleRow[]> {
  return models.Role.find().sort({ name: 1 }).limit(maximumRoles).lean();
}
