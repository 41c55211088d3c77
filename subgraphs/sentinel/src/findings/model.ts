// Something that a rule found: one for all events that belong together.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { findingStatuses, severities } from './rules.ts';

const subjectSchema = new Schema(
  { field: { type: String, required: true }, value: { type: String, required: true } },
  { _id: false },
);

export const findingSchema = new Schema(
  {
    _id: { type: String, default: () => newId('fnd') },
    ruleId: { type: String, required: true, immutable: true },
    ruleVersion: { type: Number, required: true, immutable: true },
    /** What it is about, as one text: the values by which the rule groups. */
    group: { type: String, required: true, immutable: true },
    title: { type: String, required: true },
    severity: { type: String, enum: severities, required: true },
    techniques: { type: [String], required: true },
    subjects: { type: [subjectSchema], required: true },
    status: { type: String, enum: findingStatuses, required: true },
    statusSince: { type: Date, required: true },
    assigneeId: { type: String, default: null },
    firstSeenAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    evidenceCount: { type: Number, required: true },
    createdAt: { type: Date, required: true, immutable: true },
    changedAt: { type: Date, required: true },
    /** Set when late events showed that it and another one are the same. */
    mergedIntoId: { type: String, default: null },
    /** As long as the tenant says, from when it last changed. */
    expiresAt: { type: Date, required: true },
    /** Until when its evidence is kept; null, or absent from before this was kept, where that is not known. */
    evidenceUntil: { type: Date, default: null },
  },
  { collection: 'findings', versionKey: false },
);

// A tenant's findings, the one that changed last first; those of a status.
findingSchema.index({ tenantId: 1, changedAt: -1, _id: -1 });
findingSchema.index({ tenantId: 1, status: 1, changedAt: -1, _id: -1 });
// Which one more evidence belongs to.
export const groupIndex = { tenantId: 1, ruleId: 1, group: 1, lastSeenAt: -1 } as const;
findingSchema.index(groupIndex);
// What is about somebody or something, for their risk; and all that counts for anybody's.
findingSchema.index({ tenantId: 1, 'subjects.value': 1, lastSeenAt: -1 });
findingSchema.index({ tenantId: 1, lastSeenAt: -1 });
// What somebody is to look into, in whichever tenant: for their copy of it, and for forgetting them.
findingSchema.index({ assigneeId: 1, _id: 1 });
// Retention.
findingSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type FindingRow = InferSchemaType<typeof findingSchema> & { tenantId: string };

/** What a finding's resolvers start from: the stored row, or the push that told of it. */
export type FindingParent = Omit<FindingRow, 'group' | 'expiresAt' | 'statusSince' | 'evidenceUntil'>;
