// Something that is done to somebody or something because of what was found, with everything that became of it.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { responseKinds, responseStatuses, targetKinds } from './rules.ts';

const logSchema = new Schema(
  {
    status: { type: String, enum: responseStatuses, required: true },
    at: { type: Date, required: true },
    by: { type: String, default: null },
    note: { type: String, default: null },
  },
  { _id: false },
);

const text = { type: String, default: null, immutable: true } as const;

export const responseSchema = new Schema(
  {
    _id: { type: String, default: () => newId('rsp') },
    kind: { type: String, enum: responseKinds, required: true, immutable: true },
    targetKind: { type: String, enum: targetKinds, required: true, immutable: true },
    target: { type: String, required: true, immutable: true },
    status: { type: String, enum: responseStatuses, required: true },
    /** Whether it is to be done, or holds. */
    isLive: { type: Boolean, required: true },
    reason: { type: String, required: true, immutable: true },
    findingId: text,
    policyId: text,
    proposedBy: text,
    /** Null for what doesn't last. */
    minutes: { type: Number, default: null, immutable: true },
    /** When it expires: as a proposal, and from when it was applied on as what it is. */
    endsAt: { type: Date, default: null },
    /** Of a block: the rule that gateways know. */
    accessRuleId: { type: String, default: null },
    log: { type: [logSchema], required: true },
    createdAt: { type: Date, required: true, immutable: true },
    changedAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'responses', versionKey: false },
);

// Finds whether the same is done already. That it is done once at a time is kept by the tenant's turn (access-rules.ts):
// secantusd (DESIGN.md, backing services) keeps a unique partial index's entry of what was changed twice in one transaction.
responseSchema.index({ tenantId: 1, target: 1, kind: 1, isLive: 1 });
// A policy does its part once about each of whom a finding is about.
responseSchema.index(
  { tenantId: 1, findingId: 1, policyId: 1, targetKind: 1, target: 1 },
  { unique: true, partialFilterExpression: { policyId: { $type: 'string' } } },
);
// A tenant's, the one that changed last first; of a status; what is about somebody.
responseSchema.index({ tenantId: 1, changedAt: -1, _id: -1 });
responseSchema.index({ tenantId: 1, status: 1, changedAt: -1, _id: -1 });
responseSchema.index({ tenantId: 1, target: 1, changedAt: -1, _id: -1 });
// What ends by itself.
responseSchema.index({ endsAt: 1 }, { partialFilterExpression: { isLive: true } });
// What somebody proposed, in whichever tenant: for their copy of it.
responseSchema.index({ proposedBy: 1, _id: 1 });
// Retention.
responseSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type ResponseLogRow = InferSchemaType<typeof logSchema>;
export type ResponseRow = InferSchemaType<typeof responseSchema> & { tenantId: string };
