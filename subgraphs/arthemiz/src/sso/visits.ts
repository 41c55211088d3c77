// The way to an identity provider and back. Three secrets tie it together: the `state` finds what the answer has to fit,
// the sign-in's cookie says which browser left, and the handle, which goes to the browser that brought the answer, says
// that it is the same one. Without it somebody could be sent to the provider by another's sign-in, and let that one in.

import { seal, unseal } from '@supergraph/chassis/sealing';
import type { Arthemiz } from '../context.ts';
import { digestOf, newLinkSecret } from '../links/one-time.ts';
import type { SsoConnectionRow } from './model.ts';
import { oidcProtocol } from './oidc.ts';
import type { Asking, Protocol } from './protocol.ts';
import { connectionOf } from './realm.ts';
import { type Identity, identity } from './rules.ts';
import { samlProtocol } from './saml.ts';
import type { SsoVisitRow } from './visit-model.ts';

const lifetimeMs = 15 * 60_000;

const protocols: Readonly<Record<SsoConnectionRow['protocol'], Protocol>> = {
  OIDC: oidcProtocol,
  SAML: samlProtocol,
};

/** Where to send the browser. A sign-in is under way at one provider at most. */
export async function leave(
  service: Arthemiz,
  { signInId, ...asking }: Asking & { signInId: string },
): Promise<{ url: URL; visitId: string }> {
  const { connection, origin } = asking;
  const { url, state, expectation } = await protocols[connection.protocol].request(service, asking);
  const visitId = digestOf(state);
  const { SsoVisit } = service.models;
  await SsoVisit.deleteMany({ signInId });
  await SsoVisit.create([
    {
      _id: visitId,
      signInId,
      connectionId: connection._id,
      ownerId: connection.tenantId,
      origin,
      sealedExpectation: sealed(service, visitId, expectation),
      isAnswered: false,
      expiresAt: new Date(Date.now() + lifetimeMs),
    },
  ]);
  return { url, visitId };
}

export type Answer =
  | { signInId: null }
  | { signInId: string; origin: string; handle: string }
  | { signInId: string; origin: string; handle: null; cause: unknown };

/** Takes a provider's answer, once, and says to which sign-in it leads. What does not fit leads nowhere. */
export async function answer(
  service: Arthemiz,
  { connectionId, answer: given }: { connectionId: string; answer: URLSearchParams },
): Promise<Answer> {
  const { SsoVisit } = service.models;
  const _id = digestOf(given.get('state') ?? given.get('RelayState') ?? '');
  const visit: SsoVisitRow | null = await SsoVisit.findOneAndUpdate(
    { _id, connectionId, isAnswered: false, expiresAt: { $gt: new Date() } },
    { $set: { isAnswered: true } },
  ).lean();
  if (visit === null) return { signInId: null };
  const { signInId, origin } = visit;
  try {
    const connection = await connectionOf(service, visit);
    if (connection === null) throw new Error('The connection lets nobody in any more.');
    const expectation = opened(service, _id, visit.sealedExpectation);
    const answering = { connection, origin, answer: given, expectation };
    const who = await protocols[connection.protocol].read(service, answering);
    const { secret: handle, digest: handleDigest } = newLinkSecret();
    await SsoVisit.updateOne({ _id }, { $set: { handleDigest, sealedIdentity: sealed(service, _id, who) } });
    return { signInId, origin, handle };
  } catch (cause) {
    return { signInId, origin, handle: null, cause };
  }
}

/** Whom a provider vouched for, by which connection. */
export interface Vouched {
  visitId: string;
  connection: SsoConnectionRow;
  identity: Identity;
}

/** The visit that a sign-in began and the browser of which shows the handle; null for any other, and the second time. */
export async function showHandle(
  service: Arthemiz,
  { signInId, visitId, handle }: { signInId: string; visitId: string; handle: string },
): Promise<Vouched | null> {
  const visit: SsoVisitRow | null = await service.models.SsoVisit.findOneAndUpdate(
    { _id: visitId, signInId, handleDigest: digestOf(handle), expiresAt: { $gt: new Date() } },
    { $set: { handleDigest: null } },
  ).lean();
  return visit === null ? null : vouchedBy(service, visit);
}

/** The same later in the sign-in; null when it took too long, or the connection lets nobody in any more. */
export async function findVisit(
  service: Arthemiz,
  { signInId, visitId }: { signInId: string; visitId: string },
): Promise<Vouched | null> {
  const visit: SsoVisitRow | null = await service.models.SsoVisit.findOne({
    _id: visitId,
    signInId,
    handleDigest: null,
    expiresAt: { $gt: new Date() },
  }).lean();
  return visit === null ? null : vouchedBy(service, visit);
}

export async function endVisit({ models }: Arthemiz, visitId: string): Promise<void> {
  await models.SsoVisit.deleteOne({ _id: visitId });
}

async function vouchedBy(service: Arthemiz, visit: SsoVisitRow): Promise<Vouched | null> {
  const connection = await connectionOf(service, visit);
  if (connection === null || !visit.sealedIdentity) return null;
  const who = identity.parse(opened(service, visit._id, visit.sealedIdentity));
  return { visitId: visit._id, connection, identity: who };
}

function sealed(service: Arthemiz, visitId: string, content: object): string {
  return seal(JSON.stringify(content), sealingOf(service, visitId));
}

function opened(service: Arthemiz, visitId: string, text: string): unknown {
  return JSON.parse(unseal(text, sealingOf(service, visitId)));
}

function sealingOf({ config }: Arthemiz, visitId: string) {
  return { encryptionKey: config.KEY_ENCRYPTION_KEY, belongsTo: `sso-visit:${visitId}` };
}
