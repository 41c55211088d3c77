import type { SystemHealth } from '../context.ts';
import { type AlertRow, standingOf } from './model.ts';
import type { AlertStanding } from './rules.ts';

/** Of a fingerprint without an open alert: the one before, whose numbers go on and whose observations are older. */
export async function latestOf({ models }: SystemHealth, fingerprint: string): Promise<AlertStanding | null> {
  const latest = await models.Alert.findOne({ fingerprint }).sort({ _id: -1 }).lean<AlertRow>();
  return latest && standingOf(latest);
}
