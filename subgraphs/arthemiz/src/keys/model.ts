// A key that tokens are signed with. When it signs follows from `activeFrom` and its successor's; no state is
// stored, so that no two copies can disagree about one.
import { type InferSchemaType, Schema } from 'mongoose';

export const signingKeySchema = new Schema(
  {
    /** Key id: the JWK thumbprint (RFC 7638). */
    _id: { type: String, required: true },
    sequence: { type: Number, required: true, immutable: true },
    /** Private JWK as JSON, encrypted with KEY_ENCRYPTION_KEY and bound to the key id. */
    sealedPrivateKey: { type: String, required: true, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
    /** From then on it signs, until its successor does. */
    activeFrom: { type: Date, required: true, immutable: true },
  },
  { collection: 'signingkeys', versionKey: false },
);

// Each key has one successor: of two copies that rotate at once, one fails here.
signingKeySchema.index({ sequence: 1 }, { unique: true });

export type SigningKeyRow = InferSchemaType<typeof signingKeySchema>;
