// What the pages of responses make of findings, as functions of data alone.
import type { ResponseKind, ResponseOfListFragment, ResponseTargetKind } from './responses.generated.ts';

export interface Subject {
  field: string;
  value: string;
}

export interface Target {
  kind: ResponseTargetKind;
  value: string;
}

const kindsByField: Readonly<Record<string, ResponseTargetKind>> = {
  'actor.user.uid': 'PERSON',
  'user.uid': 'PERSON',
  'actor.app_uid': 'CLIENT',
  'src_endpoint.ip': 'NETWORK',
};

/** To whom something can be done, of those that a finding is about. An address is a network of one. */
export function targetsOf(subjects: readonly Subject[]): Target[] {
  return subjects.flatMap(({ field, value }): Target[] => {
    const kind = kindsByField[field];
    if (kind === undefined) return [];
    return [{ kind, value: kind === 'NETWORK' ? `${value}/${value.includes(':') ? 128 : 32}` : value }];
  });
}

/** What can be done to it: programs and networks have neither sessions nor second factors. */
export function kindsFor(kind: ResponseTargetKind): ResponseKind[] {
  return kind === 'PERSON' ? ['END_SESSIONS', 'REQUIRE_SECOND_FACTOR', 'BLOCK'] : ['BLOCK'];
}

/** So many responses are kept in the list. */
export const mostResponses = 100;

/** Each as it is by the latest change, the one that changed last first. */
export function withResponses(
  known: readonly ResponseOfListFragment[],
  changed: readonly ResponseOfListFragment[],
): readonly ResponseOfListFragment[] {
  const byId = new Map(known.map((response) => [response.id, response]));
  for (const response of changed) {
    const before = byId.get(response.id);
    // Several steps of one moment are told one after the other: each has a longer log.
    const isOlder =
      before !== undefined &&
      (before.changedAt > response.changedAt ||
        (before.changedAt === response.changedAt && before.log.length >= response.log.length));
    if (!isOlder) byId.set(response.id, response);
  }
  return [...byId.values()].sort((a, b) => (a.changedAt > b.changedAt ? -1 : 1)).slice(0, mostResponses);
}
