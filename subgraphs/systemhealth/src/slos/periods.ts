// The period that a budget is for. Pure: time comes in.

export type CalendarUnit = 'd' | 'w' | 'M' | 'Q' | 'Y';

export type SloWindow =
  | { readonly kind: 'ROLLING'; readonly durationMs: number }
  | {
      readonly kind: 'CALENDAR';
      readonly count: number;
      readonly unit: CalendarUnit;
      /** Wall-clock time in the zone at which one of the periods begins, like 2026-01-01 00:00:00. */
      readonly startTime: string;
      readonly timeZone: string;
    };

/** Milliseconds since the epoch; a rolling window ends now. */
export interface Period {
  readonly startsAt: number;
  readonly endsAt: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** Minutes are kept for somewhat longer than this; a longer window begins at a full hour. */
export const minutesKnownMs = 3 * dayMs;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The period that `now` lies in. `sliceMs` is what a rolling window begins at a multiple of. */
export function periodAt(window: SloWindow, now: number, sliceMs: number): Period {
  if (window.kind === 'ROLLING') {
    const grain = window.durationMs <= minutesKnownMs ? sliceMs : hourMs;
    return { startsAt: floorTo(now - window.durationMs, grain), endsAt: now };
  }
  const { timeZone } = window;
  const anchor = wallOf(window.startTime);
  const wallNow = now + offsetAt(now, timeZone);
  const index = indexOf({ ...window, anchor }, wallNow);
  return {
    startsAt: instantOf(shifted(anchor, window, index), timeZone),
    endsAt: instantOf(shifted(anchor, window, index + 1), timeZone),
  };
}

export function floorTo(moment: number, grainMs: number): number {
  return Math.floor(moment / grainMs) * grainMs;
}

/** Wall-clock time as if it were UTC. */
function wallOf(text: string): number {
  const [date = '', time = '00:00:00'] = text.split(' ');
  return Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
}

interface Steps {
  readonly count: number;
  readonly unit: CalendarUnit;
}

/** How many periods after the anchor's the one lies that the moment is in; both in wall-clock time. */
function indexOf({ anchor, count, unit }: Steps & { anchor: number }, wall: number): number {
  const rough =
    unit === 'd' || unit === 'w'
      ? (wall - anchor) / (count * (unit === 'd' ? dayMs : 7 * dayMs))
      : monthsBetween(anchor, wall) / (count * monthsIn[unit]);
  let index = Math.floor(rough) + 1;
  while (shifted(anchor, { count, unit }, index) > wall) index -= 1;
  return index;
}

const monthsIn = { M: 1, Q: 3, Y: 12 } as const;

function monthsBetween(from: number, to: number): number {
  const [a, b] = [new Date(from), new Date(to)];
  return (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
}

function shifted(anchor: number, { count, unit }: Steps, index: number): number {
  if (unit === 'd') return anchor + index * count * dayMs;
  if (unit === 'w') return anchor + index * count * 7 * dayMs;
  const from = new Date(anchor);
  const month = from.getUTCMonth() + index * count * monthsIn[unit];
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  return Date.UTC(from.getUTCFullYear(), month, day) + (anchor % dayMs);
}

/** Of a wall-clock time that a change of the clocks leaves out, the moment after it. */
function instantOf(wall: number, timeZone: string): number {
  const first = wall - offsetAt(wall, timeZone);
  return wall - offsetAt(first, timeZone);
}

/** Milliseconds that clocks in the zone are ahead of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  }).formatToParts(instant);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (
    ['year', 'month', 'day', 'hour', 'minute', 'second'] as const
  ).map((type) => Number(parts.find((part) => part.type === type)?.value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - floorTo(instant, 1_000);
}
