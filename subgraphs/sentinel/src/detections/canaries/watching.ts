// Whoever touches a canary is found at once, whatever came of it.
import type { Sentinel } from '../../context.ts';
import type { Found } from '../../findings/recording.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { CanaryRow } from './model.ts';

/** The rule under which touched canaries are found. */
export const canaryRule = {
  ...{ id: 'canary-touched', version: 1, title: 'A canary was touched', severity: 'CRITICAL' as const },
  techniques: ['T1078', 'T1087'],
};
export const canaryDescription =
  'Somebody used, or tried to use, what nobody has a reason to: a decoy account, a decoy program or key, or a field that is watched.';

export async function watchCanaries(service: Sentinel, events: readonly Happened[]): Promise<Found[]> {
  const canaries = await service.models.Canary.find().lean<CanaryRow[]>();
  return touchedCanaries(canaries, events).map((found) => ({
    ...{ rule: canaryRule, ...found, added: found.evidence },
  }));
}

/** What some events touched, each canary once. */
export function touchedCanaries(
  canaries: readonly CanaryRow[],
  events: readonly Happened[],
): Pick<Found, 'subjects' | 'evidence'>[] {
  return canaries.flatMap((canary) => {
    const touching = events.filter((event) => isTouched(canary, event));
    if (touching.length === 0) return [];
    const evidence = new Map(touching.map(({ _id, occurredAt }) => [_id, occurredAt.getTime()]));
    return [{ subjects: [{ field: 'canary', value: canary.name }, subjectOf(canary)], evidence }];
  });
}

export function isTouched(
  { kind, value }: Pick<CanaryRow, 'kind' | 'value'>,
  { actorId, clientId, coordinates }: Pick<Happened, 'actorId' | 'clientId' | 'coordinates'>,
): boolean {
  switch (kind) {
    case 'PERSON':
      return actorId === value;
    case 'CLIENT':
      return clientId === value;
    case 'FIELD':
      return coordinates.includes(value);
  }
}

function subjectOf({ kind, value }: CanaryRow) {
  const field = { PERSON: 'actor.user.uid', CLIENT: 'actor.app_uid', FIELD: 'resources.name' }[kind];
  return { field, value };
}
