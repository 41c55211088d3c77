// What a tenant doesn't want to be told, and takes back.
import { z } from 'zod';
import type { MutationResolvers } from '../../schema.generated.ts';
import {
  detectionRuleNotFound,
  invalidDetectionInput,
  suppressionLimitReached,
  suppressionNotFound,
} from '../refusals.ts';
import { shownRuleById } from '../shown.ts';
import type { SuppressionRow } from './model.ts';

const mostSuppressions = 200;

const suppressionInput = z.object({
  ruleId: z.string().max(64),
  matches: z
    .array(
      z.object({
        field: z.string().regex(/^[\w.]{1,100}$/, 'is the name of a field'),
        value: z
          .string()
          .trim()
          .min(1)
          .max(200)
          .refine((value) => /[^*]/.test(value), { error: 'says nothing' }),
      }),
    )
    .min(1)
    .max(10),
  reason: z.string().trim().min(1).max(500),
  until: z
    .date()
    .refine((until) => until.getTime() > Date.now(), { error: 'lies in the future' })
    .nullish(),
});

export const createSuppression: MutationResolvers['createSuppression'] = async (
  _,
  { input },
  { service, models, viewer },
) => {
  const parsed = suppressionInput.safeParse(input);
  if (!parsed.success) return { suppression: null, errors: invalidDetectionInput(parsed.error) };
  return service.transaction(async () => {
    if ((await shownRuleById(models, parsed.data.ruleId)) === null)
      return { suppression: null, errors: [detectionRuleNotFound] };
    if ((await models.Suppression.countDocuments()) >= mostSuppressions)
      return { suppression: null, errors: [suppressionLimitReached(mostSuppressions)] };
    const [made] = await models.Suppression.create([
      { ...parsed.data, until: parsed.data.until ?? null, createdBy: viewer.subject, createdAt: new Date() },
    ]);
    return { suppression: made?.toObject() ?? null, errors: [] };
  });
};

export const deleteSuppression: MutationResolvers['deleteSuppression'] = (
  _,
  { input },
  { service, models },
) =>
  service.transaction(async () => {
    const suppression = await models.Suppression.findOneAndDelete({ _id: input.id }).lean<SuppressionRow>();
    if (suppression === null) return { suppression, errors: [suppressionNotFound] };
    await models.SuppressedEvent.deleteMany({ suppressionId: input.id });
    return { suppression, errors: [] };
  });
