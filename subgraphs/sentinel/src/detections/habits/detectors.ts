// The detectors that everybody has, beside the Sigma rules.
import { valuesOf } from '../parameters.ts';
import { type Detector, daily } from './detector.ts';
import { learning } from './learning.ts';
import { dormant, firstSeen, networkOf, programOf } from './rules.ts';
import { travelDetectors } from './travelling.ts';

const pause = { days: { value: 45, minimum: 7, maximum: 80 } };
const abroad = { ipAddress: '198.51.100.7' };
const script = { userAgent: 'curl/8.5.0' };
const desk = { clientId: 'app_desk' };

export const detectors: readonly Detector[] = [
  {
    ...{ id: 'new-network', version: 1, severity: 'LOW', techniques: ['T1078'] },
    title: 'Signed in from a network of which nothing was known',
    description:
      'A person signed in from a network (/16, or /32 for IPv6) from which they did not in 90 days, once a week and five sign-ins of them are known.',
    parameters: learning,
    evaluate: (ordered, tuned) =>
      firstSeen(ordered, { ...valuesOf(learning, tuned), field: 'src_endpoint.network', read: networkOf }),
    examples: [
      {
        name: 'from elsewhere after a week',
        signIns: [...daily(8), ...daily(1, { fromDay: 8, ...abroad })],
        isFound: true,
      },
      {
        name: 'from elsewhere on the second day',
        signIns: [...daily(1), ...daily(1, { fromDay: 1, ...abroad })],
        isFound: false,
      },
    ],
  },
  {
    ...{ id: 'new-browser', version: 1, severity: 'LOW', techniques: ['T1078'] },
    title: 'Signed in by a browser of which nothing was known',
    description:
      'A person signed in by a kind of browser or program that they did not use in 90 days, whatever its version, once a week and five sign-ins of them are known.',
    parameters: learning,
    evaluate: (ordered, tuned) =>
      firstSeen(ordered, { ...valuesOf(learning, tuned), field: 'http_request.user_agent', read: programOf }),
    examples: [
      {
        name: 'by a script after a week',
        signIns: [...daily(8), ...daily(1, { fromDay: 8, ...script })],
        isFound: true,
      },
      {
        name: 'by a newer version',
        signIns: [...daily(8), ...daily(1, { fromDay: 8, userAgent: 'Mozilla/5.0 Firefox/146.0' })],
        isFound: false,
      },
    ],
  },
  {
    ...{ id: 'new-program', version: 1, severity: 'LOW', techniques: ['T1528'] },
    title: 'Signed in to a program of which nothing was known',
    description:
      'A person signed in to a program that they did not use in 90 days, once a week and five sign-ins of them are known.',
    parameters: learning,
    evaluate: (ordered, tuned) =>
      firstSeen(ordered, {
        ...{ ...valuesOf(learning, tuned), field: 'actor.app_uid' },
        read: ({ clientId }) => clientId,
      }),
    examples: [
      {
        name: 'to another after a week',
        signIns: [...daily(8), ...daily(1, { fromDay: 8, ...desk })],
        isFound: true,
      },
      { name: 'to the same all the time', signIns: daily(30), isFound: false },
    ],
  },
  {
    ...{ id: 'dormant-account', version: 1, severity: 'MEDIUM', techniques: ['T1078'] },
    title: 'An account woke up',
    description: 'A person signed in who had not for 45 days, or as many as the tenant says.',
    parameters: pause,
    evaluate: (ordered, tuned) => dormant(ordered, valuesOf(pause, tuned)),
    examples: [
      { name: 'after 60 days', signIns: [...daily(3), ...daily(1, { fromDay: 62 })], isFound: true },
      { name: 'after a month', signIns: [...daily(3), ...daily(1, { fromDay: 32 })], isFound: false },
    ],
  },
  ...travelDetectors,
];
