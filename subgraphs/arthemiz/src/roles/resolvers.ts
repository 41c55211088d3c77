// Roles as the schema shows them.
import { parseInput } from '@supergraph/chassis/input';
import type { Context } from '../context.ts';
import { lastingPermissions } from '../elevations/lasting.ts';
import { holdingsOf } from '../memberships/holdings.ts';
import type { Resolvers } from '../schema.generated.ts';
import { allSeparations } from '../separations/keeping.ts';
import { assignRoles } from './assigning.ts';
import { assignRolesOn } from './assigning-on-resource.ts';
import { createRole, deleteRole, type RoleOutcome, updateRole } from './changing.ts';
import { explain } from './explaining.ts';
import { effectivePermissions, inheritedBy } from './inheritance.ts';
import type { RoleRow } from './model.ts';
import {
  assignedRolesInput,
  deletedRoleInput,
  explainedAccess,
  invalidInput,
  newRoleInput,
  updatedRoleInput,
} from './refusals.ts';
import { isBuiltIn } from './rules.ts';

export const roleResolvers: Resolvers = {
  Query: {
    roles: (_, __, context) => listRoles(context),
    async explainAccess(_, args, { loaders, service }) {
      const { personId, permission } = parseInput(explainedAccess, args);
      const membership = await loaders.membership.load(personId);
      if (membership === null) return null;
      const held = (await holdingsOf(service, [membership])).get(personId) ?? [];
      const separations = await allSeparations(service);
      return explain(await loaders.roleGraph(), { permission, held, separations });
    },
  },
  Mutation: {
    async createRole(_, { input }, context) {
      const parsed = newRoleInput.safeParse(input);
      if (!parsed.success) return { role: null, errors: invalidInput(parsed.error) };
      return roleAnswer(context, await createRole(context.service, await changeBy(context, parsed.data)));
    },
    async updateRole(_, { input }, context) {
      const parsed = updatedRoleInput.safeParse(input);
      if (!parsed.success) return { role: null, errors: invalidInput(parsed.error) };
      return roleAnswer(context, await updateRole(context.service, await changeBy(context, parsed.data)));
    },
    async deleteRole(_, { input }, context) {
      const parsed = deletedRoleInput.safeParse(input);
      if (!parsed.success) return { deletedRoleId: null, errors: invalidInput(parsed.error) };
      const outcome = await deleteRole(context.service, await changeBy(context, parsed.data));
      context.loaders.forgetRoles();
      return 'refusal' in outcome
        ? { deletedRoleId: null, errors: [outcome.refusal] }
        : { deletedRoleId: outcome.deletedRoleId, errors: [] };
    },
    async assignRoles(_, { input }, context) {
      const parsed = assignedRolesInput.safeParse(input);
      if (!parsed.success) return { person: null, errors: invalidInput(parsed.error) };
      const { scope, ...wanted } = await changeBy(context, parsed.data);
      const outcome =
        scope === null
          ? await assignRoles(context.service, wanted)
          : await assignRolesOn(context.service, { ...wanted, scope });
      context.loaders.forgetRoles();
      if ('refusal' in outcome) return { person: null, errors: [outcome.refusal] };
      return { person: await context.loaders.member.load(parsed.data.personId), errors: [] };
    },
  },
  Role: {
    id: (role) => role._id,
    isBuiltIn: (role) => isBuiltIn(role),
    inherits: async (role, _, { loaders }) => inheritedBy(await loaders.roleGraph(), role),
    effectivePermissions: async (role, _, { loaders }) =>
      effectivePermissions(await loaders.roleGraph(), [role._id]),
  },
};

/** The roles of the tenant in scope, by name. */
export async function listRoles({ loaders }: Context): Promise<RoleRow[]> {
  return [...(await loaders.roleGraph()).values()];
}

/** Nobody gives what they have only for a while. */
export async function changeBy<Given>(context: Context, given: Given) {
  const { subject } = context.viewer;
  return { ...given, changer: { subject, permissions: await lastingPermissions(context) } };
}

/** What an operation read before its change must not be shown after it. */
function roleAnswer({ loaders }: Context, outcome: RoleOutcome) {
  loaders.forgetRoles();
  return 'role' in outcome ? { role: outcome.role, errors: [] } : { role: null, errors: [outcome.refusal] };
}
