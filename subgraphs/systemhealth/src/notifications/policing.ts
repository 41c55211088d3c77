import { z } from 'zod';
import { labelName } from '../alert-rules/label-name.ts';
import { requestEvaluation } from '../alerts/requesting.ts';
import { invalidInput, limitReached, notificationChannelNotFound, policyNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';

const mostPerTenant = 50;

const step = z.object({
  afterMs: z.number().int().min(0).max(86_400_000),
  channelIds: z.array(z.string().max(64)).min(1).max(20),
});

const inputSchema = z.object({
  name: z.string().trim().min(1).max(100),
  groupBy: z
    .array(labelName)
    .max(10)
    .nullish()
    .transform((given) => [...new Set(given ?? ['service'])]),
  groupWaitMs: z
    .number()
    .int()
    .min(0)
    .max(300_000)
    .nullish()
    .transform((given) => given ?? 2_000),
  repeatEveryMs: z.number().int().min(60_000).max(604_800_000).nullish(),
  steps: z
    .array(step)
    .min(1)
    .max(10)
    .refine((steps) => steps[0]?.afterMs === 0, { error: 'has no first step at 0' })
    .refine((steps) => steps.every(({ afterMs }, index) => afterMs > (steps[index - 1]?.afterMs ?? -1)), {
      error: 'has a step that is not later than the one before',
    }),
});

export const createNotificationPolicy: MutationResolvers['createNotificationPolicy'] = (
  _,
  { input },
  { models, service },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { notificationPolicy: null, errors: invalidInput(parsed.error) };
  return service.transaction(async () => {
    const ids = [...new Set(parsed.data.steps.flatMap(({ channelIds }) => channelIds))];
    if ((await models.NotificationChannel.countDocuments({ _id: { $in: ids } })) < ids.length)
      return { notificationPolicy: null, errors: [notificationChannelNotFound] };
    if ((await models.NotificationPolicy.countDocuments()) >= mostPerTenant)
      return { notificationPolicy: null, errors: [limitReached('notification policies', mostPerTenant)] };
    const [created] = await models.NotificationPolicy.create([parsed.data]);
    return { notificationPolicy: created?.toObject() ?? null, errors: [] };
  });
};

export const deleteNotificationPolicy: MutationResolvers['deleteNotificationPolicy'] = (
  _,
  { input },
  { models, service },
) =>
  service.transaction(async () => {
    const { deletedCount } = await models.NotificationPolicy.deleteOne({ _id: input.id });
    if (deletedCount === 0) return { deletedNotificationPolicyId: null, errors: [policyNotFound] };
    await models.AlertRule.updateMany(
      { notificationPolicyId: input.id },
      { $set: { notificationPolicyId: null } },
    );
    await requestEvaluation(service);
    return { deletedNotificationPolicyId: input.id, errors: [] };
  });
