// The detectors that everybody has, beside the Sigma rules: each with its parameters, a version, and examples that it is tested by.
import type { Severity } from '../../findings/rules.ts';
import { dayMs, dormant, firstSeen, networkOf, programOf, type SignIn, type Verdict } from './rules.ts';

export interface Detector {
  /** Its id, which never changes. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  readonly parameters: Readonly<Record<string, number>>;
  /** @param ordered sign-ins of one person, by time */
  evaluate(ordered: readonly SignIn[]): Verdict[];
  readonly examples: readonly DetectorExample[];
}

export interface DetectorExample {
  readonly name: string;
  readonly signIns: readonly SignIn[];
  readonly isFound: boolean;
}

const learning = { learningDays: 7, learningSignIns: 5 };
const pause = { days: 45 };

/** One a day, from the first of January on. */
export function daily(
  times: number,
  { fromDay = 0, ...given }: Partial<SignIn> & { fromDay?: number } = {},
): SignIn[] {
  return Array.from({ length: times }, (_, index) => ({
    ...{ id: `sev_${fromDay + index}`, at: Date.UTC(2026, 0, 1) + (fromDay + index) * dayMs },
    ...{ ipAddress: '203.0.113.7', userAgent: 'Mozilla/5.0 Firefox/145.0', clientId: 'console' },
    ...given,
  }));
}

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
    evaluate: (ordered) =>
      firstSeen(ordered, { ...learning, field: 'src_endpoint.network', read: networkOf }),
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
    evaluate: (ordered) =>
      firstSeen(ordered, { ...learning, field: 'http_request.user_agent', read: programOf }),
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
    evaluate: (ordered) =>
      firstSeen(ordered, { ...learning, field: 'actor.app_uid', read: ({ clientId }) => clientId }),
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
    description: 'A person signed in who had not for 45 days.',
    parameters: pause,
    evaluate: (ordered) => dormant(ordered, pause),
    examples: [
      { name: 'after 60 days', signIns: [...daily(3), ...daily(1, { fromDay: 62 })], isFound: true },
      { name: 'after a month', signIns: [...daily(3), ...daily(1, { fromDay: 32 })], isFound: false },
    ],
  },
];
