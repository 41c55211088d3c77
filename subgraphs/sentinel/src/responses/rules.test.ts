import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  covers,
  isLive,
  isTooWide,
  mayBecome,
  type PolicyMatch,
  type ResponseStatus,
  responseKinds,
  responseStatuses,
  targetsByPolicy,
  targetsOf,
} from './rules.ts';

describe("a response's status", () => {
  it('ends, whatever is done, and never comes back', () => {
    const walk = fc.array(fc.constantFrom(...responseStatuses), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom(...responseKinds), walk, (kind, wanted) => {
        const been: ResponseStatus[] = ['PROPOSED'];
        for (const next of wanted) {
          const status = been.at(-1) ?? 'PROPOSED';
          if (mayBecome({ kind, status }, next)) been.push(next);
        }
        expect(new Set(been).size).toBe(been.length);
        expect(been.length).toBeLessThanOrEqual(4);
        if (been.includes('APPLIED')) expect(been.slice(0, 3)).toEqual(['PROPOSED', 'APPROVED', 'APPLIED']);
      }),
    );
  });

  it('holds on to nothing that ended sessions could give back', () => {
    expect(isLive({ kind: 'END_SESSIONS', status: 'APPLIED' })).toBe(false);
    expect(mayBecome({ kind: 'END_SESSIONS', status: 'APPLIED' }, 'UNDONE')).toBe(false);
    expect(isLive({ kind: 'BLOCK', status: 'APPLIED' })).toBe(true);
  });
});

describe('a policy', () => {
  const policy: PolicyMatch = {
    ...{ isEnabled: true, kind: 'BLOCK', targetKinds: ['PERSON', 'NETWORK'], minimumSeverity: 'HIGH' },
    ruleIds: [],
  };
  const finding = {
    ...{ ruleId: 'password-spraying', severity: 'HIGH' as const },
    subjects: [
      { field: 'src_endpoint.ip', value: '2001:db8::1' },
      { field: 'user.uid', value: 'per_olivia' },
      { field: 'http_request.user_agent', value: 'curl' },
    ],
  };

  it('means those of whom the finding is, of the kinds that it names', () => {
    expect(targetsByPolicy(policy, finding)).toEqual([
      { kind: 'NETWORK', value: '2001:db8::1/128' },
      { kind: 'PERSON', value: 'per_olivia' },
    ]);
    expect(targetsByPolicy({ ...policy, kind: 'END_SESSIONS' }, finding)).toEqual([
      { kind: 'PERSON', value: 'per_olivia' },
    ]);
  });

  it.each([
    ['is disabled', { isEnabled: false }],
    ['asks for what is worse', { minimumSeverity: 'CRITICAL' as const }],
    ['names other rules', { ruleIds: ['code-reused'] }],
  ])('means nobody where it %s', (_, change) => {
    expect(targetsByPolicy({ ...policy, ...change }, finding)).toEqual([]);
  });

  it('does nothing to what is no address', () => {
    expect(targetsOf([{ field: 'src_endpoint.ip', value: 'unknown' }])).toEqual([]);
  });
});

describe('an entry of the allow-list', () => {
  it('covers what lies within it, and nothing wider', () => {
    const office = { kind: 'NETWORK', value: '203.0.113.0/24' } as const;
    expect(covers(office, { kind: 'NETWORK', value: '203.0.113.7/32' })).toBe(true);
    expect(covers(office, office)).toBe(true);
    expect(covers(office, { kind: 'NETWORK', value: '203.0.112.0/23' })).toBe(false);
    expect(covers(office, { kind: 'NETWORK', value: '2001:db8::/64' })).toBe(false);
    expect(covers(office, { kind: 'PERSON', value: '203.0.113.7/32' })).toBe(false);
    expect(covers({ kind: 'PERSON', value: 'per_a' }, { kind: 'PERSON', value: 'per_a' })).toBe(true);
  });
});

it('lets nobody block a part of the world', () => {
  expect(isTooWide('0.0.0.0/0')).toBe(true);
  expect(isTooWide('2000::/3')).toBe(true);
  expect(isTooWide('10.0.0.0/8')).toBe(false);
});
