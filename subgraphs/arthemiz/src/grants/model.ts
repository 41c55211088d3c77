// A change of grants: from that moment on, access tokens issued before it say more, or less, than what holds.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { tokenLifetimeSeconds } from '../keys/rules.ts';

/** Nobody asks for a change any more when all tokens from before it have expired; with room for clocks that differ. */
export const keepChangesSeconds = 2 * tokenLifetimeSeconds;

export const grantChangeSchema = new Schema(
  {
    _id: { type: String, default: () => newId('gch') },
    /** Whose grants changed; null for everybody's in the tenant. */
    subject: { type: String, default: null },
    /** What somebody may have lost by it. */
    rolesRemoved: { type: [String], required: true },
    permissionsRemoved: { type: [String], required: true },
    changedAt: { type: Date, required: true },
  },
  { collection: 'grantchanges', versionKey: false },
);

// Removes what no token remembers; also lists the recent ones, newest first.
grantChangeSchema.index({ changedAt: -1 }, { expireAfterSeconds: keepChangesSeconds });

export type GrantChangeRow = InferSchemaType<typeof grantChangeSchema> & { tenantId: string };
