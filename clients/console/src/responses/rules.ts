// What the pages of responses make of findings, as functions of data alone.
import type { ResponseKind, ResponseTargetKind } from './responses.generated.ts';

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
