import { limits } from './limits.ts';

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A Sigma timespan such as 90m in milliseconds; null when it is none, or too long. */
export function parseTimespan(text: string): number | null {
  const [, digits, unit] = /^(\d{1,8})([smhd])$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined || !(unit in units)) return null;
  const milliseconds = Number(digits) * units[unit as keyof typeof units]; // one of them, as was just asked
  return milliseconds > 0 && milliseconds <= limits.timespanMs ? milliseconds : null;
}
