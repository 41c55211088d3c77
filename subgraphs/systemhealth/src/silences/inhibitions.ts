import { z } from 'zod';
import { labelName } from '../alert-rules/label-name.ts';
import { requestEvaluation } from '../alerts/requesting.ts';
import { inhibitionNotFound, invalidInput, limitReached } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { matchers } from './input.ts';

const mostPerTenant = 50;

const inputSchema = z.object({
  sourceMatchers: matchers,
  targetMatchers: matchers,
  equalLabels: z
    .array(labelName)
    .max(10)
    .nullish()
    .transform((given) => [...new Set(given ?? [])]),
});

export const createInhibition: MutationResolvers['createInhibition'] = (
  _,
  { input },
  { models, service },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { inhibition: null, errors: invalidInput(parsed.error) };
  return service.transaction(async () => {
    if ((await models.Inhibition.countDocuments()) >= mostPerTenant)
      return { inhibition: null, errors: [limitReached('inhibitions', mostPerTenant)] };
    const [created] = await models.Inhibition.create([parsed.data]);
    await requestEvaluation(service);
    return { inhibition: created?.toObject() ?? null, errors: [] };
  });
};

export const deleteInhibition: MutationResolvers['deleteInhibition'] = (_, { input }, { models, service }) =>
  service.transaction(async () => {
    const { deletedCount } = await models.Inhibition.deleteOne({ _id: input.id });
    if (deletedCount === 0) return { deletedInhibitionId: null, errors: [inhibitionNotFound] };
    await requestEvaluation(service);
    return { deletedInhibitionId: input.id, errors: [] };
  });
