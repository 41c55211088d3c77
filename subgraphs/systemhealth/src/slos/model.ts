// An objective with what is measured of it. The document is kept as it was given; what is computed with is read from it
// once, when it is written.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { Verdict } from '../alerts/rules.ts';
import { burnKinds } from './rules.ts';

const verdicts = ['MET', 'CLEAR', 'UNKNOWN'] as const satisfies readonly Verdict[];

const windowSchema = new Schema(
  {
    kind: { type: String, enum: ['ROLLING', 'CALENDAR'] as const, required: true },
    durationMs: { type: Number, default: null },
    count: { type: Number, default: null },
    unit: { type: String, enum: ['d', 'w', 'M', 'Q', 'Y', null] as const, default: null },
    startTime: { type: String, default: null },
    timeZone: { type: String, default: null },
  },
  { _id: false },
);

const indicatorSchema = new Schema(
  {
    kind: { type: String, enum: ['CHECKS', 'METRICS'] as const, required: true },
    /** Of METRICS: what of them, by metric-sources.ts. */
    metrics: { type: Schema.Types.Mixed, default: null },
    /** Of one check; null: of all checks of the service. */
    checkId: { type: String, default: null },
    serviceId: { type: String, required: true },
    latencyMs: { type: Number, default: null },
  },
  { _id: false },
);

const slicesSchema = new Schema(
  { sliceMs: { type: Number, required: true }, target: { type: Number, required: true } },
  { _id: false },
);

const burnSchema = new Schema(
  {
    kind: { type: String, enum: burnKinds, required: true },
    longMs: { type: Number, required: true },
    shortMs: { type: Number, required: true },
    factor: { type: Number, required: true },
    longRate: { type: Number, default: null },
    shortRate: { type: Number, default: null },
    verdict: { type: String, enum: verdicts, required: true },
  },
  { _id: false },
);

const standingSchema = new Schema(
  {
    measuredAt: { type: Date, required: true },
    startsAt: { type: Date, required: true },
    endsAt: { type: Date, required: true },
    good: { type: Number, required: true },
    total: { type: Number, required: true },
    consumed: { type: Number, default: null },
    remaining: { type: Number, default: null },
    knownRatio: { type: Number, required: true },
    burnRates: { type: [burnSchema], required: true },
  },
  { _id: false },
);

const policyStepSchema = new Schema(
  { consumedRatio: { type: Number, required: true }, note: { type: String, required: true } },
  { _id: false },
);

export const sloSchema = new Schema(
  {
    _id: { type: String, default: () => newId('slo') },
    document: { type: String, required: true },
    name: { type: String, required: true },
    displayName: { type: String, default: null },
    description: { type: String, default: null },
    serviceId: { type: String, required: true },
    indicator: { type: indicatorSchema, required: true },
    target: { type: Number, required: true },
    window: { type: windowSchema, required: true },
    slices: { type: slicesSchema, default: null },
    policy: { type: [policyStepSchema], required: true },
    /** Names the part of the platform that it is a promise about; null for a tenant's own. */
    builtIn: { type: String, default: null },
    createdAt: { type: Date, required: true },

    /** When it is measured next. */
    measureAt: { type: Date, required: true },
    /** Hours before this one are counted for good: nothing recorded so late comes any more. */
    settledUntil: { type: Date, default: null },
    standing: { type: standingSchema, default: null },
    /** Whether the end of the budget of the present period has been told. */
    isExhausted: { type: Boolean, default: false },
  },
  { collection: 'slos', versionKey: false },
);

// A tenant's names are its own.
sloSchema.index({ tenantId: 1, name: 1 }, { unique: true });
// Lists a tenant's objectives in the order of their making.
sloSchema.index({ tenantId: 1, _id: 1 });
// What is to be measured, over all tenants.
sloSchema.index({ measureAt: 1 });

/** As it is read lean: mongoose's arrays are plain ones then. */
export type StandingRow = Omit<InferSchemaType<typeof standingSchema>, 'burnRates'> & {
  burnRates: InferSchemaType<typeof burnSchema>[];
};
export type BurnRateRow = StandingRow['burnRates'][number];
export type IndicatorRow = InferSchemaType<typeof indicatorSchema>;
export type SloRow = Omit<InferSchemaType<typeof sloSchema>, 'standing' | 'policy'> & {
  tenantId: string;
  standing?: StandingRow | null;
  policy: InferSchemaType<typeof policyStepSchema>[];
};
