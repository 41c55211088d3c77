import { z } from 'zod';
import { invalidInput, limitReached } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';

const mostPerTenant = 500;

const inputSchema = z.object({ name: z.string().trim().min(1).max(100) });

export const createService: MutationResolvers['createService'] = async (
  _,
  { input },
  { models, service },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { service: null, errors: invalidInput(parsed.error) };
  return service.transaction(async () => {
    if ((await models.Service.countDocuments()) >= mostPerTenant) {
      return { service: null, errors: [limitReached('services', mostPerTenant)] };
    }
    const [created] = await models.Service.create([{ name: parsed.data.name, createdAt: new Date() }]);
    return { service: created?.toObject() ?? null, errors: [] };
  });
};
