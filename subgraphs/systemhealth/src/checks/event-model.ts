// A change of a check's status, kept as a fact. An ordinary collection: it is written in a transaction.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { statuses } from './model.ts';

/** How long a tenant's history is kept where it says nothing. */
export const historyDays = 90;

export const healthEventSchema = new Schema(
  {
    _id: { type: String, default: () => newId('hev') },
    serviceId: { type: String, required: true, immutable: true },
    checkId: { type: String, required: true, immutable: true },
    previousStatus: { type: String, enum: statuses, required: true },
    status: { type: String, enum: statuses, required: true },
    occurredAt: { type: Date, required: true },
    message: { type: String, default: null },
    latencyMs: { type: Number, default: null },
    /** Whether the alert rules have seen it. */
    isEvaluated: { type: Boolean, default: false },
    /** As long as the tenant says. */
    expiresAt: { type: Date, required: true },
  },
  { collection: 'health_events', versionKey: false },
);

// A service's history, newest first.
healthEventSchema.index({ tenantId: 1, serviceId: 1, occurredAt: -1, _id: -1 });
// What the alert rules have yet to see, over all tenants.
healthEventSchema.index(
  { isEvaluated: 1, occurredAt: 1 },
  { partialFilterExpression: { isEvaluated: false } },
);
// Retention.
healthEventSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type HealthEventRow = InferSchemaType<typeof healthEventSchema> & { tenantId: string };

/** What a health event's resolvers start from: the stored row, or the push that told of it. */
export type HealthEventParent = Pick<
  HealthEventRow,
  | '_id'
  | 'tenantId'
  | 'serviceId'
  | 'checkId'
  | 'previousStatus'
  | 'status'
  | 'occurredAt'
  | 'message'
  | 'latencyMs'
>;
