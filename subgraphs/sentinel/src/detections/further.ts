// What Sigma can't say, in the order in which it is looked at.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import type { Found } from '../findings/recording.ts';
import type { Severity } from '../findings/rules.ts';
import type { Happened } from '../security-events/ocsf.ts';
import { canaryDescription, canaryRule, watchCanaries } from './canaries/watching.ts';
import type { InForce } from './catalogue.ts';
import type { Detector } from './habits/detector.ts';
import { detectors } from './habits/detectors.ts';
import { watchHabits } from './habits/watching.ts';
import type { Parameters } from './parameters.ts';
import type { Turn } from './turn.ts';
import { volumeParameters } from './volume/rules.ts';
import { volumeDescription, volumeRule, watchVolume } from './volume/watching.ts';

/** What is found by events that were just stored, in the same transaction. */
export async function detectFurther(
  service: Sentinel,
  events: readonly Happened[],
  given: Pick<UnitOfWork, 'push'> & Pick<InForce, 'disabled' | 'tuned'> & { turn: Turn },
): Promise<Found[]> {
  return [
    ...(await watchCanaries(service, events)),
    ...(await watchHabits(service, events, given)),
    ...(await watchVolume(service, events, given)),
  ];
}

/** A detector as it is shown among the rules. */
export interface ShownDetector {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly techniques: readonly string[];
  readonly parameters: Parameters;
  /** What it has to be told of addresses; absent where it needs nothing that an operator supplies. */
  readonly needs?: Detector['needs'];
}

export const shownDetectors: readonly ShownDetector[] = [
  ...detectors,
  { ...volumeRule, description: volumeDescription, parameters: volumeParameters },
  { ...canaryRule, description: canaryDescription, parameters: {} },
];
