// Detectors of where people sign in from. Without data of places they find nothing.
import type { Place } from '../../geography/rules.ts';
import { valuesOf } from '../parameters.ts';
import { type Detector, daily } from './detector.ts';
import { learning } from './learning.ts';
import { dayMs, firstSeen, impossibleTravel, type SignIn } from './rules.ts';

const travel = {
  kmPerHour: { value: 900, minimum: 100, maximum: 3_000 },
  minimumKm: { value: 300, minimum: 10, maximum: 10_000 },
  assumedRadiusKm: { value: 100, minimum: 0, maximum: 1_000 },
};

const london: Place = {
  ...{ country: 'GB', city: 'London' },
  point: { latitude: 51.5142, longitude: -0.0931, radiusKm: 100 },
};
const changchun: Place = {
  ...{ country: 'CN', city: 'Changchun' },
  point: { latitude: 43.88, longitude: 125.3228, radiusKm: 100 },
};
const somewhere: Place = { country: 'BT', city: null, point: null };

/** So many hours after the first of January. */
function inHours(hours: number, place: Place | null): SignIn[] {
  return daily(1, { fromDay: (hours * 3_600_000) / dayMs, place });
}

export const travelDetectors: readonly Detector[] = [
  {
    ...{ id: 'new-country', version: 1, severity: 'MEDIUM', techniques: ['T1078'], needs: 'countries' },
    title: 'Signed in from a country of which nothing was known',
    description:
      'A person signed in from a country from which they did not in 90 days, once a week and five sign-ins of them are known. It takes data of places, which the operator of the platform supplies.',
    parameters: learning,
    evaluate: (ordered, tuned) =>
      firstSeen(ordered, {
        ...{ ...valuesOf(learning, tuned), field: 'src_endpoint.location.country' },
        read: ({ place }) => place?.country ?? null,
      }),
    examples: [
      {
        name: 'from abroad after a week',
        signIns: [...daily(8, { place: london }), ...daily(1, { fromDay: 8, place: changchun })],
        isFound: true,
      },
      {
        name: 'from another city of the same country',
        signIns: [
          ...daily(8, { place: london }),
          ...daily(1, { fromDay: 8, place: { ...london, city: 'Boxford' } }),
        ],
        isFound: false,
      },
      {
        name: 'from nobody knows where',
        signIns: [...daily(8, { place: london }), ...daily(1, { fromDay: 8 })],
        isFound: false,
      },
    ],
  },
  {
    ...{ id: 'impossible-travel', version: 1, severity: 'HIGH', techniques: ['T1078'], needs: 'points' },
    title: 'Signed in from two places too far apart for the time in between',
    description:
      'A person signed in more than 300 km from where they did before, and would have had to travel faster than 900 km/h. Places count as near to each other as their accuracy allows. What a suppression of this rule means, such as the network of a VPN, is looked past. It takes data of places, which the operator of the platform supplies.',
    parameters: travel,
    looksPast: true,
    isShownBy: ({ place }) => Boolean(place?.point),
    evaluate: (ordered, tuned) => impossibleTravel(ordered, valuesOf(travel, tuned)),
    examples: [
      {
        name: 'from London to Changchun in an hour',
        signIns: [...inHours(0, london), ...inHours(1, changchun)],
        isFound: true,
      },
      {
        name: 'from London to Changchun in eleven hours',
        signIns: [...inHours(0, london), ...inHours(11, changchun)],
        isFound: false,
      },
      {
        name: 'by way of a country of which no place is known',
        signIns: [...inHours(0, london), ...inHours(0.5, somewhere), ...inHours(1, changchun)],
        isFound: true,
      },
      {
        name: 'within what two places may be off',
        signIns: [
          ...inHours(0, { ...london, point: { latitude: 51, longitude: 0, radiusKm: 400 } }),
          ...inHours(0.1, { ...london, point: { latitude: 56, longitude: 0, radiusKm: 100 } }),
        ],
        isFound: false,
      },
    ],
  },
];
