import type { Context } from '../context.ts';
import type { Resolvers } from '../schema.generated.ts';
import type { RoleRow } from './model.ts';

/** A tenant has a handful of roles; this many are shown. */
const maximumRoles = 200;

export const roleResolvers: Resolvers = {
  Query: {
    roles: (_, __, context) => listRoles(context),
  },
  Role: {
    id: (role) => role._id,
  },
};

/** The roles of the tenant in scope, by name. */
export function listRoles({ models }: Context): Promise<RoleRow[]> {
  return models.Role.find().sort({ name: 1 }).limit(maximumRoles).lean();
}
