import { expect, it } from '@jest/globals';
import type { ResponseOfListFragment } from './responses.generated.ts';
import { kindsFor, targetsOf, withResponses } from './rules.ts';

it('something can be done to people, programs and addresses that a finding is about', () => {
  const subjects = [
    { field: 'user.uid', value: 'per_a' },
    { field: 'src_endpoint.ip', value: '192.0.2.7' },
    { field: 'src_endpoint.ip', value: '2001:db8::1' },
    { field: 'canary', value: 'Old backup' },
  ];
  expect(targetsOf(subjects)).toEqual([
    { kind: 'PERSON', value: 'per_a' },
    { kind: 'NETWORK', value: '192.0.2.7/32' },
    { kind: 'NETWORK', value: '2001:db8::1/128' },
  ]);
  expect(kindsFor('NETWORK')).toEqual(['BLOCK']);
});

it('each response is shown as it is by the latest of its steps, the one that changed last first', () => {
  const response = (id: string, second: number, steps: number): ResponseOfListFragment => ({
    ...{ id, kind: 'BLOCK', targetKind: 'PERSON', target: 'per_a', status: 'PROPOSED', reason: 'a test' },
    ...{ findingId: null, endsAt: null, proposedBy: null },
    changedAt: new Date(second * 1_000).toISOString(),
    log: Array.from({ length: steps }, () => ({ status: 'PROPOSED' as const, at: '', note: null, by: null })),
  });
  const known = [response('a', 2, 1), response('b', 1, 1)];
  // Told in another order than they were taken, and once more.
  const changed = [response('b', 3, 3), response('b', 3, 2), response('a', 2, 1), response('c', 1, 1)];
  expect(withResponses(known, changed).map(({ id, log }) => [id, log.length])).toEqual([
    ['b', 3],
    ['a', 1],
    ['c', 1],
  ]);
});
