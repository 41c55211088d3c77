// A tenant: an organization that shares the platform and sees nothing of the others.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { environmentKinds } from '../environments/rules.ts';
import { deletionSchema, suspensionSchema } from '../lifecycle/model.ts';
import { signInMethods } from './compliance-rules.ts';

export const tenantStatuses = ['PROVISIONING', 'ACTIVE', 'FAILED'] as const;

export const tenantSchema = new Schema(
  {
    _id: { type: String, default: () => newId('ten') },
    slug: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    /** Who asked for it under which key, so that asking again makes no second tenant. */
    idempotencyKey: { type: String, required: true, immutable: true },
    /** Digest of what was asked for, to tell a repeated request from another one under the same key. */
    requestDigest: { type: String, required: true, immutable: true },
    /** Who is to be invited as its first owner; gone once they are. */
    ownerEmail: { type: String },
    createdBy: { type: String },
    /** How often its grants were changed: whoever changes them counts here first, so that they take turns. */
    grantChanges: { type: Number },
    /** How often a client was registered in it: whoever registers one counts here first, so that they take turns. */
    clientRegistrations: { type: Number },
    /** Whether people need a second factor to act in it. None: they don't. */
    secondFactorRequired: { type: Boolean },
    /** In which of these ways people have to sign in to act in it. None: in any. */
    signInMethods: { type: [String], enum: signInMethods, default: undefined },
    /** The networks that people may act in it from, as CIDR. None: any. */
    allowedNetworks: { type: [String], default: undefined },
    /** When they were changed last, growing with each change, so that of two readings the newer can be told. */
    networksChangedAt: { type: Date },
    /** For how long a sign-in is good, and for how long without use. None: as long as the platform's sessions. */
    sessionMinutes: { type: Number },
    idleSessionMinutes: { type: Number },
    /** For how many days records of what happened are kept, and when that was said. None: as each subgraph does. */
    retentionDays: { type: Number },
    retentionChangedAt: { type: Date },
    /** How often somebody was invited, for turns of the same kind. */
    invitationsMade: { type: Number },
    /** How often a domain was named, for turns of the same kind. */
    domainsNamed: { type: Number },
    /** Of an environment: the tenant that it is of, and what for. */
    parentId: { type: String, immutable: true },
    environmentKind: { type: String, enum: environmentKinds, immutable: true },
    /** How often an environment of it was made, for turns of the same kind. */
    environmentsMade: { type: Number },
    /** How often an export of it was asked for, for turns of the same kind. */
    exportsMade: { type: Number },
    /** None: from before it was kept, and active. */
    status: { type: String, enum: tenantStatuses },
    /** Null or none: it is open. */
    suspension: { type: suspensionSchema, default: undefined },
    deletion: { type: deletionSchema, default: undefined },
    /** Where its data is meant to lie. None: in the home region. */
    region: { type: String },
    /** How often somebody moved it, for turns. */
    moves: { type: Number },
    createdAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'tenants', versionKey: false },
);

// A slug is an address: it leads to one tenant.
tenantSchema.index({ slug: 1 }, { unique: true });
// Two requests with one key, sent at once, make one tenant.
tenantSchema.index({ idempotencyKey: 1 }, { unique: true });
// Finds those whose data is to be erased.
tenantSchema.index(
  { 'deletion.eraseAt': 1 },
  { partialFilterExpression: { 'deletion.eraseAt': { $type: 'date' } } },
);
// Lists a tenant's environments.
tenantSchema.index({ parentId: 1, _id: 1 }, { sparse: true });
// Lists those whose people may act from some networks alone, and finds whose changed lately.
tenantSchema.index({ allowedNetworks: 1 }, { sparse: true });
tenantSchema.index({ networksChangedAt: 1 }, { sparse: true });
// Lists all tenants, oldest first.
tenantSchema.index({ createdAt: 1, _id: 1 });

export type TenantRow = InferSchemaType<typeof tenantSchema>;
