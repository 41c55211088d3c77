// A session that has ended in a tenant: its access tokens are out still, and gateways ask which are worth nothing.
import { type InferSchemaType, Schema } from 'mongoose';
import { keepChangesSeconds } from '../grants/model.ts';

export const endedSessionSchema = new Schema(
  {
    sessionId: { type: String, required: true },
    endedAt: { type: Date, required: true },
  },
  { collection: 'endedsessions', versionKey: false },
);

// Removes what no token remembers; also lists the recent ones, newest first.
endedSessionSchema.index({ endedAt: -1 }, { expireAfterSeconds: keepChangesSeconds });

// Finds whether a session has ended.
endedSessionSchema.index({ sessionId: 1 });

export type EndedSessionRow = InferSchemaType<typeof endedSessionSchema> & { tenantId: string };
