// What the OpenID provider has to remember: sessions, sign-ins under way, grants, codes and refresh tokens.
import { createHash } from 'node:crypto';
import { type InferSchemaType, Schema } from 'mongoose';

export const artifactSchema = new Schema(
  {
    /** Kind and SHA-256 of the id: who reads the database can't use what is in it. */
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    /** The provider's own document as JSON, because its field names may hold dots. */
    payload: { type: String, required: true },
    grantId: String,
    uid: String,
    userCode: String,
    /** The person whom it lets in, or is about to. */
    accountId: String,
    /** For a grant: the tenant that its tokens speak for. */
    actingTenantId: String,
    /** For a grant: the session that its tokens name, and what its person is shown of it (sessions/). */
    sessionId: String,
    /** The browser's session that it was given in; none for a program, which goes on without a browser. */
    sessionUid: String,
    /** For a grant: the tenant's connection that its person came in by; none for one by their own password or passkey. */
    connectionId: String,
    /** For a grant that lets nobody in any more, and whose session has yet to be ended: who did that. */
    endedBy: String,
    clientId: String,
    network: String,
    userAgent: String,
    signedInAt: Date,
    amr: { type: [String], default: undefined },
    lastUsedAt: Date,
    consumedAt: { type: Date, default: null },
    /** For a refresh token: which use of it was the first, among those that came at once. */
    useId: String,
    expiresAt: Date,
  },
  { collection: 'oidcartifacts', versionKey: false },
);

// Finds all tokens of a grant to revoke them together.
artifactSchema.index({ grantId: 1 }, { sparse: true });
// Finds a session by its second name, which tokens carry.
artifactSchema.index({ uid: 1 }, { sparse: true });
// Finds a device code by what people type.
artifactSchema.index({ userCode: 1 }, { sparse: true });
// Finds whose session it is that somebody ends.
artifactSchema.index({ sessionId: 1 }, { sparse: true });
// Finds all that lets a person in, to end it together.
artifactSchema.index({ accountId: 1 }, { sparse: true });
// Finds the grants of a client that is removed.
artifactSchema.index({ clientId: 1 }, { sparse: true });
// Finds what goes with a tenant.
artifactSchema.index({ actingTenantId: 1 }, { sparse: true });
// Finds what has yet to be ended.
artifactSchema.index({ endedBy: 1 }, { sparse: true });
// What has expired goes.
artifactSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export type ArtifactRow = InferSchemaType<typeof artifactSchema>;

/** Under which a document is stored: its id is a bearer secret, the cookie or token itself. */
export function artifactId(kind: string, id: string): string {
  return `${kind}:${createHash('sha256').update(id).digest('base64url')}`;
}
