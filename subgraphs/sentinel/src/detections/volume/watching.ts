// Counts what each person and program is told of, hour by hour, and finds hours that are unusual for them and their peers. An
// hour is judged each time that its count has doubled, by the hours that are known then.
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import type { PrincipalRow } from '../../principals/model.ts';
import { rolesHeld } from '../../principals/rules.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { InForce } from '../catalogue.ts';
import { type HourlyVolumeRow, hourIndex } from './model.ts';
import { isUnusual, volumeParameters } from './rules.ts';

export const volumeRule = {
  ...{ id: 'unusual-volume', version: 1, title: 'Unusually much in an hour', severity: 'MEDIUM' as const },
  techniques: ['T1119', 'T1530'],
};
export const volumeDescription =
  'A person or program was told of more often within an hour than in its other hours of the last 14 days, and than others of the same roles: at least 60 times, and more than six robust standard deviations (median absolute deviation) above the median.';

const hourMs = 3_600_000;
const keptMs = 15 * 24 * hourMs;
const comparedMs = 14 * 24 * hourMs;
const mostHours = 2_000;
const mostPeers = 100;

interface Hour {
  readonly principalId: string;
  readonly field: 'actor.user.uid' | 'actor.app_uid';
  readonly hour: Date;
  readonly events: Happened[];
}

export async function watchVolume(
  service: Sentinel,
  events: readonly Happened[],
  { disabled }: Pick<InForce, 'disabled'>,
): Promise<Found[]> {
  const hours = await counted(service, hoursOf(events));
  const judged = hours.filter(({ before, count }) => hasDoubled(before, count));
  if (judged.length === 0 || disabled.has(volumeRule.id)) return [];
  const founds: Found[] = [];
  for (const { principalId, field, hour, events: added, count } of judged) {
    const compared = await comparedWith(service, { principalId, hour });
    if (!isUnusual({ count, ...compared }, volumeParameters)) continue;
    const evidence = new Map(added.map(({ _id, occurredAt }) => [_id, occurredAt.getTime()]));
    founds.push({ rule: volumeRule, subjects: [{ field, value: principalId }], evidence, added: evidence });
  }
  return founds;
}

/** Whether the count came to the least that is unusual, or to its double, and so on. */
function hasDoubled(before: number, after: number): boolean {
  const { minimum } = volumeParameters;
  const steps = (count: number) => (count < minimum ? -1 : Math.floor(Math.log2(count / minimum)));
  return steps(after) > steps(before);
}

function hoursOf(events: readonly Happened[]): Hour[] {
  const hours = new Map<string, Hour>();
  for (const event of events) {
    const principalId = event.actorId ?? event.clientId;
    if (principalId === null) continue;
    const field = event.actorId === null ? 'actor.app_uid' : 'actor.user.uid';
    const hour = new Date(Math.floor(event.occurredAt.getTime() / hourMs) * hourMs);
    const key = `${principalId} ${hour.getTime()}`;
    const known = hours.get(key) ?? { principalId, field, hour, events: [] };
    hours.set(key, known);
    known.events.push(event);
  }
  return [...hours.values()];
}

/** The hours with what was counted in them before and now. Nobody else counts in between: see turn.ts. */
async function counted(
  { models: { HourlyVolume } }: Sentinel,
  hours: readonly Hour[],
): Promise<(Hour & { before: number; count: number })[]> {
  if (hours.length === 0) return [];
  const expiresAt = new Date(Date.now() + keptMs);
  const isOneOf = {
    principalId: { $in: [...new Set(hours.map(({ principalId }) => principalId))] },
    hour: { $in: [...new Map(hours.map(({ hour }) => [hour.getTime(), hour])).values()] },
  };
  const keyOf = (row: Pick<HourlyVolumeRow, 'principalId' | 'hour'>) =>
    `${row.principalId} ${row.hour.getTime()}`;
  const rows = await HourlyVolume.find(isOneOf).hint(hourIndex).lean<HourlyVolumeRow[]>();
  const known = new Map(rows.map((row) => [keyOf(row), row.count]));
  const plus = ({ events }: Hour) => events.reduce((sum, { count }) => sum + count, 0);
  await HourlyVolume.bulkWrite(
    hours.map((each) => ({
      updateOne: {
        filter: { principalId: each.principalId, hour: each.hour },
        update: { $inc: { count: plus(each) }, $setOnInsert: { expiresAt } },
        upsert: true,
      },
    })),
  );
  return hours.map((each) => {
    const before = known.get(keyOf(each)) ?? 0;
    return { ...each, before, count: before + plus(each) };
  });
}

async function comparedWith(
  { models }: Sentinel,
  { principalId, hour }: { principalId: string; hour: Date },
): Promise<{ own: number[]; peers: number[] }> {
  const { HourlyVolume } = models;
  const lately = { hour: { $gt: new Date(hour.getTime() - comparedMs), $ne: hour } };
  const counts = (rows: Pick<HourlyVolumeRow, 'count'>[]) => rows.map(({ count }) => count);
  const own = await HourlyVolume.find({ principalId, ...lately }, { count: 1 })
    .hint(hourIndex)
    .limit(mostHours)
    .lean();
  const peerIds = await peersOf({ models }, principalId);
  const peers = await HourlyVolume.find({ principalId: { $in: peerIds }, ...lately }, { count: 1 })
    .sort({ hour: -1 })
    .limit(mostHours)
    .lean();
  return { own: counts(own), peers: counts(peers) };
}

/** Others that hold a role that they hold. */
async function peersOf({ models }: Pick<Sentinel, 'models'>, principalId: string): Promise<string[]> {
  const principal = await models.Principal.findOne({ principalId }).lean<PrincipalRow>();
  const roles = principal === null ? [] : rolesHeld(principal);
  if (roles.length === 0) return [];
  const rows = await models.Principal.find({
    'roles.name': { $in: roles },
    principalId: { $ne: principalId },
  })
    .limit(mostPeers)
    .lean<PrincipalRow[]>();
  return rows
    .filter((row) => row.isActive !== false && rolesHeld(row).some((role) => roles.includes(role)))
    .map((row) => row.principalId);
}
