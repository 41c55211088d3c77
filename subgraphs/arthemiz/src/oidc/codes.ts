// Codes that are exchanged for tokens once: of the authorization endpoint, and of devices (RFC 8628).
import { type Adapter, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import type { ArtifactRow } from './artifact-model.ts';
import { endReused } from './reuse.ts';

export const isCode = (kind: string) => kind === 'AuthorizationCode' || kind === 'DeviceCode';

export interface CodeStorage {
  adapter: Adapter;
  /** Under which a code is stored. */
  idOf(code: string): string;
}

/** What is other about codes, over what is stored of everything else. */
export function codeAdapter(service: Arthemiz, { adapter, idOf }: CodeStorage): Adapter {
  const { OidcArtifact } = service.models;
  return {
    ...adapter,
    async find(code) {
      const payload = await adapter.find(code);
      const ctx = Provider.ctx;
      if (payload === undefined || ctx?.oidc.route !== 'token') return payload;
      // The provider would end no more than the grant; whether it was used is found out in one place, below.
      const { consumed: _, ...unjudged } = payload;
      return unjudged;
    },
    /** The provider asks it when all else about the request is right, its verifier included. */
    async consume(code) {
      const _id = idOf(code);
      const used = await OidcArtifact.findOneAndUpdate(
        { _id, consumedAt: null },
        { $set: { consumedAt: new Date() } },
      ).lean();
      if (used !== null) return;
      const row = await OidcArtifact.findOne({ _id }).lean();
      if (row !== null && Provider.ctx !== undefined) await endSignIn(service, Provider.ctx, row);
      throw new errors.InvalidGrant('the code was used already');
    },
  };
}

async function endSignIn(
  service: Arthemiz,
  ctx: KoaContextWithOIDC,
  { kind, payload, grantId, accountId: personId, consumedAt }: ArtifactRow,
): Promise<void> {
  if (typeof grantId !== 'string' || typeof personId !== 'string') return;
  const { clientId } = JSON.parse(payload) as { clientId?: string }; // stored by the provider, whose codes name their client
  await endReused(service, ctx, {
    ...{ grantId, personId, reason: 'code-reused' },
    tell: ({ emit }, sender) =>
      emit('arthemiz.code.reused.v1', {
        subject: personId,
        data: {
          ...{ personId, clientId: clientId ?? null, ...sender },
          kind: kind === 'DeviceCode' ? 'device' : 'authorization',
          firstUsedAt: (consumedAt ?? new Date()).toISOString(),
        },
      }),
  });
}
