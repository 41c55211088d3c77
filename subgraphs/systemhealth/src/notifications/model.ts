// One thing that one channel is to tell: the queue while it is QUEUED, the delivery log afterwards.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { transitionKinds } from '../alerts/model.ts';

export const notificationSchema = new Schema(
  {
    _id: { type: String, default: () => newId('ntf') },
    channelId: { type: String, required: true, immutable: true },
    /** Null for a test. */
    alertId: { type: String, default: null, immutable: true },
    /** The alert's fingerprint and the transition's number. */
    idempotencyKey: { type: String, required: true, immutable: true },
    sequence: { type: Number, required: true, immutable: true },
    kind: { type: String, enum: [...transitionKinds, null], default: null },
    /** What is told together, if it is due at the same time. */
    groupKey: { type: String, required: true },
    state: { type: String, enum: ['QUEUED', 'DELIVERED', 'FAILED', 'SUPERSEDED'] as const, required: true },
    attempts: { type: Number, required: true },
    error: { type: String, default: null },
    createdAt: { type: Date, required: true },
    /** When it is tried next; while a copy tries it, when that copy is given up. Null for one that is told with another. */
    dueAt: { type: Date, default: null },
    /** The notification that it is told with, from the first attempt on: a message is the same at each attempt. */
    batchId: { type: String, default: null },
    /** Until then a copy may be telling it. */
    inFlightUntil: { type: Date, default: null },
    /** Addresses of its channel that have it already: the others are tried again. */
    mailedTo: { type: [{ type: String, required: true }], default: [] },
    settledAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'notifications', versionKey: false },
);

// A fact is queued once for a channel, whoever evaluates.
notificationSchema.index({ tenantId: 1, idempotencyKey: 1, channelId: 1 }, { unique: true });
// What is due, over all tenants.
notificationSchema.index({ state: 1, dueAt: 1 });
// What is told together.
notificationSchema.index({ tenantId: 1, batchId: 1 });
// What was told of an alert.
notificationSchema.index({ tenantId: 1, alertId: 1, createdAt: -1, _id: -1 });
// The delivery log, newest first.
notificationSchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Retention.
notificationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type NotificationRow = InferSchemaType<typeof notificationSchema> & { tenantId: string };
