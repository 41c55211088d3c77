import { requestEvaluation } from '../alerts/requesting.ts';
import { checkNotFound, platformCheckProtected } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';

export const deleteCheck: MutationResolvers['deleteCheck'] = (_, { input }, { models, service }) =>
  service.transaction(async () => {
    const { deletedCount } = await models.Check.deleteOne({ _id: input.id, platformSlug: null });
    if (deletedCount === 1) {
      await requestEvaluation(service);
      return { deletedCheckId: input.id, errors: [] };
    }
    const isThere = await models.Check.exists({ _id: input.id });
    return { deletedCheckId: null, errors: [isThere === null ? checkNotFound : platformCheckProtected] };
  });
