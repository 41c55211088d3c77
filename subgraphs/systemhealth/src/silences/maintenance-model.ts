// Announced work on services: their alerts are quiet meanwhile.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const maintenanceWindowSchema = new Schema(
  {
    _id: { type: String, default: () => newId('mwi') },
    name: { type: String, required: true },
    serviceIds: { type: [{ type: String, required: true }], required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    repeatEveryDays: { type: Number, default: null },
    repeatsUntil: { type: Date, default: null },
    createdBy: { type: String, required: true },
    /** Null while it repeats without an end. */
    expiresAt: { type: Date, default: null },
  },
  { collection: 'maintenance_windows', versionKey: false },
);

// A tenant's windows, newest first.
maintenanceWindowSchema.index({ tenantId: 1, _id: -1 });
// Retention.
maintenanceWindowSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type MaintenanceWindowRow = InferSchemaType<typeof maintenanceWindowSchema> & { tenantId: string };
