// Refresh tokens of people's sign-ins. Each is exchanged for one successor, so a family has one live leaf. Requests
// of an honest client cross, and answers get lost: for a short grace a used token gives the same successor again.
// After that somebody else has it, and nobody can tell who, so the family ends (RFC 9700, 4.14.2).
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { type Adapter, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { isOpenTenant } from '../lifecycle/openness.ts';
import { partsOf } from '../parts.ts';
import { actingTenant } from './acting-tenant.ts';
import { fieldsOf } from './adapter.ts';
import { artifactId } from './artifact-model.ts';
import { endReused } from './reuse.ts';

/**
 * For the provider's `rotateRefreshToken`, which it asks when all else about a request is right: notes the use.
 * @throws InvalidGrant when the token was used before its grace, and then its family has ended
 */
export async function useRefreshToken(service: Arthemiz, ctx: KoaContextWithOIDC): Promise<true> {
  const { jti: token, grantId } = ctx.oidc.entities.RefreshToken ?? {};
  if (token === undefined) throw new errors.InvalidGrant('no refresh token was sent');
  // Before it counts as used: it is good again when the tenant is.
  const tenantId = grantId === undefined ? null : await actingTenant(service, grantId);
  if (tenantId !== null && !(await isOpenTenant(service, tenantId)))
    throw new errors.InvalidGrant('the tenant is suspended');
  const now = new Date();
  const firstUsedAt = await noteUse(service, { token, now });
  if (now.getTime() - firstUsedAt.getTime() <= service.config.REFRESH_GRACE_MS) return true;
  await endFamily(service, ctx, firstUsedAt);
  throw new errors.InvalidGrant('the refresh token was used before');
}

/** When the token was used first: now, in one atomic write, unless it was already. */
async function noteUse(service: Arthemiz, { token, now }: { token: string; now: Date }): Promise<Date> {
  const { refreshTokens, artifacts } = partsOf(service);
  const _id = artifactId('RefreshToken', token);
  if (await refreshTokens.use({ _id, now })) return now;
  const { consumedAt } = (await artifacts(_id)) ?? {};
  if (!consumedAt) throw new errors.InvalidGrant('the refresh token was revoked');
  return consumedAt;
}

async function endFamily(service: Arthemiz, ctx: KoaContextWithOIDC, firstUsedAt: Date): Promise<void> {
  const { grantId, accountId: personId, clientId, iiat = 0 } = ctx.oidc.entities.RefreshToken ?? {};
  if (grantId === undefined || personId === undefined) return;
  await endReused(service, ctx, {
    ...{ grantId, personId, reason: 'refresh-token-reused' },
    tell: ({ emit }, sender) =>
      emit('arthemiz.refresh-token.reused.v1', {
        subject: personId,
        data: {
          ...{ personId, clientId: clientId ?? null, ...sender },
          signedInAt: new Date(iiat * 1000).toISOString(),
          firstUsedAt: firstUsedAt.toISOString(),
        },
      }),
  });
}

/** What is other about storing refresh tokens, over what is stored of everything else. */
export function refreshTokenAdapter(service: Arthemiz, adapter: Adapter): Adapter {
  return {
    ...adapter,
    async upsert(id, payload, expiresIn) {
      const kind = 'RefreshToken';
      const row = { _id: artifactId(kind, id), ...fieldsOf(kind, payload, expiresIn) };
      await partsOf(service).refreshTokens.store(row);
    },
    async find(id) {
      const payload = await adapter.find(id);
      if (payload === undefined || !isTokenRequest()) return payload;
      // The provider would end the family at sight of a used token, before it knows of a grace.
      const { consumed: _, ...unjudged } = payload;
      return unjudged;
    },
    // It was noted by useRefreshToken, just before.
    consume: async () => undefined,
  };
}

const isTokenRequest = () => Provider.ctx?.oidc.route === 'token';

/**
 * Makes a used token's successor follow from the token itself, so that all copies give the same one and nobody has
 * to remember it. The key keeps an old token from telling the live one, also to who has read the database.
 */
export function deriveSuccessors(provider: Provider, { KEY_ENCRYPTION_KEY }: Arthemiz['config']): void {
  const key = Buffer.from(hkdfSync('sha256', KEY_ENCRYPTION_KEY, '', 'successors of refresh tokens', 32));
  Object.assign(provider.RefreshToken.prototype, {
    generateTokenId() {
      const used = Provider.ctx?.oidc.entities.RotatedRefreshToken?.jti;
      return used === undefined
        ? randomBytes(32).toString('base64url')
        : createHmac('sha256', key).update(used).digest('base64url');
    },
  });
}
