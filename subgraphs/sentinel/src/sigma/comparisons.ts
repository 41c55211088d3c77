// The modifiers gt, gte, lt and lte, and those that compare a part of an instant, in UTC.
import { invalid } from './errors.ts';

export const comparing = ['gt', 'gte', 'lt', 'lte'] as const;
export const timing = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;

type Relation = (typeof comparing)[number] | 'eq' | 'neq';

export const relations: Readonly<Record<Relation, (left: number, right: number) => boolean>> = {
  eq: (left, right) => left === right,
  neq: (left, right) => left !== right,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
};

/** A test of a field's value by a rule's. */
export function comparison(
  modifiers: readonly string[],
  { value, path }: { value: unknown; path: string },
): (given: unknown) => boolean {
  const part = timing.find((each) => modifiers.includes(each));
  const relation = comparing.find((each) => modifiers.includes(each)) ?? 'eq';
  const expected = numberOf(value);
  if (expected === null) throw invalid(path, 'is compared with a number');
  return (given) => {
    const number = part === undefined ? numberOf(given) : timePart(given, part);
    return number !== null && relations[relation](number, expected);
  };
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function timePart(value: unknown, part: (typeof timing)[number]): number | null {
  const isInstant = value instanceof Date || typeof value === 'string' || typeof value === 'number';
  const date = isInstant ? new Date(value) : null;
  if (date === null || Number.isNaN(date.getTime())) return null;
  const parts = {
    minute: () => date.getUTCMinutes(),
    hour: () => date.getUTCHours(),
    day: () => date.getUTCDate(),
    week: () => isoWeek(date),
    month: () => date.getUTCMonth() + 1,
    year: () => date.getUTCFullYear(),
  };
  return parts[part]();
}

/** ISO 8601: a week is of the year in which its Thursday lies. */
function isoWeek(date: Date): number {
  const day = 86_400_000;
  const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  const thursday = new Date(midnight + (4 - (date.getUTCDay() || 7)) * day);
  return Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / day / 7) + 1;
}
