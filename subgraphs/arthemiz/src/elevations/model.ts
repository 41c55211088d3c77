// An elevation: a person asks for a role for a while, and holds it from somebody else's approval to its end.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { countGrantChanges } from '../grants/counting.ts';
import { keepDays } from './rules.ts';

export const elevationSchema = new Schema(
  {
    _id: { type: String, default: () => newId('elv') },
    personId: { type: String, required: true, immutable: true },
    roleId: { type: String, required: true, immutable: true },
    /** The role's name when it was asked for. */
    roleName: { type: String, required: true, immutable: true },
    minutes: { type: Number, required: true, immutable: true },
    reason: { type: String, required: true, immutable: true },
    requestedAt: { type: Date, required: true, immutable: true },
    /** Null while nobody has answered. */
    outcome: { type: String, enum: ['approved', 'declined', 'withdrawn'] as const, default: null },
    /** Who answered, or withdrew it. */
    decidedBy: { type: String, default: null },
    decidedAt: { type: Date, default: null },
    endsAt: { type: Date, default: null },
    /** Whether gateways still have to be told that it is over. */
    isEndDue: { type: Boolean, default: undefined },
  },
  { collection: 'elevations', versionKey: false },
);

// Finds what a person asked for and holds.
elevationSchema.index({ tenantId: 1, personId: 1, requestedAt: -1 });
// Lists a tenant's, newest first.
elevationSchema.index({ tenantId: 1, requestedAt: -1, _id: -1 });
// Finds those whose role is to stay.
elevationSchema.index({ tenantId: 1, roleId: 1 });
// Finds those that have ended and of whose end nobody was told yet, over all tenants.
elevationSchema.index({ endsAt: 1 }, { partialFilterExpression: { isEndDue: true } });
// Removes old ones.
elevationSchema.index({ requestedAt: 1 }, { expireAfterSeconds: keepDays * 86_400 });
// Finds what is about a person, in whichever tenant.
elevationSchema.index({ personId: 1 }, { sparse: true });

elevationSchema.plugin(countGrantChanges);

export type ElevationRow = InferSchemaType<typeof elevationSchema> & { tenantId: string };
