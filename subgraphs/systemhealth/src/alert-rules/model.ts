// A rule: what is looked for, and how bad it is. What it looks for and its labels never change, because the
// fingerprints of its open alerts are made of them.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { Label, Verdict } from '../alerts/rules.ts';
import { statuses } from '../checks/model.ts';
import { aggregations } from '../metrics/summary.ts';
import { matcherSchema } from '../silences/model.ts';
import { burnKinds } from '../slos/rules.ts';
import { changeUnits, comparisons, directions } from './series-rules.ts';

export const severities = ['CRITICAL', 'WARNING', 'INFO'] as const;

const verdicts = ['MET', 'CLEAR', 'UNKNOWN'] as const satisfies readonly Verdict[];

export const labelSchema = new Schema(
  { name: { type: String, required: true }, value: { type: String, required: true } },
  { _id: false },
);

const checkStatusSchema = new Schema(
  {
    statuses: { type: [{ type: String, enum: statuses, required: true }], required: true },
    serviceIds: { type: [{ type: String, required: true }], required: true },
    checkIds: { type: [{ type: String, required: true }], required: true },
  },
  { _id: false },
);

/** Series of metrics. */
const selector = {
  metric: { type: String, required: true },
  matchers: { type: [matcherSchema], required: true },
};

const limit = {
  comparison: { type: String, enum: comparisons, required: true },
  threshold: { type: Number, required: true },
  /** Hysteresis: what fires is over beyond this; null: beyond the threshold. */
  clearThreshold: { type: Number, default: null },
};

const overWindow = {
  aggregation: { type: String, enum: aggregations, required: true },
  windowMs: { type: Number, required: true },
};

const thresholdSchema = new Schema({ ...selector, ...overWindow, ...limit }, { _id: false });

const absenceSchema = new Schema(
  { ...selector, durationMs: { type: Number, required: true } },
  { _id: false },
);

const rateOfChangeSchema = new Schema(
  { ...selector, ...overWindow, unit: { type: String, enum: changeUnits, required: true }, ...limit },
  { _id: false },
);

const anomalySchema = new Schema(
  {
    ...{ ...selector, ...overWindow },
    direction: { type: String, enum: directions, required: true },
    /** How many spreads from the middle of past weeks. */
    deviations: { type: Number, required: true },
    weeks: { type: Number, required: true },
    minimumWeeks: { type: Number, required: true },
  },
  { _id: false },
);

const ruleIds = { type: [{ type: String, required: true }], required: true };
const compositeSchema = new Schema({ allOf: ruleIds, anyOf: ruleIds, noneOf: ruleIds }, { _id: false });

const burnRateSchema = new Schema(
  { sloId: { type: String, required: true }, kind: { type: String, enum: burnKinds, required: true } },
  { _id: false },
);

/** Exactly one of these. */
const conditionSchema = new Schema(
  {
    checkStatus: { type: checkStatusSchema },
    threshold: { type: thresholdSchema },
    absence: { type: absenceSchema },
    rateOfChange: { type: rateOfChangeSchema },
    anomaly: { type: anomalySchema },
    composite: { type: compositeSchema },
    burnRate: { type: burnRateSchema },
  },
  { _id: false },
);

export const alertRuleSchema = new Schema(
  {
    _id: { type: String, default: () => newId('alr') },
    name: { type: String, required: true },
    condition: { type: conditionSchema, required: true, immutable: true },
    forMs: { type: Number, required: true },
    recoverForMs: { type: Number, required: true },
    severity: { type: String, enum: severities, required: true, immutable: true },
    labels: { type: [labelSchema], required: true, immutable: true },
    runbookUrl: { type: String, default: null },
    isEnabled: { type: Boolean, default: true },
    /** Names a rule that every tenant has; null for a tenant's own. */
    builtIn: { type: String, default: null },
    /** Whether an alert of it opens an incident, where its group has none open. */
    opensIncident: { type: Boolean, default: false },
    notificationPolicyId: { type: String, default: null },
    createdAt: { type: Date, required: true },
    /** Whether what was there before the rule has been looked at. */
    isUnseen: { type: Boolean, default: true },
    /** What a rule about metrics or other rules says as a whole, and what else there is to know; null for others. */
    verdict: { type: String, enum: [...verdicts, null], default: null },
    verdictSince: { type: Date, default: null },
    problem: { type: String, default: null },
  },
  { collection: 'alert_rules', versionKey: false },
);

// Lists a tenant's rules in the order of their making.
alertRuleSchema.index({ tenantId: 1, _id: 1 });
// Provisioning twice, or in two copies at once, makes one rule.
alertRuleSchema.index(
  { tenantId: 1, builtIn: 1 },
  { unique: true, partialFilterExpression: { builtIn: { $type: 'string' } } },
);

/** As it is read lean: mongoose's arrays are plain ones then. */
export type AlertRuleRow = Omit<InferSchemaType<typeof alertRuleSchema>, 'labels'> & {
  tenantId: string;
  labels: Label[];
};
export type ConditionRow = AlertRuleRow['condition'];
export type CheckStatusConditionRow = NonNullable<ConditionRow['checkStatus']>;
export type ThresholdRow = NonNullable<ConditionRow['threshold']>;
export type AbsenceRow = NonNullable<ConditionRow['absence']>;
export type RateOfChangeRow = NonNullable<ConditionRow['rateOfChange']>;
export type AnomalyRow = NonNullable<ConditionRow['anomaly']>;
export type CompositeRow = NonNullable<ConditionRow['composite']>;
export type BurnRateConditionRow = NonNullable<ConditionRow['burnRate']>;
