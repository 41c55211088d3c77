// Creating, rotating and revoking API keys of the tenant in scope. A key is shown once, to whoever asked for it.
import { digestOf, newApiKey } from '@supergraph/chassis/api-key';
import { newId } from '@supergraph/chassis/identifiers';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { added } from '../roles/rules.ts';
import { tellApiKeyCreated, tellApiKeyRevoked, tellApiKeyRotated } from './events.ts';
import type { ApiKeyRow } from './model.ts';
import { type ApiKeyRefusal, apiKeyLimitReached, apiKeyNotFound, permissionNotHeld } from './refusals.ts';
import {
  expiryOf,
  maximumApiKeys,
  type newApiKeyInput,
  overlapEnd,
  type revokedApiKeyInput,
  type rotatedApiKeyInput,
} from './rules.ts';

type Creator = Pick<Viewer, 'subject' | 'permissions'>;
export type IssueOutcome = { apiKey: ApiKeyRow; secret: string } | { refusal: ApiKeyRefusal };
export type RevocationOutcome = { apiKey: ApiKeyRow } | { refusal: ApiKeyRefusal };

export async function createApiKey(
  service: Arthemiz,
  plan: z.output<typeof newApiKeyInput> & { creator: Creator },
): Promise<IssueOutcome> {
  const { models } = service;
  const { name, permissions, expiresInDays: lifetimeDays, creator } = plan;
  const missing = added([...creator.permissions], permissions);
  if (missing.length > 0) return { refusal: permissionNotHeld(missing) };
  const boundTo = await bondOf(service, creator.subject);
  // Whoever left a moment ago, or is a key itself, makes none.
  if (boundTo === null) return { refusal: permissionNotHeld(permissions) };
  const now = new Date();
  const alive = { revokedAt: null, expiresAt: { $gt: now } };
  if ((await models.ApiKey.countDocuments(alive)) >= maximumApiKeys) return { refusal: apiKeyLimitReached() };
  const id = newId('key');
  const secret = newApiKey(id);
  const apiKey = {
    ...{ _id: id, name, permissions, createdBy: creator.subject, boundTo, lifetimeDays, createdAt: now },
    digest: digestOf(secret).toString('base64url'),
    ...expiryOf({ now, lifetimeDays }),
  };
  await inTenantsRegion(service, async (unit) => {
    await models.ApiKey.create([apiKey]);
    await tellApiKeyCreated(unit, apiKey);
  });
  const unused = { previous: null, lastUsedAt: null, revokedAt: null };
  return { apiKey: { ...apiKey, ...unused, tenantId: currentTenant() }, secret };
}

/** For its creator alone: whoever gets the secret acts within the creator's rights. */
export function rotateApiKey(
  service: Arthemiz,
  { id, overlapHours, creator }: z.output<typeof rotatedApiKeyInput> & { creator: Pick<Creator, 'subject'> },
): Promise<IssueOutcome> {
  const { models } = service;
  return inTenantsRegion<IssueOutcome>(service, async (unit) => {
    const now = new Date();
    const alive = { _id: id, createdBy: creator.subject, revokedAt: null, expiresAt: { $gt: now } };
    const before = await models.ApiKey.findOne(alive).lean();
    if (before === null)
      return { refusal: apiKeyNotFound('You have no API key of this id, or it has ended: create another.') };
    const secret = newApiKey(id);
    const previousEndsAt = overlapEnd(before, { now, hours: overlapHours });
    const changed = {
      digest: digestOf(secret).toString('base64url'),
      previous: { digest: before.digest, endsAt: previousEndsAt },
      ...expiryOf({ now, lifetimeDays: before.lifetimeDays }),
    };
    await models.ApiKey.updateOne({ _id: id }, { $set: changed });
    await tellApiKeyRotated(unit, { _id: id, expiresAt: changed.expiresAt, previousEndsAt });
    return { apiKey: { ...before, ...changed }, secret };
  });
}

/** For whoever may write API keys: a key that got lost is to be revoked by who notices. One that has ended stays so. */
export function revokeApiKey(
  service: Arthemiz,
  { id, revoker }: z.output<typeof revokedApiKeyInput> & { revoker: Pick<Creator, 'subject'> },
): Promise<RevocationOutcome> {
  const { models } = service;
  return inTenantsRegion<RevocationOutcome>(service, async (unit) => {
    const before = await models.ApiKey.findOne({ _id: id }).lean();
    if (before === null) return { refusal: apiKeyNotFound('The tenant has no API key of this id.') };
    if (before.revokedAt !== null) return { apiKey: before };
    const revocation = revocationAt(new Date());
    await models.ApiKey.updateOne({ _id: id }, { $set: revocation });
    await tellApiKeyRevoked(unit, { _id: id, revokedBy: revoker.subject });
    return { apiKey: { ...before, ...revocation } };
  });
}

/** The keys of a membership that ends, in its transaction. */
export async function revokeKeysBoundTo(
  { models }: Arthemiz,
  unit: UnitOfWork,
  { boundTo, revokedBy }: { boundTo: string; revokedBy: string },
): Promise<void> {
  const now = new Date();
  const keys = await models.ApiKey.find(
    { boundTo, revokedAt: null, expiresAt: { $gt: now } },
    { _id: 1 },
  ).lean();
  if (keys.length === 0) return;
  await models.ApiKey.updateMany({ _id: { $in: keys.map(({ _id }) => _id) } }, { $set: revocationAt(now) });
  for (const { _id } of keys) await tellApiKeyRevoked(unit, { _id, revokedBy });
}

function revocationAt(revokedAt: Date) {
  const { forgetAt } = expiryOf({ now: revokedAt, lifetimeDays: 0 });
  return { revokedAt, forgetAt, previous: null };
}

/** What a creator belongs to the tenant by; null for whoever does not. */
async function bondOf({ models }: Arthemiz, subject: string): Promise<string | null> {
  const membership = await models.Membership.findOne({ personId: subject }).lean();
  if (membership !== null) return membership._id;
  const client = await models.ServiceClient.findOne({ _id: subject }).lean();
  return client === null ? null : client._id;
}
