// A way by which people are told of alerts.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const channelKinds = ['EMAIL', 'WEBHOOK', 'SLACK'] as const;

export const notificationChannelSchema = new Schema(
  {
    _id: { type: String, default: () => newId('nch') },
    name: { type: String, required: true },
    kind: { type: String, enum: channelKinds, required: true },
    /** The addresses, or the host of the URL. */
    target: { type: String, required: true },
    emails: { type: [{ type: String, required: true }], required: true },
    /** URL and signing secret, encrypted with KEY_ENCRYPTION_KEY and bound to the channel; null for EMAIL. */
    sealed: { type: String, default: null },
    isDefault: { type: Boolean, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'notification_channels', versionKey: false },
);

// A tenant's channels in the order of their making.
notificationChannelSchema.index({ tenantId: 1, _id: 1 });

export type NotificationChannelRow = InferSchemaType<typeof notificationChannelSchema> & { tenantId: string };
