// An incident as it stands. How it came to that is its timeline (entry-model.ts), written in the same transactions.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { incidentRoles, incidentSeverities, incidentStatuses } from './rules.ts';

/** How long one is kept after its end, and its timeline. */
export const keptDays = 800;

const roleSchema = new Schema(
  {
    role: { type: String, enum: incidentRoles, required: true },
    personId: { type: String, required: true },
  },
  { _id: false },
);

const actionItemSchema = new Schema(
  {
    text: { type: String, required: true },
    ownerId: { type: String, default: null },
    isDone: { type: Boolean, required: true },
  },
  { _id: false },
);

export const incidentSchema = new Schema(
  {
    _id: { type: String, default: () => newId('inc') },
    title: { type: String, required: true },
    severity: { type: String, enum: incidentSeverities, required: true },
    status: { type: String, enum: incidentStatuses, required: true },
    serviceIds: { type: [{ type: String, required: true }], required: true },
    impact: { type: String, default: null },
    runbookUrl: { type: String, default: null },
    roles: { type: [roleSchema], required: true },
    actionItems: { type: [actionItemSchema], required: true },
    /** Null where an alert opened it. */
    openedBy: { type: String, default: null },
    alertIds: { type: [{ type: String, required: true }], required: true },
    /** Of the alerts that open it: one that fires in the same group while it is open belongs to it. */
    groupKey: { type: String, default: null },
    startedAt: { type: Date, required: true },
    detectedAt: { type: Date, required: true },
    acknowledgedAt: { type: Date, default: null },
    acknowledgedBy: { type: String, default: null },
    resolvedAt: { type: Date, default: null },
    /** The number of the latest entry of its timeline. */
    sequence: { type: Number, required: true },
    /** Whether any of its updates is public: then the status page shows it. */
    isPublic: { type: Boolean, required: true },
    expiresAt: { type: Date, default: null },
  },
  { collection: 'incidents', versionKey: false },
);

// A tenant's incidents, newest first.
incidentSchema.index({ tenantId: 1, detectedAt: -1, _id: -1 });
// Those that an alert of a group belongs to.
incidentSchema.index({ tenantId: 1, groupKey: 1, resolvedAt: 1 });
// Retention, of those that ended.
incidentSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type RoleHolderRow = InferSchemaType<typeof roleSchema>;
export type ActionItemRow = InferSchemaType<typeof actionItemSchema>;
/** As it is read lean: mongoose's arrays are plain ones then. */
export type IncidentRow = Omit<
  InferSchemaType<typeof incidentSchema>,
  'serviceIds' | 'roles' | 'actionItems' | 'alertIds'
> & {
  tenantId: string;
  serviceIds: string[];
  roles: InferSchemaType<typeof roleSchema>[];
  actionItems: InferSchemaType<typeof actionItemSchema>[];
  alertIds: string[];
};
