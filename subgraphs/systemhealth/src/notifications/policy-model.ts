// How people are told of a rule's alerts.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

const stepSchema = new Schema(
  {
    afterMs: { type: Number, required: true },
    channelIds: { type: [{ type: String, required: true }], required: true },
  },
  { _id: false },
);

export const notificationPolicySchema = new Schema(
  {
    _id: { type: String, default: () => newId('npo') },
    name: { type: String, required: true },
    groupBy: { type: [{ type: String, required: true }], required: true },
    groupWaitMs: { type: Number, required: true },
    repeatEveryMs: { type: Number, default: null },
    steps: { type: [stepSchema], required: true },
  },
  { collection: 'notification_policies', versionKey: false },
);

// A tenant's policies in the order of their making.
notificationPolicySchema.index({ tenantId: 1, _id: 1 });

export type NotificationPolicyRow = InferSchemaType<typeof notificationPolicySchema> & { tenantId: string };
