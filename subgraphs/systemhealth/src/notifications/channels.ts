import { newId } from '@supergraph/chassis/identifiers';
import { endOf } from '@supergraph/chassis/retention/keeping';
import { notificationChannelNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { logDays } from './queueing.ts';

export const deleteNotificationChannel: MutationResolvers['deleteNotificationChannel'] = async (
  _,
  { input },
  { models },
) => {
  const { deletedCount } = await models.NotificationChannel.deleteOne({ _id: input.id });
  if (deletedCount === 1) return { deletedNotificationChannelId: input.id, errors: [] };
  return { deletedNotificationChannelId: null, errors: [notificationChannelNotFound] };
};

export const testNotificationChannel: MutationResolvers['testNotificationChannel'] = (
  _,
  { input },
  { models, service },
) =>
  service.transaction(async () => {
    const channel = await models.NotificationChannel.exists({ _id: input.id });
    if (channel === null) return { notification: null, errors: [notificationChannelNotFound] };
    const now = new Date();
    const _id = newId('ntf');
    const [queued] = await models.Notification.create([
      {
        ...{ _id, channelId: input.id, idempotencyKey: _id, groupKey: _id, sequence: 0, state: 'QUEUED' },
        ...{ attempts: 0, createdAt: now, dueAt: now, expiresAt: endOf(now, { days: logDays }) },
      },
    ]);
    return { notification: queued?.toObject() ?? null, errors: [] };
  });
