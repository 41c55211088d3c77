// Groups as the schema shows them.
import { listPeople } from '../people/resolvers.ts';
import {
  assignedGroupsInput,
  deletedGroupInput,
  invalidInput,
  newGroupInput,
  updatedGroupInput,
} from '../roles/refusals.ts';
import { changeBy } from '../roles/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import { assignGroups } from './assigning.ts';
import { createGroup, deleteGroup, type GroupOutcome, updateGroup } from './changing.ts';
import { allGroups } from './reading.ts';

export const groupResolvers: Resolvers = {
  Query: {
    groups: (_, __, context) => allGroups(context),
  },
  Mutation: {
    async createGroup(_, { input }, context) {
      const parsed = newGroupInput.safeParse(input);
      if (!parsed.success) return { group: null, errors: invalidInput(parsed.error) };
      return groupAnswer(await createGroup(context.service, await changeBy(context, parsed.data)));
    },
    async updateGroup(_, { input }, context) {
      const parsed = updatedGroupInput.safeParse(input);
      if (!parsed.success) return { group: null, errors: invalidInput(parsed.error) };
      return groupAnswer(await updateGroup(context.service, await changeBy(context, parsed.data)));
    },
    async deleteGroup(_, { input }, context) {
      const parsed = deletedGroupInput.safeParse(input);
      if (!parsed.success) return { deletedGroupId: null, errors: invalidInput(parsed.error) };
      const outcome = await deleteGroup(context.service, await changeBy(context, parsed.data));
      context.loaders.forgetRoles();
      return 'refusal' in outcome
        ? { deletedGroupId: null, errors: [outcome.refusal] }
        : { deletedGroupId: outcome.deletedGroupId, errors: [] };
    },
    async assignGroups(_, { input }, context) {
      const parsed = assignedGroupsInput.safeParse(input);
      if (!parsed.success) return { person: null, errors: invalidInput(parsed.error) };
      const outcome = await assignGroups(context.service, await changeBy(context, parsed.data));
      context.loaders.forgetRoles();
      if ('refusal' in outcome) return { person: null, errors: [outcome.refusal] };
      return { person: await context.loaders.member.load(parsed.data.personId), errors: [] };
    },
  },
  Group: {
    id: (group) => group._id,
    async roles({ roleIds }, _, { loaders }) {
      const graph = await loaders.roleGraph();
      return [...graph.values()].filter(({ _id }) => roleIds.includes(_id));
    },
    people: ({ _id }, page, context) => listPeople(page, context, { groupIds: _id }),
  },
};

function groupAnswer(outcome: GroupOutcome) {
  return 'group' in outcome
    ? { group: outcome.group, errors: [] }
    : { group: null, errors: [outcome.refusal] };
}
