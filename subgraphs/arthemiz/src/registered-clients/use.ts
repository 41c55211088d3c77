// Whom registered clients of the tenant in scope act for, and who registered them.
import type { Arthemiz } from '../context.ts';

export interface ClientUse {
  peopleCount: number;
  lastUsedAt: Date;
}

/** By client; there is none for one that acts for nobody. Read from the provider's own grants, as sessions are. */
export async function usesOf(
  { models }: Pick<Arthemiz, 'models'>,
  clientIds: readonly string[],
): Promise<Map<string, ClientUse>> {
  const live = { kind: 'Grant', clientId: { $in: [...clientIds] }, lastUsedAt: { $ne: null } };
  const uses = await models.OidcArtifact.aggregate<ClientUse & { _id: string }>([
    { $match: { ...live, expiresAt: { $gt: new Date() } } },
    { $group: { _id: { client: '$clientId', person: '$accountId' }, lastUsedAt: { $max: '$lastUsedAt' } } },
    { $group: { _id: '$_id.client', peopleCount: { $sum: 1 }, lastUsedAt: { $max: '$lastUsedAt' } } },
  ]);
  return new Map(uses.map(({ _id, peopleCount, lastUsedAt }) => [_id, { peopleCount, lastUsedAt }]));
}

/** What programs of the tenant are called that registered clients. */
export async function programNamesOf(
  { models }: Pick<Arthemiz, 'models'>,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const named = { _id: { $in: [...ids] } };
  const keys = await models.ApiKey.find(named, { name: 1 }).lean();
  const clients = await models.ServiceClient.find(named, { name: 1 }).lean();
  return new Map([...keys, ...clients].map(({ _id, name }) => [_id, name]));
}
