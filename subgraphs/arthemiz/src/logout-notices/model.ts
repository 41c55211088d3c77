// What a client has yet to hear: a session in which it got tokens has ended (OpenID Connect Back-Channel Logout 1.0).
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const logoutNoticeSchema = new Schema(
  {
    /** The `jti` of its logout token, the same at every attempt: who has heard it knows it. */
    _id: { type: String, default: () => newId('lgt') },
    clientId: { type: String, required: true },
    personId: { type: String, required: true },
    sessionId: { type: String, required: true },
    /** When it is tried next; while a copy tries it, when that copy is given up. */
    dueAt: { type: Date, required: true },
    attempts: { type: Number, required: true },
    /** When it is given up. */
    giveUpAt: { type: Date, required: true },
  },
  { collection: 'logoutnotices', versionKey: false },
);

// Finds the one that is due next, in whichever tenant.
logoutNoticeSchema.index({ dueAt: 1 });
// Finds what is about a person, in whichever tenant.
logoutNoticeSchema.index({ personId: 1 }, { sparse: true });

export type LogoutNoticeRow = InferSchemaType<typeof logoutNoticeSchema> & { tenantId: string };
