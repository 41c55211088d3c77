// Tells clients that a session has ended, at least once, at whichever copy looks first. What a client does not hear is told
// again for a day.
import { addressGuard } from '@supergraph/chassis/addresses';
import type { HttpClient } from '@supergraph/chassis/http-client';
import { OutgoingError } from '@supergraph/chassis/outgoing';
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { importJWK, SignJWT } from 'jose';
import type { Arthemiz } from '../context.ts';
import { partsOf } from '../parts.ts';
import { findRegisteredClient } from '../registered-clients/reading.ts';
import type { LogoutNoticeRow } from './model.ts';
import { isHeard, logoutClaims, retryDelayMs } from './rules.ts';

const attemptMs = 5_000;
/** Longer than an attempt may take: a copy that died with a notice keeps it from the others for that long. */
const leaseMs = 30_000;
/** Told at the same time, so that one client that is slow holds up no other. */
const atOnce = 8;
/** A logout token is for now. */
const tokenSeconds = 120;

export function createLogoutDelivery(service: Arthemiz): Worker {
  const { LOGOUT_POLL_MS: pauseMs, TENANT_TARGET_NETWORKS: networks } = service.config;
  const http = service.outgoing.http('back-channel-logout', {
    deadlineMs: attemptMs,
    attempts: 1,
    // One client that is away must not stand in the way of another.
    breakAfter: Number.POSITIVE_INFINITY,
    maximumResponseBytes: 16_384,
    addresses: addressGuard(networks),
  });
  return createPolling({
    name: 'back-channel logout',
    pauseMs,
    look: () => Promise.all(Array.from({ length: atOnce }, () => tellNext(service, http))),
    onFailure: (err) => service.logger.warn({ err }, 'clients could not be told of logouts; trying again'),
  });
}

async function tellNext(service: Arthemiz, http: HttpClient): Promise<void> {
  const notice = await takeNext(service);
  if (notice === null) return;
  const { _id: id, clientId, attempts } = notice;
  if (notice.giveUpAt <= new Date()) {
    service.logger.warn({ notice: id, clientId, attempts }, 'a client did not hear of a logout; given up');
    return forget(service, id);
  }
  if (await tell(service, { notice, http })) return forget(service, id);
  const dueAt = new Date(Date.now() + retryDelayMs(attempts, Math.random()));
  await acrossTenants(reason, () => service.models.LogoutNotice.updateOne({ _id: id }, { $set: { dueAt } }));
}

const reason = 'clients are told of logouts, whichever tenant they are of';

function takeNext({ models }: Arthemiz): Promise<LogoutNoticeRow | null> {
  const now = Date.now();
  return acrossTenants(reason, () =>
    models.LogoutNotice.findOneAndUpdate(
      { dueAt: { $lte: new Date(now) } },
      { $set: { dueAt: new Date(now + leaseMs) }, $inc: { attempts: 1 } },
      { sort: { dueAt: 1 }, returnDocument: 'after' },
    ).lean(),
  );
}

async function forget({ models }: Arthemiz, id: string): Promise<void> {
  await acrossTenants(reason, () => models.LogoutNotice.deleteOne({ _id: id }));
}

/** Whether the client has heard, or is not there to hear any more. */
async function tell(
  service: Arthemiz,
  { notice, http }: { notice: LogoutNoticeRow; http: HttpClient },
): Promise<boolean> {
  const uri = (await findRegisteredClient(service, notice.clientId))?.backchannelLogoutUri;
  if (!uri) return true;
  const { clientId, attempts } = notice;
  const log = (facts: object) =>
    service.logger.warn(
      { notice: notice._id, clientId, attempts, ...facts },
      'a client did not hear of a logout',
    );
  try {
    const { status } = await http.request({
      url: uri,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: await logoutToken(service, notice) }).toString(),
    });
    if (!isHeard(status)) log({ status });
    return isHeard(status);
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    log({ err: error });
    return false;
  }
}

async function logoutToken(service: Arthemiz, notice: LogoutNoticeRow): Promise<string> {
  const { signing } = partsOf(service).keys.current();
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT(logoutClaims(notice.sessionId))
    .setProtectedHeader({ alg: signing.alg, kid: signing.kid, typ: 'logout+jwt' })
    .setIssuer(service.config.ISSUER)
    .setAudience(notice.clientId)
    .setSubject(notice.personId)
    .setJti(notice._id)
    .setIssuedAt(now)
    .setExpirationTime(now + tokenSeconds)
    .sign(await importJWK({ ...signing }, signing.alg));
}
