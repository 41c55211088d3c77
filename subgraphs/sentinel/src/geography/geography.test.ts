// Places by the files that operators supply, and how far they lie apart.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { config } from '../config.ts';
import { placesAt } from './places.ts';
import { distanceKm, placeOf, tellsOf } from './rules.ts';

const cities = fileURLToPath(new URL('testing/cities.mmdb', import.meta.url));
const countries = fileURLToPath(new URL('testing/countries.mmdb', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'places-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a file of places', () => {
  it('tells the country, the city and where it is, as far as it knows them', () => {
    const places = placesAt(cities);
    expect(places.tells).toEqual({ countries: true, points: true });
    expect(places.of('81.2.69.160')).toEqual({
      ...{ country: 'GB', city: 'London' },
      point: { latitude: 51.5142, longitude: -0.0931, radiusKm: 100 },
    });
    expect(places.of('2001:218::1')).toMatchObject({ country: 'JP', city: null });
    for (const address of ['10.0.0.1', 'unknown', null]) expect(places.of(address)).toBeNull();
  });

  it('may know countries alone', () => {
    expect(placesAt(countries).tells).toEqual({ countries: true, points: false });
    expect(placesAt(countries).of('81.2.69.160')).toEqual({ country: 'GB', city: null, point: null });
  });

  it('is taken anew once it was replaced, and stays as it was where the new one can’t be read', () => {
    const path = join(folder, 'places.mmdb');
    copyFileSync(countries, path);
    const places = placesAt(path);
    expect(places.of('81.2.69.160')?.city).toBeNull();
    expect(places.refresh()).toBe(false);
    writeFileSync(path, 'half of a');
    expect(() => places.refresh()).toThrow();
    expect(places.of('81.2.69.160')?.country).toBe('GB');
    copyFileSync(cities, path);
    expect(places.refresh()).toBe(true);
    expect(places.of('81.2.69.160')?.city).toBe('London');
  });

  it('stops the start where there is none, or it is about something else', () => {
    const read = (GEOIP_DATABASE_PATH: string) =>
      config.pick({ GEOIP_DATABASE_PATH: true }).safeParse({ GEOIP_DATABASE_PATH });
    expect(read(cities).success).toBe(true);
    expect(read(join(folder, 'none.mmdb')).error?.issues[0]?.message).toMatch(
      /^expected a MaxMind DB file \(\.mmdb\): ENOENT/,
    );
    expect(() => tellsOf('GeoLite2-ASN')).toThrow('GeoLite2-ASN');
  });

  it('may be written flat, as sets are that are made from registries', () => {
    expect(placeOf({ country_code: 'GB' })).toEqual({ country: 'GB', city: null, point: null });
    expect(placeOf({ country_code: 'GB', city: 'London', latitude: 51.5, longitude: 0 })).toEqual({
      ...{ country: 'GB', city: 'London' },
      point: { latitude: 51.5, longitude: 0, radiusKm: null },
    });
    for (const none of [null, {}, { country_code: 'Britain' }, { country: {} }])
      expect(placeOf(none)).toBeNull();
  });
});

describe('a distance', () => {
  const anyPoint = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    radiusKm: fc.constant(null),
  });

  it('is along the great circle', () => {
    const [london, sydney] = [
      { latitude: 51.5, longitude: -0.12, radiusKm: 0 },
      { latitude: -33.87, longitude: 151.2, radiusKm: 0 },
    ];
    expect(distanceKm(london, sydney)).toBeCloseTo(16_990, -2);
    expect(distanceKm({ ...london, longitude: 179.9 }, { ...london, longitude: -179.9 })).toBeLessThan(20);
  });

  it('is the same both ways, none to itself, and half the way round at most', () => {
    fc.assert(
      fc.property(anyPoint, anyPoint, (one, other) => {
        expect(distanceKm(one, one)).toBe(0);
        expect(distanceKm(one, other)).toBeCloseTo(distanceKm(other, one), 6);
        expect(distanceKm(one, other)).toBeLessThanOrEqual(Math.PI * 6_371 + 1e-6);
      }),
    );
  });
});
