// Counts what each person and program is told of, hour by hour, and finds hours that are unusual for them and their peers. An
// hour is judged by the hours before it. What comes late changes the verdict on hours after it, so those are judged anew:
// findings are a function of the events, whatever the order in which they come.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import { withdrawEvidence } from '../../findings/withdrawing.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { InForce } from '../catalogue.ts';
import { valuesOf } from '../parameters.ts';
import { aboveWhich, compare, peersOf } from './comparing.ts';
import { comparedMs, counted, type Hour, hourMs, hoursOf, keyOf } from './counting.ts';
import { evidenceOf, mostListed } from './evidence.ts';
import type { HourlyVolumeRow } from './model.ts';
import { volumeParameters } from './rules.ts';

export const volumeRule = {
  ...{ id: 'unusual-volume', version: 2, title: 'Unusually much in an hour', severity: 'MEDIUM' as const },
  techniques: ['T1119', 'T1530'],
};
export const volumeDescription =
  'A person or program was told of more often within an hour than in the hours of the 14 days before, and than others of the same roles in theirs: at least 60 times, and more than six robust standard deviations (median absolute deviation) above the median.';

/** Most hours that are judged anew because of one batch, the latest first. */
const mostAnew = 500;

export async function watchVolume(
  service: Sentinel,
  events: readonly Happened[],
  { push, disabled }: Pick<UnitOfWork, 'push'> & Pick<InForce, 'disabled'>,
): Promise<Found[]> {
  const hours = await counted(service, hoursOf(events));
  if (hours.length === 0 || disabled.has(volumeRule.id)) return [];
  const changed = await changedBy(service, hours);
  const founds: Found[] = [];
  for (const hour of changed.values()) founds.push(...(await judgeAnew(service, hour, { push })));
  for (const hour of hours)
    if (!changed.has(keyOf(hour))) founds.push(...(await judge(service, hour, { push })));
  return founds;
}

/** Those of some events whose hours are unusual as they are known now. */
export async function unusualAgain(service: Sentinel, events: readonly Happened[]): Promise<Happened[]> {
  const again: Happened[] = [];
  for (const { principalId, hour, added } of hoursOf(events)) {
    const row = await service.models.HourlyVolume.findOne({ principalId, hour }).lean<HourlyVolumeRow>();
    const above = row === null ? null : await aboveWhich(service, row);
    if (row !== null && above !== null && row.count > above) again.push(...added.events);
  }
  return again;
}

/** An hour that has got more. */
async function judge(service: Sentinel, hour: Hour, { push }: Pick<UnitOfWork, 'push'>): Promise<Found[]> {
  const { minimum } = valuesOf(volumeParameters);
  if (hour.count < minimum) return [];
  const above = hour.unusualAbove === undefined ? await compare(service, hour) : hour.unusualAbove;
  if (above === null || hour.count <= above) return [];
  const wasUnusual = hour.unusualAbove !== undefined && hour.count - hour.added.count > above;
  if (!wasUnusual) return found(hour, await evidenceOf(service, hour));
  const added = new Map(hour.added.events.map(({ _id, occurredAt }) => [_id, occurredAt.getTime()]));
  if (hour.events <= mostListed) return found(hour, added);
  // Of many, the first are listed: one that came late pushes out the last of them.
  const until = hour.listedUntil?.getTime() ?? Number.POSITIVE_INFINITY;
  if (![...added.values()].some((at) => at <= until)) return [];
  return replace(service, hour, { evidence: await evidenceOf(service, hour), push });
}

/** An hour of which what it is compared with has changed. */
async function judgeAnew(
  service: Sentinel,
  hour: Hour,
  { push }: Pick<UnitOfWork, 'push'>,
): Promise<Found[]> {
  const above = await compare(service, hour);
  const isUnusual = above !== null && hour.count > above;
  const evidence = isUnusual ? await evidenceOf(service, hour) : new Map<string, number>();
  return replace(service, hour, { evidence, push });
}

async function replace(
  service: Sentinel,
  { principalId, hour }: Hour,
  { evidence, push }: Pick<UnitOfWork, 'push'> & { evidence: ReadonlyMap<string, number> },
): Promise<Found[]> {
  const from = hour.getTime();
  const fallen = await withdrawEvidence(service, {
    ...{ ruleId: volumeRule.id, subject: principalId, from, until: from + hourMs, push },
    found: evidence.size === 0 ? [] : [evidence],
  });
  return [
    ...(evidence.size === 0 ? [] : found({ principalId }, evidence)),
    ...fallen.map((each) => ({ ...each, rule: volumeRule, added: each.evidence })),
  ];
}

function found({ principalId }: Pick<Hour, 'principalId'>, evidence: ReadonlyMap<string, number>): Found[] {
  const field = principalId.startsWith('per_') ? 'actor.user.uid' : 'actor.app_uid';
  return [{ rule: volumeRule, subjects: [{ field, value: principalId }], evidence, added: evidence }];
}

/**
 * Hours with enough in them that are compared with one that came late: later ones of the same principals and their peers. The
 * latest come first: what falls off a finding is later than what was judged anew.
 */
async function changedBy({ models }: Sentinel, hours: readonly Hour[]): Promise<ReadonlyMap<string, Hour>> {
  const { HourlyVolume } = models;
  const from = new Date(Math.min(...hours.map(({ hour }) => hour.getTime())));
  const count = { $gte: valuesOf(volumeParameters).minimum };
  // Nearly always nothing is later than what has just come.
  if ((await HourlyVolume.exists({ hour: { $gt: from }, count })) === null) return new Map();
  const changed = new Map<string, Hour>();
  for (const { principalId, hour } of hours) {
    const later = await HourlyVolume.find({
      principalId: { $in: [principalId, ...(await peersOf(models, principalId))] },
      ...{ hour: { $gt: hour, $lte: new Date(hour.getTime() + comparedMs) }, count },
    })
      .sort({ hour: -1, principalId: 1 })
      .limit(mostAnew)
      .lean<HourlyVolumeRow[]>();
    for (const row of later) changed.set(keyOf(row), { ...row, added: { count: 0, events: [] } });
  }
  return new Map([...changed].sort(([, one], [, other]) => other.hour.getTime() - one.hour.getTime()));
}
