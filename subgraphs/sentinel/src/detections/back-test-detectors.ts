// What a detector would have found over the events that are still kept, by its parameters or by others. Nothing is changed.
import type { Sentinel } from '../context.ts';
import { occurredWithin } from '../period.ts';
import { happenedOf } from '../security-events/happened.ts';
import type { SecurityEventRow } from '../security-events/model.ts';
import type { CanaryRow } from './canaries/model.ts';
import { canaryRule, touchedCanaries } from './canaries/watching.ts';
import { detectors } from './habits/detectors.ts';
import { signInOf } from './habits/history.ts';
import { dayMs, inOrder, lookBackDays } from './habits/rules.ts';
import { foundOf } from './habits/watching.ts';
import type { Subject } from './happening.ts';
import type { Tuned } from './parameters.ts';
import { inForce, lookedPast } from './suppressions/suppressing.ts';
import { aboveWhich } from './volume/comparing.ts';
import { comparedMs, hourMs } from './volume/counting.ts';
import { evidenceOf } from './volume/evidence.ts';
import type { HourlyVolumeRow } from './volume/model.ts';
import { standardOf, subjectOf, volumeRule } from './volume/watching.ts';

export interface Piece {
  readonly subjects: readonly Subject[];
  /** The events, by id, with the instant at which each happened. */
  readonly evidence: ReadonlyMap<string, number>;
}

export interface Tried {
  readonly eventCount: number;
  readonly isPartial: boolean;
  readonly pieces: readonly Piece[];
}

export interface Trial {
  readonly id: string;
  readonly tuned: Tuned;
  readonly since: Date;
  readonly mostEvents: number;
}

/** Null where there is no such detector. */
export async function tryDetector(service: Sentinel, trial: Trial): Promise<Tried | null> {
  if (trial.id === canaryRule.id) return tryCanaries(service, trial);
  if (trial.id === volumeRule.id) return tryVolume(service, trial);
  return detectors.some(({ id }) => id === trial.id) ? tryHabit(service, trial) : null;
}

async function tryCanaries({ models }: Sentinel, { since, mostEvents }: Trial): Promise<Tried> {
  const canaries = await models.Canary.find().lean<CanaryRow[]>();
  const rows = await models.SecurityEvent.find(occurredWithin({ since }))
    .sort({ occurredAt: -1, _id: -1 })
    .limit(mostEvents + 1)
    .lean<SecurityEventRow[]>();
  const events = rows.slice(0, mostEvents).map(happenedOf);
  return {
    ...{ eventCount: events.length, isPartial: rows.length > mostEvents },
    // Each touch on its own: those close together are joined afterwards, as findings are.
    pieces: events.flatMap((event) => touchedCanaries(canaries, [event])),
  };
}

/** Sign-ins of the days before say what is new, and are no part of what is tried. */
async function tryHabit(service: Sentinel, { id, tuned, since, mostEvents }: Trial): Promise<Tried> {
  const [detector] = detectors.filter((each) => each.id === id);
  if (detector === undefined) throw new Error(`There is no detector ${id}.`);
  const from = new Date(since.getTime() - (lookBackDays + 1) * dayMs);
  const rows = await service.models.SecurityEvent.find({
    ...{ type: 'SIGN_IN_SUCCEEDED', actorId: { $ne: null } },
    ...occurredWithin({ since: from }),
  })
    .sort({ occurredAt: -1, _id: -1 })
    .limit(mostEvents + 1)
    .lean<SecurityEventRow[]>();
  const events = rows.slice(0, mostEvents).map(happenedOf);
  const past = detector.looksPast
    ? await lookedPast(service, { about: await inForce(service, [id]), events, isNew: new Set() })
    : new Set<string>();
  const people = new Map<string, typeof events>();
  for (const event of events.filter(({ _id }) => !past.has(_id))) {
    const own = people.get(event.actorId ?? '') ?? [];
    people.set(event.actorId ?? '', own);
    own.push(event);
  }
  const pieces = [...people].flatMap(([personId, own]) =>
    detector
      .evaluate(own.map(signInOf).sort(inOrder), tuned)
      .filter(({ signIn }) => signIn.at >= since.getTime())
      .map((verdict) => foundOf(verdict, personId)),
  );
  const eventCount = events.filter(({ occurredAt }) => occurredAt >= since).length;
  return { eventCount, isPartial: rows.length > mostEvents, pieces };
}

/** By the hours that are kept, which are fewer than the events. */
async function tryVolume(service: Sentinel, { tuned, since, mostEvents }: Trial): Promise<Tried> {
  const { HourlyVolume } = service.models;
  const { values } = standardOf({ values: tuned });
  const hour = { $gte: new Date(since.getTime() - hourMs) };
  const rows = await HourlyVolume.find({ hour, count: { $gte: values.minimum } })
    .sort({ hour: -1, principalId: 1 })
    .limit(mostUnusual + 1)
    .lean<HourlyVolumeRow[]>();
  const pieces: Piece[] = [];
  for (const row of rows.slice(0, mostUnusual)) {
    const above = await aboveWhich(service, row, values);
    if (above === null || row.count <= above) continue;
    const evidence = await evidenceOf(service, { ...row, events: 0 });
    if (evidence.size > 0) pieces.push({ subjects: [subjectOf(row)], evidence });
  }
  const counted = await HourlyVolume.find({ hour }, { events: 1 }).limit(mostEvents).lean();
  const isForgotten = since.getTime() < Date.now() - comparedMs;
  return {
    eventCount: counted.reduce((sum, { events }) => sum + (events ?? 0), 0),
    isPartial: isForgotten || rows.length > mostUnusual || counted.length === mostEvents,
    pieces,
  };
}

/** Most hours with enough in them that are judged. */
const mostUnusual = 500;
