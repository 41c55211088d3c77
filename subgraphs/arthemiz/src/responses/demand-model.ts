// A second factor that a person needs in a tenant because of something that was found, though the tenant asks it of nobody.
import { Schema } from 'mongoose';

export const factorDemandSchema = new Schema(
  {
    /** Sentinel's response, which asks for it and takes it back. */
    responseId: { type: String, required: true, immutable: true },
    personId: { type: String, required: true, immutable: true },
    /** False once it was taken back, which may be heard before the demand itself. */
    isRequired: { type: Boolean, required: true },
    /** When it ends by itself; of one that was taken back, when nobody speaks of it any more. Null for never. */
    until: { type: Date, default: null },
  },
  { collection: 'factordemands', versionKey: false },
);

// A response asks once.
factorDemandSchema.index({ tenantId: 1, responseId: 1 }, { unique: true });
// What is asked of a person in a tenant; and in whichever, for their copy of it and for forgetting them.
factorDemandSchema.index({ tenantId: 1, personId: 1 });
factorDemandSchema.index({ personId: 1, _id: 1 });
// What is over.
factorDemandSchema.index({ until: 1 }, { expireAfterSeconds: 0 });
