import { expect, it } from '@jest/globals';
import { kindsFor, targetsOf } from './rules.ts';

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
