// How much there is of each principal in each hour, with what a batch adds.
import type { Sentinel } from '../../context.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import { type HourlyVolumeRow, hourIndex } from './model.ts';

export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** How far back an hour is compared. */
export const comparedMs = 14 * dayMs;

/** An hour as it is now. */
export interface Hour extends Pick<HourlyVolumeRow, 'principalId' | 'hour' | 'count' | 'events'> {
  readonly unusualAbove?: number | null | undefined;
  readonly judgedVersion?: number | null | undefined;
  readonly listedUntil?: Date | null | undefined;
  /** What has just come. */
  readonly added: { readonly count: number; readonly events: readonly Happened[] };
}

export type Addition = Pick<Hour, 'principalId' | 'hour' | 'added'>;

/** Of whom and of which hours some events are. */
export function hoursOf(events: readonly Happened[]): Addition[] {
  const hours = new Map<string, { principalId: string; hour: Date; events: Happened[] }>();
  for (const event of events) {
    const principalId = event.actorId ?? event.clientId;
    if (principalId === null) continue;
    const hour = new Date(Math.floor(event.occurredAt.getTime() / hourMs) * hourMs);
    const key = keyOf({ principalId, hour });
    const known = hours.get(key) ?? { principalId, hour, events: [] };
    hours.set(key, known);
    known.events.push(event);
  }
  return [...hours.values()].map(({ events: added, ...hour }) => ({
    ...hour,
    added: { events: added, count: added.reduce((sum, { count }) => sum + count, 0) },
  }));
}

/** Adds to them. Nobody else counts in between: see turn.ts. */
export async function counted(
  { models: { HourlyVolume }, config }: Sentinel,
  additions: readonly Addition[],
): Promise<Hour[]> {
  if (additions.length === 0) return [];
  // What comes late is compared with what was before it.
  const keptMs = comparedMs + config.DETECTION_LATENESS_HOURS * hourMs + dayMs;
  const expiresAt = new Date(Date.now() + keptMs);
  const rows = await HourlyVolume.find({
    principalId: { $in: [...new Set(additions.map(({ principalId }) => principalId))] },
    hour: { $in: additions.map(({ hour }) => hour) },
  })
    .hint(hourIndex)
    .lean<HourlyVolumeRow[]>();
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  await HourlyVolume.bulkWrite(
    additions.map(({ principalId, hour, added }) => ({
      updateOne: {
        filter: { principalId, hour },
        update: { $inc: { count: added.count, events: added.events.length }, $setOnInsert: { expiresAt } },
        upsert: true,
      },
    })),
  );
  return additions.map((addition) => {
    const before = known.get(keyOf(addition));
    const { count = 0, events = 0 } = before ?? {};
    const { added } = addition;
    return { ...before, ...addition, count: count + added.count, events: events + added.events.length };
  });
}

export function keyOf({ principalId, hour }: Pick<HourlyVolumeRow, 'principalId' | 'hour'>): string {
  return `${principalId} ${hour.getTime()}`;
}
