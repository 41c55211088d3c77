// A connection to a tenant's own identity provider, which vouches for the people of the domains that lead to it.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';

export const protocols = ['OIDC', 'SAML'] as const;

const oidcSchema = new Schema(
  {
    issuer: { type: String, required: true },
    clientId: { type: String, required: true },
    /** Encrypted with KEY_ENCRYPTION_KEY and bound to the connection. */
    sealedClientSecret: { type: String, required: true },
    scopes: { type: [String], required: true },
  },
  { _id: false },
);

const samlSchema = new Schema(
  {
    entityId: { type: String, required: true },
    signOnUrl: { type: String, required: true },
    /** In PEM. Two while the provider changes its own. */
    certificates: { type: [String], required: true },
  },
  { _id: false },
);

const groupRoleSchema = new Schema(
  { group: { type: String, required: true }, roleId: { type: String, required: true } },
  { _id: false },
);

export const ssoConnectionSchema = new Schema(
  {
    _id: { type: String, default: () => newId('sso') },
    name: { type: String, required: true },
    protocol: { type: String, enum: protocols, required: true, immutable: true },
    isEnabled: { type: Boolean, required: true },
    /** Whether people of its domains sign in by it and by nothing else. */
    isRequired: { type: Boolean, required: true },
    /** Whether whoever it vouches for becomes a member. */
    provisionsPeople: { type: Boolean, required: true },
    /** What somebody holds who becomes a member by it. */
    defaultRoleIds: { type: [String], required: true },
    /** Name of the claim or attribute that lists somebody's groups. */
    groupsClaim: { type: String, required: true },
    groupRoles: { type: [groupRoleSchema], required: true },
    oidc: { type: oidcSchema, default: null },
    saml: { type: samlSchema, default: null },
    /** When somebody last came in by it; null before the first. */
    lastUsedAt: { type: Date, default: null },
    createdAt: { type: Date, required: true },
    /** What is kept in memory of a connection is kept for one state of it. */
    changedAt: { type: Date, required: true },
  },
  { collection: 'ssoconnections', versionKey: false },
);

// A name means one connection in a tenant; also lists a tenant's connections by name.
ssoConnectionSchema.index({ tenantId: 1, name: 1 }, { unique: true });

export type GroupRoleRow = InferSchemaType<typeof groupRoleSchema>;
export type SsoConnectionRow = Omit<InferSchemaType<typeof ssoConnectionSchema>, 'groupRoles'> & {
  groupRoles: GroupRoleRow[];
  tenantId: string;
};
