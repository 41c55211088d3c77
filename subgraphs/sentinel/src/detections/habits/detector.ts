// What a detector over a person's sign-ins is: its parameters, a version, and examples that it is tested by.
import type { Severity } from '../../findings/rules.ts';
import type { Parameters, Tuned } from '../parameters.ts';
import { dayMs, type SignIn, type Verdict } from './rules.ts';

export interface Detector {
  /** Its id, which never changes. */
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  readonly parameters: Parameters;
  /** What it has to be told of addresses; absent where it needs nothing that an operator supplies. */
  readonly needs?: 'countries' | 'points';
  /** Which sign-ins show, too, what is found of a later one; absent: none. */
  isShownBy?(earlier: SignIn): boolean;
  /** Whether it looks past sign-ins that a suppression of it means, instead of keeping what it finds of them to itself. */
  readonly looksPast?: true;
  /** @param ordered sign-ins of one person, by `inOrder` */
  evaluate(ordered: readonly SignIn[], tuned?: Tuned): Verdict[];
  readonly examples: readonly DetectorExample[];
}

export interface DetectorExample {
  readonly name: string;
  readonly signIns: readonly SignIn[];
  readonly isFound: boolean;
}

/** One a day, from the first of January on. */
export function daily(
  times: number,
  { fromDay = 0, ...given }: Partial<SignIn> & { fromDay?: number } = {},
): SignIn[] {
  return Array.from({ length: times }, (_, index) => ({
    ...{ id: `sev_${fromDay + index}`, at: Date.UTC(2026, 0, 1) + (fromDay + index) * dayMs, place: null },
    ...{ ipAddress: '203.0.113.7', userAgent: 'Mozilla/5.0 Firefox/145.0', clientId: 'console' },
    ...given,
  }));
}
