// The events that an unusual hour is made of: its first, because it may have any number.
import type { Sentinel } from '../../context.ts';
import type { SecurityEventRow } from '../../security-events/model.ts';
import { type Hour, hourMs } from './counting.ts';

export const mostListed = 1_000;

export async function evidenceOf(
  { models }: Pick<Sentinel, 'models'>,
  { principalId, hour, events }: Pick<Hour, 'principalId' | 'hour' | 'events'>,
): Promise<Map<string, number>> {
  const isWhose = principalId.startsWith('per_')
    ? { actorId: principalId }
    : { actorId: null, clientId: principalId };
  const rows = await models.SecurityEvent.find(
    { ...isWhose, occurredAt: { $gte: hour, $lt: new Date(hour.getTime() + hourMs) } },
    { occurredAt: 1 },
  )
    // Those of one instant by the id that they came with, and not by the order in which they came.
    .sort({ occurredAt: 1, eventId: 1 })
    .limit(mostListed)
    .lean<Pick<SecurityEventRow, '_id' | 'occurredAt'>[]>();
  const last = rows.at(-1);
  if (events > mostListed && last !== undefined)
    await models.HourlyVolume.updateOne({ principalId, hour }, { $set: { listedUntil: last.occurredAt } });
  return new Map(rows.map(({ _id, occurredAt }) => [_id, occurredAt.getTime()]));
}
