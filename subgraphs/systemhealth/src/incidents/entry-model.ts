// One thing that happened in an incident. Entries are added and never changed.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { entryKinds, incidentRoles, incidentStatuses } from './rules.ts';

export const incidentEntrySchema = new Schema(
  {
    _id: { type: String, default: () => newId('ien') },
    incidentId: { type: String, required: true, immutable: true },
    /** Counts the entries of its incident. */
    sequence: { type: Number, required: true, immutable: true },
    kind: { type: String, enum: entryKinds, required: true, immutable: true },
    occurredAt: { type: Date, required: true, immutable: true },
    /** Who did it; null where it happened by itself. */
    actorId: { type: String, default: null, immutable: true },
    message: { type: String, default: null, immutable: true },
    isPublic: { type: Boolean, required: true, immutable: true },
    /** The incident's status from then on. */
    status: { type: String, enum: incidentStatuses, required: true, immutable: true },
    role: { type: String, enum: [...incidentRoles, null], default: null, immutable: true },
    personId: { type: String, default: null, immutable: true },
    alertId: { type: String, default: null, immutable: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'incident_entries', versionKey: false },
);

// An incident's timeline; of two that write at once, one begins anew.
incidentEntrySchema.index({ tenantId: 1, incidentId: 1, sequence: 1 }, { unique: true });
// Retention.
incidentEntrySchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type IncidentEntryRow = InferSchemaType<typeof incidentEntrySchema> & { tenantId: string };
