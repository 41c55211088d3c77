// How people are told of alerts, as the schema shows it.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { deleteNotificationChannel, testNotificationChannel } from './channels.ts';
import { createNotificationChannel } from './create-channel.ts';
import { createNotificationPolicy, deleteNotificationPolicy } from './policing.ts';
import { rotateNotificationChannelSecret } from './rotate-secret.ts';
import { updateNotificationChannel } from './update-channel.ts';

export const notificationResolvers: Resolvers = {
  Query: {
    notificationPolicies: (_, __, { models }) => models.NotificationPolicy.find().sort({ _id: 1 }).lean(),
    notificationChannels: (_, __, { models }) => models.NotificationChannel.find().sort({ _id: 1 }).lean(),
    notifications: (_, { alertId, ...page }, { models }) =>
      findPage(models.Notification, {
        page: parsePage(page),
        sort: { field: 'createdAt', direction: 'descending' },
        filter: alertId ? { alertId } : {},
      }),
  },
  Mutation: {
    ...{ createNotificationPolicy, deleteNotificationPolicy },
    ...{ createNotificationChannel, deleteNotificationChannel, testNotificationChannel },
    ...{ updateNotificationChannel, rotateNotificationChannelSecret },
  },
  NotificationPolicy: { id: ({ _id }) => _id },
  NotificationChannel: { id: ({ _id }) => _id },
  Notification: {
    id: ({ _id }) => _id,
    channel: ({ channelId }, _, { loaders }) => loaders.notificationChannel.load(channelId),
  },
};
