// Where an address is, out of what a MaxMind DB file says of it, and how far two places lie apart. Pure.
import { z } from 'zod';

export interface Place {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly city: string | null;
  readonly point: Point | null;
}

export interface Point {
  readonly latitude: number;
  readonly longitude: number;
  /** Within how many kilometres of it; null where the file does not say. */
  readonly radiusKm: number | null;
}

export interface Tells {
  readonly countries: boolean;
  readonly points: boolean;
}

/** What a file of that type can tell. @throws for one that is about something else, such as operators of networks */
export function tellsOf(databaseType: string): Tells {
  if (/city|cities|location|enterprise|insights|precision/i.test(databaseType))
    return { countries: true, points: true };
  if (/country|countries/i.test(databaseType)) return { countries: true, points: false };
  throw new Error(`it is a ${databaseType} database, and one of cities or countries is needed`);
}

const country = z.string().regex(/^[A-Z]{2}$/);
const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const radius = z.number().min(0).optional().catch(undefined);

/** As MaxMind, DB-IP and those who follow them write it. */
const nested = z.object({
  country: z.object({ iso_code: country }).optional().catch(undefined),
  city: z
    .object({ names: z.object({ en: z.string().min(1) }) })
    .optional()
    .catch(undefined),
  location: z.object({ latitude, longitude, accuracy_radius: radius }).optional().catch(undefined),
});
/** As free sets write it that are made from registries. */
const flat = z.object({
  country_code: country.optional().catch(undefined),
  city: z.string().min(1).optional().catch(undefined),
  latitude: latitude.optional().catch(undefined),
  longitude: longitude.optional().catch(undefined),
});

/** Null where it says no country. */
export function placeOf(record: unknown): Place | null {
  const { data: deep } = nested.safeParse(record);
  if (deep?.country !== undefined) {
    const { location } = deep;
    return {
      country: deep.country.iso_code,
      city: deep.city?.names.en ?? null,
      point: location
        ? {
            latitude: location.latitude,
            longitude: location.longitude,
            radiusKm: location.accuracy_radius ?? null,
          }
        : null,
    };
  }
  const { data: plain } = flat.safeParse(record);
  if (plain?.country_code === undefined) return null;
  const { country_code, city = null, latitude: north, longitude: east } = plain;
  const point =
    north === undefined || east === undefined ? null : { latitude: north, longitude: east, radiusKm: null };
  return { country: country_code, city, point };
}

const earthRadiusKm = 6_371;

/** Along the great circle, by the haversine formula. */
export function distanceKm(one: Point, other: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [north, south] = [radians(one.latitude), radians(other.latitude)];
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const chord =
    half(other.latitude - one.latitude) +
    Math.cos(north) * Math.cos(south) * half(other.longitude - one.longitude);
  return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(chord)));
}
