import { isDuplicateKey } from '@supergraph/chassis/database';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import { invalidInput, serviceNotFound, statusPageSlugTaken } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { statusPageChangedTopic } from './live.ts';
import { pageIdOf, type StatusPageRow } from './model.ts';

const inputSchema = z.object({
  slug: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, {
    error: 'must be 3 to 63 small letters, digits and hyphens',
  }),
  title: z.string().trim().min(1).max(100),
  description: z
    .string()
    .trim()
    .max(1_000)
    .nullish()
    .transform((given) => given || null),
  serviceIds: z
    .array(z.string().max(64))
    .max(50)
    .transform((given) => [...new Set(given)]),
  isOn: z.boolean(),
});

export const updateStatusPage: MutationResolvers['updateStatusPage'] = async (
  _,
  { input },
  { models, service },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { statusPageSettings: null, errors: invalidInput(parsed.error) };
  const { serviceIds } = parsed.data;
  const services = await models.Service.countDocuments({ _id: { $in: serviceIds } });
  if (services < serviceIds.length) return { statusPageSettings: null, errors: [serviceNotFound] };
  const _id = pageIdOf(currentTenant());
  try {
    return await service.transaction(async ({ push }) => {
      const page = await models.StatusPage.findOneAndUpdate(
        { _id },
        { $set: parsed.data },
        { upsert: true, returnDocument: 'after' },
      ).lean<StatusPageRow>();
      push(statusPageChangedTopic, {});
      return { statusPageSettings: page, errors: [] };
    });
  } catch (error) {
    if (isDuplicateKey(error)) return { statusPageSettings: null, errors: [statusPageSlugTaken] };
    throw error;
  }
};
