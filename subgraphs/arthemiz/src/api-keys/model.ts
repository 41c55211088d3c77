// An API key: a tenant's way in for a program that wants no OAuth. It acts for itself, never beyond its creator.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const apiKeySchema = new Schema(
  {
    _id: { type: String, default: () => newId('key') },
    name: { type: String, required: true },
    /** What it was given; it may do what of it its creator may do at the moment. */
    permissions: { type: [String], required: true },
    createdBy: { type: String, required: true, immutable: true },
    /** The creator's membership, or the service client: the key ends with it, also when they come back. */
    boundTo: { type: String, required: true, immutable: true },
    /** SHA-256 of the key, base64url. */
    digest: { type: String, required: true },
    /** The one before the last rotation, while it lives on. */
    previous: {
      type: new Schema(
        { digest: { type: String, required: true }, endsAt: { type: Date, required: true } },
        { _id: false },
      ),
      default: null,
    },
    lifetimeDays: { type: Number, required: true, immutable: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    lastUsedAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
    /** When it is of no interest any more. */
    forgetAt: { type: Date, required: true },
  },
  { collection: 'apikeys', versionKey: false },
);

// Lists a tenant's keys, newest first; also counts those that live.
apiKeySchema.index({ tenantId: 1, createdAt: -1, _id: -1 });
// Forgets what has long ended.
apiKeySchema.index({ forgetAt: 1 }, { expireAfterSeconds: 0 });
// Finds what is about a person, in whichever tenant.
apiKeySchema.index({ createdBy: 1 }, { sparse: true });

export type ApiKeyRow = InferSchemaType<typeof apiKeySchema> & { tenantId: string };
