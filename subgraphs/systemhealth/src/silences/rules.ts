// What keeps an alert quiet, and until when that may change. Pure.
import type { AlertState, Label } from '../alerts/rules.ts';

export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isEqual: boolean;
}

export interface Period {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

export interface Repeated extends Period {
  readonly repeatEveryDays?: number | null | undefined;
  readonly repeatsUntil?: Date | null | undefined;
}

export interface Suppressors {
  readonly silences: readonly (Period & { _id: string; matchers: readonly Matcher[] })[];
  readonly windows: readonly (Repeated & { _id: string; serviceIds: readonly string[] })[];
  readonly inhibitions: readonly {
    _id: string;
    sourceMatchers: readonly Matcher[];
    targetMatchers: readonly Matcher[];
    equalLabels: readonly string[];
  }[];
}

export interface Suppressible {
  readonly _id: string;
  readonly state: AlertState;
  readonly labels: readonly Label[];
  readonly serviceId?: string | null | undefined;
}

export interface Suppression {
  readonly kind: 'SILENCE' | 'MAINTENANCE' | 'INHIBITION';
  readonly sourceId: string;
}

const dayMs = 86_400_000;

/** The occurrence that `now` lies in, or the next one; null when there is none any more. */
export function occurrence(
  { startsAt, endsAt, repeatEveryDays, repeatsUntil }: Repeated,
  now: number,
): Period | null {
  const lasts = endsAt.getTime() - startsAt.getTime();
  if (now < endsAt.getTime()) return { startsAt, endsAt };
  if (!repeatEveryDays) return null;
  const every = repeatEveryDays * dayMs;
  const missed = Math.floor((now - endsAt.getTime()) / every) + 1;
  const begins = startsAt.getTime() + missed * every;
  if (repeatsUntil && begins >= repeatsUntil.getTime()) return null;
  return { startsAt: new Date(begins), endsAt: new Date(begins + lasts) };
}

export function isWithin(period: Period | null, now: number): boolean {
  return period !== null && period.startsAt.getTime() <= now && now < period.endsAt.getTime();
}

/** A label that is not there has the empty value. */
export function matches(matchers: readonly Matcher[], labels: readonly Label[]): boolean {
  return matchers.every(({ name, value, isEqual }) => (labelValue(labels, name) === value) === isEqual);
}

/** What keeps an alert quiet at `now`; null when nothing does. `alerts` are all that are open. */
export function suppressionOf(
  alert: Suppressible,
  { suppressors, alerts, now }: { suppressors: Suppressors; alerts: readonly Suppressible[]; now: number },
): Suppression | null {
  const { silences, windows, inhibitions } = suppressors;
  const silence = silences.find((each) => isWithin(each, now) && matches(each.matchers, alert.labels));
  if (silence) return { kind: 'SILENCE', sourceId: silence._id };
  const window = windows.find(
    (each) =>
      isWithin(occurrence(each, now), now) &&
      (each.serviceIds.length === 0 || each.serviceIds.includes(alert.serviceId ?? '')),
  );
  if (window) return { kind: 'MAINTENANCE', sourceId: window._id };
  const inhibition = inhibitions.find(
    ({ sourceMatchers, targetMatchers, equalLabels }) =>
      matches(targetMatchers, alert.labels) &&
      // One that is explained explains no other of its kind: two that match both would keep each other quiet.
      !matches(sourceMatchers, alert.labels) &&
      alerts.some(
        (source) =>
          source._id !== alert._id &&
          source.state === 'FIRING' &&
          matches(sourceMatchers, source.labels) &&
          equalLabels.every((name) => labelValue(source.labels, name) === labelValue(alert.labels, name)),
      ),
  );
  return inhibition ? { kind: 'INHIBITION', sourceId: inhibition._id } : null;
}

/** When a silence or window begins or ends next. */
export function nextChangeAt({ silences, windows }: Suppressors, now: number): number | null {
  const periods = [...silences, ...windows.map((window) => occurrence(window, now))];
  const moments = periods
    .flatMap((period) => (period === null ? [] : [period.startsAt.getTime(), period.endsAt.getTime()]))
    .filter((moment) => moment > now);
  return moments.length === 0 ? null : Math.min(...moments);
}

function labelValue(labels: readonly Label[], name: string): string {
  return labels.find((label) => label.name === name)?.value ?? '';
}
