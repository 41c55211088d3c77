// What the health pages make of answers and changes, as functions of data alone.
import type { Tone } from '../design/Badge.tsx';
import type { EditedAssertionFragment, EditedCheckFragment } from './check-form.generated.ts';
import type { HealthStatus, ServiceTileFragment } from './overview.generated.ts';
import type { RunFragment, StoryEventFragment } from './service.generated.ts';
import type { SettingField } from './settings-fields.ts';

/** What needs somebody comes first. */
const urgency: Record<HealthStatus, number> = { DOWN: 0, UNKNOWN: 1, UP: 2 };

export const toneOf = (status: HealthStatus): Tone =>
  status === 'UP' ? 'good' : status === 'DOWN' ? 'bad' : 'warn';

export function byUrgency(tiles: Iterable<ServiceTileFragment>): ServiceTileFragment[] {
  return [...tiles].sort(
    (a, b) => urgency[a.status] - urgency[b.status] || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1),
  );
}

export function countByStatus(tiles: Iterable<ServiceTileFragment>): Record<HealthStatus, number> {
  const counts = { DOWN: 0, UNKNOWN: 0, UP: 0 };
  for (const { status } of tiles) counts[status] += 1;
  return counts;
}

/** The latest of each service. */
export function withTiles(
  tiles: ReadonlyMap<string, ServiceTileFragment>,
  changed: readonly (ServiceTileFragment | null)[],
): ReadonlyMap<string, ServiceTileFragment> {
  const next = new Map(tiles);
  for (const tile of changed) if (tile !== null) next.set(tile.id, tile);
  return next;
}

/** So many runs of a check are shown. */
export const mostRuns = 60;

/** Oldest first, each run once, the newest of them. */
export function withRuns(known: readonly RunFragment[], ended: readonly RunFragment[]): RunFragment[] {
  const byInstant = new Map([...known, ...ended].map((run) => [run.observedAt, run]));
  return [...byInstant.values()].sort((a, b) => (a.observedAt < b.observedAt ? -1 : 1)).slice(-mostRuns);
}

/** So many changes are shown. */
export const mostEvents = 50;

/** Newest first, each once. */
export function withEvents(
  known: readonly StoryEventFragment[],
  happened: readonly StoryEventFragment[],
): StoryEventFragment[] {
  const byId = new Map([...known, ...happened].map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => (a.occurredAt > b.occurredAt ? -1 : 1)).slice(0, mostEvents);
}

/** The status of a check: what it was when it was asked for, or what a later change says. */
export function statusNow(
  check: { id: string; status: HealthStatus; statusSince: string },
  events: readonly StoryEventFragment[],
): HealthStatus {
  const latest = events.find((event) => event.check?.id === check.id);
  return latest !== undefined && latest.occurredAt > check.statusSince ? latest.status : check.status;
}

/** Nearest rank, of runs that succeeded; null where there is none. */
export function latencyQuantile(runs: readonly RunFragment[], quantile: number): number | null {
  const sorted = runs.filter(({ isSuccess }) => isSuccess).map(({ latencyMs }) => latencyMs);
  sorted.sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? null;
}

export interface ChartPoint {
  x: number;
  y: number;
  run: RunFragment;
}

/** Where runs stand in a chart of this size; the longest latency just fits. */
export function pointsOf(
  runs: readonly RunFragment[],
  { width, height }: { width: number; height: number },
): ChartPoint[] {
  const longest = Math.max(1, ...runs.map(({ latencyMs }) => latencyMs));
  const step = width / Math.max(1, mostRuns - 1);
  const first = mostRuns - runs.length;
  return runs.map((run, index) => ({
    x: (first + index) * step,
    y: height - (run.latencyMs / longest) * height,
    run,
  }));
}

/** What a setting's field begins with: what the check has, or a new one's preset; null: empty. */
export function shownSetting(
  { name, as, preset }: SettingField,
  settings: Readonly<Record<string, unknown>>,
  isNew: boolean,
): string | null {
  const value = isNew ? preset : settings[as === 'headers' ? 'headerNames' : name];
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.join('\n') : String(value);
}

/** The assertions among a check's settings. */
export function assertionsIn({ assertions }: Readonly<Record<string, unknown>>): EditedAssertionFragment[] {
  return Array.isArray(assertions) ? assertions : [];
}

/** What is sent of a changed check: a target that is as it was would forget the secrets that are kept for it. */
export function changesOf<Typed extends { target?: string }>(
  typed: Typed,
  { target }: Pick<EditedCheckFragment, 'target'>,
): Typed | Omit<Typed, 'target'> {
  if (typed.target !== target) return typed;
  const { target: _unchanged, ...changed } = typed;
  return changed;
}
