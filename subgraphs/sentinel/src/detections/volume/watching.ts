// Counts what each person and program is told of, hour by hour, and finds hours that are unusual for them and their peers. An
// hour is judged by the hours before it. What comes late changes the verdict on hours after it, so those are judged anew:
// findings are a function of the events, whatever the order in which they come.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import { withdrawEvidence } from '../../findings/withdrawing.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { InForce, Tuning } from '../catalogue.ts';
import { valuesOf } from '../parameters.ts';
import { aboveWhich, compare, peersOf } from './comparing.ts';
import { comparedMs, counted, type Hour, hourMs, hoursOf, keyOf } from './counting.ts';
import { evidenceOf, mostListed } from './evidence.ts';
import type { HourlyVolumeRow } from './model.ts';
import { type VolumeValues, volumeParameters } from './rules.ts';

export const volumeRule = {
  ...{ id: 'unusual-volume', version: 2, title: 'Unusually much in an hour', severity: 'MEDIUM' as const },
  techniques: ['T1119', 'T1530'],
};
export const volumeDescription =
  'A person or program was told of more often within an hour than in the hours of the 14 days before, and than others of the same roles in theirs: at least 60 times, and more than six robust standard deviations (median absolute deviation) above the median.';

/** By what hours are judged in a tenant. */
export interface Standard {
  readonly values: VolumeValues;
  readonly version: number;
}

type Judging = Standard & Pick<UnitOfWork, 'push'>;

export function standardOf({ values, tunings }: Partial<Tuning> = {}): Standard {
  return { values: valuesOf(volumeParameters, values), version: volumeRule.version + (tunings ?? 0) };
}

const ruleOf = ({ version }: Standard) => ({ ...volumeRule, version });

/** Most hours that are judged anew because of one batch, the latest first. */
const mostAnew = 500;

export async function watchVolume(
  service: Sentinel,
  events: readonly Happened[],
  { push, disabled, tuned }: Pick<UnitOfWork, 'push'> & Pick<InForce, 'disabled' | 'tuned'>,
): Promise<Found[]> {
  const hours = await counted(service, hoursOf(events));
  if (hours.length === 0 || disabled.has(volumeRule.id)) return [];
  const judging = { push, ...standardOf(tuned.get(volumeRule.id)) };
  const changed = await changedBy(service, hours, judging);
  const founds: Found[] = [];
  for (const hour of changed.values()) founds.push(...(await judgeAnew(service, hour, judging)));
  for (const hour of hours)
    if (!changed.has(keyOf(hour))) founds.push(...(await judge(service, hour, judging)));
  return founds;
}

/** Those of some events whose hours are unusual as they are known now. */
export async function unusualAgain(
  service: Sentinel,
  events: readonly Happened[],
  values: VolumeValues,
): Promise<Happened[]> {
  const again: Happened[] = [];
  for (const { principalId, hour, added } of hoursOf(events)) {
    const row = await service.models.HourlyVolume.findOne({ principalId, hour }).lean<HourlyVolumeRow>();
    const above = row === null ? null : await aboveWhich(service, row, values);
    if (row !== null && above !== null && row.count > above) again.push(...added.events);
  }
  return again;
}

/** An hour that has got more. */
async function judge(service: Sentinel, hour: Hour, judging: Judging): Promise<Found[]> {
  const { values, version } = judging;
  if (hour.count < values.minimum) return [];
  const isJudged = hour.unusualAbove !== undefined && hour.judgedVersion === version;
  const above = isJudged ? hour.unusualAbove : await compare(service, hour, judging);
  if (typeof above !== 'number' || hour.count <= above) return [];
  const wasUnusual = isJudged && hour.count - hour.added.count > above;
  if (!wasUnusual) return found(hour, await evidenceOf(service, hour), judging);
  const added = new Map(hour.added.events.map(({ _id, occurredAt }) => [_id, occurredAt.getTime()]));
  if (hour.events <= mostListed) return found(hour, added, judging);
  // Of many, the first are listed: one that came late pushes out the last of them.
  const until = hour.listedUntil?.getTime() ?? Number.POSITIVE_INFINITY;
  if (![...added.values()].some((at) => at <= until)) return [];
  return replace(service, hour, { ...judging, evidence: await evidenceOf(service, hour) });
}

/** An hour of which what it is compared with has changed. */
async function judgeAnew(service: Sentinel, hour: Hour, judging: Judging): Promise<Found[]> {
  const above = await compare(service, hour, judging);
  const isUnusual = above !== null && hour.count > above;
  const evidence = isUnusual ? await evidenceOf(service, hour) : new Map<string, number>();
  return replace(service, hour, { ...judging, evidence });
}

async function replace(
  service: Sentinel,
  { principalId, hour }: Hour,
  { evidence, ...judging }: Judging & { evidence: ReadonlyMap<string, number> },
): Promise<Found[]> {
  const from = hour.getTime();
  const fallen = await withdrawEvidence(service, {
    ...{ ruleId: volumeRule.id, subject: principalId, from, until: from + hourMs, push: judging.push },
    found: evidence.size === 0 ? [] : [evidence],
  });
  return [
    ...(evidence.size === 0 ? [] : found({ principalId }, evidence, judging)),
    ...fallen.map((each) => ({ ...each, rule: ruleOf(judging), added: each.evidence })),
  ];
}

function found(
  { principalId }: Pick<Hour, 'principalId'>,
  evidence: ReadonlyMap<string, number>,
  judging: Standard,
): Found[] {
  return [{ rule: ruleOf(judging), subjects: [subjectOf({ principalId })], evidence, added: evidence }];
}

/**
 * Hours with enough in them that are compared with one that came late: later ones of the same principals and their peers. The
 * latest come first: what falls off a finding is later than what was judged anew.
 */
async function changedBy(
  { models }: Sentinel,
  hours: readonly Hour[],
  { values }: Standard,
): Promise<ReadonlyMap<string, Hour>> {
  const { HourlyVolume } = models;
  const from = new Date(Math.min(...hours.map(({ hour }) => hour.getTime())));
  const count = { $gte: values.minimum };
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

export function subjectOf({ principalId: value }: Pick<Hour, 'principalId'>) {
  return { field: value.startsWith('per_') ? 'actor.user.uid' : 'actor.app_uid', value };
}
