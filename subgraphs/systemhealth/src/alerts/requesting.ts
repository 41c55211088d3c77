// Has the tenant in scope evaluated soon, in the transaction of the change that makes it necessary.
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../context.ts';

export async function requestEvaluation({ models }: Pick<SystemHealth, 'models'>): Promise<void> {
  const now = new Date();
  await models.KnownTenant.updateOne(
    { _id: currentTenant() },
    { $set: { evaluateAt: now }, $setOnInsert: { knownSince: now } },
    { upsert: true },
  );
}
