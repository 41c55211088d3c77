// Whose API key it is and what it may do now.
import type { ApiKeyProof } from '@supergraph/chassis/api-key';
import { inTenant } from '@supergraph/chassis/tenancy';
import { resolveStandings } from '../access/standings.ts';
import type { Arthemiz } from '../context.ts';
import { isOpenTenant } from '../lifecycle/openness.ts';
import { presentMembers } from '../memberships/presence.ts';
import { findInRegions } from '../residency/searching.ts';
import type { ApiKeyRow } from './model.ts';
import { goodUntil, permissionsWithin } from './rules.ts';

export interface AuthenticatedKey {
  id: string;
  tenantId: string;
  permissions: string[];
  expiresAt: Date;
}

/** Null for a key that nobody knows, that has ended, whose creator belongs to the tenant no more, or whose tenant is closed. */
export async function authenticateApiKey(
  service: Arthemiz,
  { id, digest }: ApiKeyProof,
): Promise<AuthenticatedKey | null> {
  const key = await findInRegions(service, {
    reason: 'an API key says whose it is',
    find: () => service.models.ApiKey.findOne({ _id: id }).lean<ApiKeyRow>(),
  });
  if (key === null) return null;
  const now = new Date();
  const expiresAt = goodUntil(key, { digest, now });
  if (expiresAt === null) return null;
  const { tenantId, createdBy } = key;
  return inTenant(tenantId, async () => {
    if (!(await isOpenTenant(service, tenantId)) || !(await isBound(service, key))) return null;
    const [standing] = await resolveStandings(service, [{ tenantId, subject: createdBy }]);
    await noteUse(service, key, now);
    return {
      id,
      tenantId,
      expiresAt,
      permissions: permissionsWithin(key.permissions, standing?.permissions ?? []),
    };
  });
}

async function isBound({ models }: Arthemiz, { createdBy, boundTo }: ApiKeyRow): Promise<boolean> {
  if (boundTo === createdBy) return (await models.ServiceClient.exists({ _id: boundTo })) !== null;
  return (await models.Membership.exists({ _id: boundTo, personId: createdBy, ...presentMembers })) !== null;
}

/** To the minute: gateways ask for each key that is in use every second. */
const noteEveryMs = 60_000;

async function noteUse({ models }: Arthemiz, { _id, lastUsedAt }: ApiKeyRow, now: Date): Promise<void> {
  if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < noteEveryMs) return;
  await models.ApiKey.updateOne({ _id }, { $max: { lastUsedAt: now } });
}
