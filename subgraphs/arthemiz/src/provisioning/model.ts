// How far a tenant's provisioning has come, and the steps that subgraphs declared.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { provisioningStatuses, stepStatuses } from './rules.ts';

const text = { type: String, required: true } as const;
const count = { type: Number, required: true } as const;
const instant = { type: Date, default: null } as const;
const flag = { type: Boolean, required: true } as const;

export const provisioningSchema = new Schema(
  {
    _id: { type: String, default: () => newId('prv') },
    status: { type: String, enum: provisioningStatuses, required: true },
    steps: {
      type: [
        new Schema(
          {
            ...{ subgraph: text, name: text, description: text },
            status: { type: String, enum: stepStatuses, required: true },
            ...{ attempts: count, compensations: count, sequence: count },
            error: { type: String, default: null },
            ...{ retryAt: instant, giveUpAt: instant },
            ...{ isLate: flag, isUncertain: flag },
          },
          { _id: false },
        ),
      ],
      required: true,
    },
    /** Of the last request to a subgraph. */
    sequence: count,
    /** When it is looked at again; null when nothing is awaited. */
    dueAt: instant,
    /** Which steps were declared when it last moved: where others are now, those join. */
    declared: { type: String, default: '' },
    startedAt: { type: Date, required: true, immutable: true },
    finishedAt: instant,
  },
  { collection: 'provisionings', versionKey: false },
);

// A tenant is provisioned once.
provisioningSchema.index({ tenantId: 1 }, { unique: true });
// Finds what has not heard of all steps.
provisioningSchema.index({ declared: 1 });
// Finds what is due.
provisioningSchema.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $type: 'date' } } });

export type ProvisioningRow = InferSchemaType<typeof provisioningSchema> & { tenantId: string };
export type StepRow = ProvisioningRow['steps'][number];

export const declarationSchema = new Schema(
  {
    /** The subgraph's name. */
    _id: { type: String, required: true },
    steps: { type: [new Schema({ name: text, description: text }, { _id: false })], required: true },
    /** When it said so: what it said before must not win by arriving later. */
    declaredAt: { type: Date, required: true },
  },
  { collection: 'step_declarations', versionKey: false },
);
