// An alert, with all that happened to it: one document, so that a transition and its record are one write.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { labelSchema, severities } from '../alert-rules/model.ts';
import type { AlertStanding, Label } from './rules.ts';

export const alertStates = ['PENDING', 'FIRING', 'RESOLVED', 'INACTIVE'] as const;
export const transitionKinds = [
  'STARTED',
  'FIRED',
  'WITHDRAWN',
  'RESOLVED',
  'ACKNOWLEDGED',
  'SUPPRESSED',
  'UNSUPPRESSED',
  'ESCALATED',
  'REPEATED',
] as const;
export type TransitionKind = (typeof transitionKinds)[number];

/** How long an alert that ended is kept where its tenant says nothing. */
export const keptDays = 90;
/** An alert shows so many of its transitions; the oldest go. */
export const mostTransitions = 100;

const acknowledgementSchema = new Schema(
  {
    acknowledgedBy: { type: String, required: true },
    acknowledgedAt: { type: Date, required: true },
    note: { type: String, default: null },
  },
  { _id: false },
);

const suppressionSchema = new Schema(
  {
    kind: { type: String, enum: ['SILENCE', 'MAINTENANCE', 'INHIBITION'] as const, required: true },
    sourceId: { type: String, required: true },
    since: { type: Date, required: true },
  },
  { _id: false },
);

const transitionSchema = new Schema(
  {
    sequence: { type: Number, required: true },
    kind: { type: String, enum: transitionKinds, required: true },
    occurredAt: { type: Date, required: true },
    message: { type: String, default: null },
  },
  { _id: false },
);

export const alertSchema = new Schema(
  {
    _id: { type: String, default: () => newId('alt') },
    ruleId: { type: String, required: true, immutable: true },
    fingerprint: { type: String, required: true, immutable: true },
    /** The number of its first transition. */
    firstSequence: { type: Number, required: true, immutable: true },
    labels: { type: [labelSchema], required: true, immutable: true },
    severity: { type: String, enum: severities, required: true, immutable: true },
    summary: { type: String, required: true },
    message: { type: String, default: null },
    runbookUrl: { type: String, default: null },
    serviceId: { type: String, default: null, immutable: true },
    checkId: { type: String, default: null, immutable: true },

    state: { type: String, enum: alertStates, required: true },
    isOpen: { type: Boolean, required: true },
    sequence: { type: Number, required: true },
    observedAt: { type: Date, required: true },
    metSince: { type: Date, default: null },
    clearSince: { type: Date, default: null },
    startedAt: { type: Date, required: true, immutable: true },
    firedAt: { type: Date, default: null },
    endedAt: { type: Date, default: null },
    acknowledgement: { type: acknowledgementSchema, default: null },
    suppression: { type: suppressionSchema, default: null },
    transitions: { type: [transitionSchema], required: true },

    /** Who has been told that it fires, so that they are told of its end. */
    toldChannelIds: { type: [{ type: String, required: true }], required: true },
    /** Steps of the notification policy that were told. */
    stepsTold: { type: Number, default: 0 },
    toldAt: { type: Date, default: null },
    expiresAt: { type: Date, default: null },
  },
  { collection: 'alerts', versionKey: false },
);

// One open alert per fingerprint, whoever evaluates: of two that begin one at once, both take the same number. Not a
// partial index on what is open: the database that stands in for MongoDB on closed networks lets none begin again there.
alertSchema.index({ tenantId: 1, fingerprint: 1, firstSequence: 1 }, { unique: true });
// The latest alert of a fingerprint, whose sequence the next one goes on with.
alertSchema.index({ tenantId: 1, fingerprint: 1, _id: -1 });
// A tenant's open alerts.
alertSchema.index({ tenantId: 1, isOpen: 1, _id: 1 });
// A tenant's alerts, newest first.
alertSchema.index({ tenantId: 1, startedAt: -1, _id: -1 });
// Retention, of those that ended.
alertSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type TransitionRow = InferSchemaType<typeof transitionSchema>;
/** As it is read lean: mongoose's arrays are plain ones then. */
export type AlertRow = Omit<InferSchemaType<typeof alertSchema>, 'labels' | 'transitions'> & {
  tenantId: string;
  labels: Label[];
  transitions: TransitionRow[];
};
export type SuppressionRow = NonNullable<AlertRow['suppression']>;

/** The stored state as the rules want it. */
export function standingOf(
  alert: Pick<AlertRow, 'state' | 'sequence' | 'observedAt' | 'metSince' | 'clearSince'>,
): AlertStanding {
  const { state, sequence, observedAt, metSince, clearSince } = alert;
  return {
    ...{ state, sequence, observedAt: observedAt.getTime() },
    ...{ metSince: metSince?.getTime() ?? null, clearSince: clearSince?.getTime() ?? null },
  };
}
