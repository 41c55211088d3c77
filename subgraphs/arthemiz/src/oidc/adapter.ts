// oidc-provider's storage on MongoDB. Every copy of arthemiz shares it, so a sign-in may begin at one and end at
// another. All of it is platform-wide: a browser session belongs to a person and not to a tenant.
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import { isRegisteredClientId, registeredClientMetadata } from '../registered-clients/reading.ts';
import { accountOf } from './account.ts';
import { artifactId } from './artifact-model.ts';
import { findServiceClient } from './clients.ts';
import { codeAdapter, isCode } from './codes.ts';
import { deviceCodeId } from './device-codes.ts';
import { refreshTokenAdapter } from './refresh-tokens.ts';
import { replayDetectionAdapter } from './replay-detection.ts';
import { sessionAdapter } from './session-adapter.ts';

/** The adapter of one kind of document, such as `RefreshToken`. */
export function createAdapter(service: Arthemiz, kind: string): Adapter {
  if (kind === 'Client') return clientAdapter(service);
  const adapter = artifactAdapter(service, kind);
  if (kind === 'Session') return sessionAdapter(service, adapter);
  if (kind === 'RefreshToken') return refreshTokenAdapter(service, adapter);
  if (isCode(kind)) return codeAdapter(service, { adapter, idOf: (code) => storedId(kind, code) });
  return kind === 'ReplayDetection' ? replayDetectionAdapter(service, adapter) : adapter;
}

const storedId = (kind: string, id: string) =>
  kind === 'DeviceCode' ? deviceCodeId(id) : artifactId(kind, id);

function artifactAdapter(service: Arthemiz, kind: string): Adapter {
  const { OidcArtifact } = service.models;
  const idOf = (id: string) => storedId(kind, id);
  return {
    async upsert(id, payload, expiresIn) {
      await OidcArtifact.updateOne(
        { _id: idOf(id) },
        { $set: fieldsOf(kind, payload, expiresIn), $setOnInsert: { consumedAt: null } },
        { upsert: true },
      );
    },
    async find(id) {
      const payload = payloadOf(await partsOf(service).artifacts(idOf(id)));
      return payload === undefined ? undefined : { ...payload, jti: id };
    },
    async findByUid(uid) {
      return payloadOf(await OidcArtifact.findOne({ kind, uid }).lean());
    },
    async findByUserCode(userCode) {
      const artifact = await OidcArtifact.findOne({ kind, userCode }).lean();
      const payload = payloadOf(artifact);
      // Nobody but the device knows the code itself; see device-codes.ts.
      return payload === undefined ? undefined : { ...payload, jti: artifact?._id };
    },
    async consume(id) {
      const _id = idOf(id);
      const { matchedCount } = await OidcArtifact.updateOne(
        { _id, consumedAt: null },
        { $set: { consumedAt: new Date() } },
      );
      if (matchedCount === 1) return;
      throw new errors.InvalidRequestUri('it was used already');
    },
    async destroy(id) {
      await OidcArtifact.deleteOne({ _id: idOf(id) });
    },
    async revokeByGrantId(grantId) {
      await OidcArtifact.deleteMany({ kind, grantId });
    },
  };
}

/** What is stored of the provider's document, but for its id. */
export function fieldsOf(kind: string, payload: AdapterPayload, expiresIn?: number) {
  const { grantId, uid, userCode } = payload;
  const accountId = accountOf(payload);
  return {
    kind,
    payload: JSON.stringify(withoutSecrets(payload)),
    ...(grantId === undefined ? {} : { grantId }),
    ...(uid === undefined ? {} : { uid }),
    ...(userCode === undefined ? {} : { userCode }),
    ...(accountId === undefined ? {} : { accountId }),
    ...(expiresIn === undefined ? {} : { expiresAt: new Date(Date.now() + expiresIn * 1000) }),
  };
}

/** Ids are bearer secrets: the cookie or token itself. They come back with the caller's own id. */
function withoutSecrets(payload: AdapterPayload): AdapterPayload {
  const { jti: _, ...rest } = payload;
  if (typeof rest.session !== 'object' || rest.session === null) return rest;
  const { cookie: __, ...session } = rest.session;
  return { ...rest, session };
}

function payloadOf(
  artifact: { payload: string; consumedAt?: Date | null } | null,
): AdapterPayload | undefined {
  if (artifact === null) return undefined;
  const payload = JSON.parse(artifact.payload) as AdapterPayload; // stored by upsert, above, and by nobody else
  return artifact.consumedAt
    ? { ...payload, consumed: Math.floor(artifact.consumedAt.getTime() / 1000) }
    : payload;
}

/** Clients are read from their own models; nothing is registered through the provider. */
function clientAdapter(service: Arthemiz): Adapter {
  const refuse = () => Promise.reject(new Error('Clients are not changed through the OpenID provider.'));
  return {
    find: (id) =>
      isRegisteredClientId(id) ? registeredClientMetadata(service, id) : findServiceClient(service, id),
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
  };
}
