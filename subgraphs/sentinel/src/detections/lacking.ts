// What a detector needs of what an operator supplies, and hasn't got: it finds nothing then, and says so.
import type { Config } from '../config.ts';
import { placesAt } from '../geography/places.ts';
import type { Detector } from './habits/detector.ts';

export function lackOf(
  needs: Detector['needs'],
  { GEOIP_DATABASE_PATH: path }: Pick<Config, 'GEOIP_DATABASE_PATH'>,
): string | null {
  if (needs === undefined) return null;
  if (path === undefined)
    return 'It takes data of places, which this platform has none of: its operator sets GEOIP_DATABASE_PATH.';
  return needs === 'points' && !placesAt(path).tells.points
    ? 'It takes data of places, and what this platform has tells countries alone.'
    : null;
}
