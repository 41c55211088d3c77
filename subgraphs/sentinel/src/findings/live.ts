// What is pushed to subscribers when a finding is new or has changed.
import type { FindingParent } from './model.ts';

/** Live topic of a tenant. */
export const findingChangedTopic = 'finding-changed';

type Instants = 'firstSeenAt' | 'lastSeenAt' | 'createdAt' | 'changedAt';

/** The finding as it travels: instants as text. */
export type FindingPush = Omit<FindingParent, Instants> & Record<Instants, string>;

export function pushOfFinding({
  firstSeenAt,
  lastSeenAt,
  createdAt,
  changedAt,
  ...finding
}: FindingParent): FindingPush {
  return {
    ...finding,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
  };
}

export function findingOf({
  firstSeenAt,
  lastSeenAt,
  createdAt,
  changedAt,
  ...finding
}: FindingPush): FindingParent {
  return {
    ...finding,
    firstSeenAt: new Date(firstSeenAt),
    lastSeenAt: new Date(lastSeenAt),
    createdAt: new Date(createdAt),
    changedAt: new Date(changedAt),
  };
}
