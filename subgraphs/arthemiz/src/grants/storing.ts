import type { Arthemiz } from '../context.ts';

export interface StoredGrantChange {
  _id: string;
  tenantId: string;
  subject: string | null;
  rolesRemoved: string[];
  permissionsRemoved: string[];
}

/** Where gateways hear of it, in the running transaction at home: they ask for what is newer than they know. */
export async function storeGrantChange(
  { models }: Pick<Arthemiz, 'models'>,
  { _id, ...change }: StoredGrantChange,
): Promise<void> {
  const fresh = { ...change, changedAt: new Date() };
  await models.GrantChange.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
}
