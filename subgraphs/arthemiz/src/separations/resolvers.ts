// Separations of duties as the schema shows them.
import { deletedSeparationInput, invalidInput, newSeparationInput } from '../roles/refusals.ts';
import type { Resolvers } from '../schema.generated.ts';
import { createSeparation, deleteSeparation } from './changing.ts';
import { allSeparations } from './keeping.ts';

export const separationResolvers: Resolvers = {
  Query: {
    separationsOfDuties: (_, __, { service }) => allSeparations(service),
  },
  Mutation: {
    async createSeparationOfDuties(_, { input }, { service, viewer }) {
      const parsed = newSeparationInput.safeParse(input);
      if (!parsed.success) return { separationOfDuties: null, errors: invalidInput(parsed.error) };
      const outcome = await createSeparation(service, { ...parsed.data, changedBy: viewer.subject });
      return 'separation' in outcome
        ? { separationOfDuties: outcome.separation, errors: [] }
        : { separationOfDuties: null, errors: [outcome.refusal] };
    },
    async deleteSeparationOfDuties(_, { input }, { service, viewer }) {
      const parsed = deletedSeparationInput.safeParse(input);
      if (!parsed.success) return { deletedSeparationOfDutiesId: null, errors: invalidInput(parsed.error) };
      const outcome = await deleteSeparation(service, { ...parsed.data, changedBy: viewer.subject });
      return 'refusal' in outcome
        ? { deletedSeparationOfDutiesId: null, errors: [outcome.refusal] }
        : { deletedSeparationOfDutiesId: outcome.deletedId, errors: [] };
    },
  },
  SeparationOfDuties: {
    id: (separation) => separation._id,
    async roles({ roleIds }, _, { loaders }) {
      const graph = await loaders.roleGraph();
      return [...graph.values()].filter(({ _id }) => roleIds.includes(_id));
    },
  },
};
