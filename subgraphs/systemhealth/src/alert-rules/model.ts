// A rule: what is looked for, and how bad it is. What it looks for and its labels never change, because the
// fingerprints of its open alerts are made of them.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import type { Label } from '../alerts/rules.ts';
import { statuses } from '../checks/model.ts';
import { burnKinds } from '../slos/rules.ts';

export const severities = ['CRITICAL', 'WARNING', 'INFO'] as const;

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

const burnRateSchema = new Schema(
  { sloId: { type: String, required: true }, kind: { type: String, enum: burnKinds, required: true } },
  { _id: false },
);

/** One of them is there: what a rule's input is checked for. */
const conditionSchema = new Schema(
  { checkStatus: { type: checkStatusSchema }, burnRate: { type: burnRateSchema } },
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
export type BurnRateConditionRow = NonNullable<ConditionRow['burnRate']>;
