// What an hour is compared with: the hours before it, one's own and those of one's peers.
import type { Sentinel } from '../../context.ts';
import type { PrincipalRow } from '../../principals/model.ts';
import { rolesHeld } from '../../principals/rules.ts';
import { comparedMs, type Hour } from './counting.ts';
import type { HourlyVolumeRow } from './model.ts';
import { unusualAbove, type VolumeValues } from './rules.ts';

const mostHours = 2_000;
const mostPeers = 100;

type Place = Pick<Hour, 'principalId' | 'hour'>;

/** Above how many it is unusual, which is kept with it: to be asked for once, and again where something came late. */
export async function compare(
  service: Sentinel,
  place: Place,
  { values, version: judgedVersion }: { values: VolumeValues; version: number },
): Promise<number | null> {
  const above = await aboveWhich(service, place, values);
  const { principalId, hour } = place;
  await service.models.HourlyVolume.updateOne(
    { principalId, hour },
    { $set: { unusualAbove: above, judgedVersion } },
  );
  return above;
}

export async function aboveWhich(
  { models }: Sentinel,
  { principalId, hour }: Place,
  values: VolumeValues,
): Promise<number | null> {
  const { HourlyVolume } = models;
  const before = { hour: { $gte: new Date(hour.getTime() - comparedMs), $lt: hour } };
  const countsOf = async (ids: readonly string[]) => {
    const rows = await HourlyVolume.find({ principalId: { $in: ids }, ...before }, { count: 1 })
      .sort({ hour: -1, principalId: 1 })
      .limit(mostHours)
      .lean<Pick<HourlyVolumeRow, 'count'>[]>();
    return rows.map(({ count }) => count);
  };
  const [own, peers] = [await countsOf([principalId]), await countsOf(await peersOf(models, principalId))];
  return unusualAbove({ own, peers }, values);
}

/** Others that hold a role that they hold. */
export async function peersOf(
  { Principal }: Pick<Sentinel['models'], 'Principal'>,
  principalId: string,
): Promise<string[]> {
  const principal = await Principal.findOne({ principalId }).lean<PrincipalRow>();
  const roles = principal === null ? [] : rolesHeld(principal);
  if (roles.length === 0) return [];
  const rows = await Principal.find({ 'roles.name': { $in: roles }, principalId: { $ne: principalId } })
    .sort({ principalId: 1 })
    .limit(mostPeers)
    .lean<PrincipalRow[]>();
  return rows
    .filter((row) => row.isActive !== false && rolesHeld(row).some((role) => roles.includes(role)))
    .map((row) => row.principalId);
}
