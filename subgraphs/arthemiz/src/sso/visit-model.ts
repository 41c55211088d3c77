// Somebody who left for their identity provider, until they have come back and are let in. Bound to one sign-in, which one
// browser holds.
import { type InferSchemaType, Schema } from 'mongoose';

export const ssoVisitSchema = new Schema(
  {
    /** Digest of the `state`, or RelayState, that comes back with them. */
    _id: { type: String, required: true },
    /** The sign-in that it is a part of. */
    signInId: { type: String, required: true },
    connectionId: { type: String, required: true },
    ownerId: { type: String, required: true },
    /** The public origin that they left from. */
    origin: { type: String, required: true },
    /** What their answer has to fit, sealed. */
    sealedExpectation: { type: String, required: true },
    /** Whether the provider's answer has come: one is taken. */
    isAnswered: { type: Boolean, required: true },
    /** Digest of what the browser that brought the answer was given; null before, and after it was shown. */
    handleDigest: { type: String, default: null },
    /** Whom the provider vouched for, sealed. */
    sealedIdentity: { type: String, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'ssovisits', versionKey: false },
);

// A sign-in has one at most.
ssoVisitSchema.index({ signInId: 1 });
// Those that never came back go.
ssoVisitSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type SsoVisitRow = InferSchemaType<typeof ssoVisitSchema>;
