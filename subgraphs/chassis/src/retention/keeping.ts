// When a record is deleted: so many days after it happened, by the tenant's word or else by the subgraph's own.
import type { Connection } from 'mongoose';
import { currentTenant } from '../tenancy.ts';
import { retentions } from './model.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** Pure: the end of what happened at `since`. */
export function endOf(since: Date, { days }: { days: number }): Date {
  return new Date(since.getTime() + days * dayMs);
}

/**
 * When what happened at `since` in the tenant in scope is deleted. For the field `expiresAt` of a record of a model that
 * the definition names under `retention`.
 * @param days of the subgraph's own, where the tenant has said nothing
 */
export async function keptUntil(
  { connection }: { connection: Connection },
  { since, days }: { since: Date; days: number },
): Promise<Date> {
  return endOf(since, { days: await daysKept({ connection }, { days }) });
}

/** How many days such a record of the tenant in scope is kept, for many at once. Their ends: `endOf`. */
export async function daysKept(
  { connection }: { connection: Connection },
  { days }: { days: number },
): Promise<number> {
  const asked = await retentions(connection).findOne({ _id: currentTenant() }, { days: 1 }).lean();
  return asked?.days ?? days;
}
