import { describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { anonymous } from '@supergraph/chassis/viewer';
import { policyField } from './rateLimitFields.ts';
import { holdingsOf, rateLimitsShape } from './rateLimitPolicies.ts';

const config = rateLimitsShape.parse({
  tenant: { operations: 100 },
  client: { operations: 50, seconds: 10 },
  person: { operations: 10, cost: 1_000 },
  address: { operations: 5 },
  tenantMonth: { cost: 9_000 },
  overrides: { 'client:export': { operations: 500, seconds: 10 }, 'tenant:ten_large': null },
});
const keysOf = (viewer: Parameters<typeof holdingsOf>[1]['viewer'], ipAddress?: string) =>
  holdingsOf(config, { viewer, ipAddress }).map(({ key, policy }) => `${key} ${policy.quota}`);

describe('what an operation draws on', () => {
  it('is what its tenant, its client in that tenant, and its person have', () => {
    expect(keysOf(testViewer({ tenantId: 'ten_a', clientId: 'explorer', subject: 'per_a' }))).toEqual([
      'tenant-operations:ten_a 100',
      'tenantMonth-cost:ten_a 9000',
      'client-operations:ten_a:explorer 50',
      'person-operations:per_a 10',
      'person-cost:per_a 1000',
    ]);
  });

  it('is what its network has where nobody signed in', () => {
    expect(keysOf(anonymous, '2001:db8::1')).toEqual(['address-operations:2001:db8:0:0::/64 5']);
  });

  it('differs for the holders that the configuration names', () => {
    expect(keysOf(testViewer({ tenantId: 'ten_large', clientId: 'export', subject: 'per_a' }))).toEqual([
      'tenantMonth-cost:ten_large 9000',
      'client-operations:ten_large:export 500',
      'person-operations:per_a 10',
      'person-cost:per_a 1000',
    ]);
  });

  it('is told with its units and periods', () => {
    const policies = holdingsOf(config, { viewer: testViewer(), ipAddress: undefined }).map(
      ({ policy }) => policy,
    );
    expect(policyField(policies)).toBe(
      [
        '"tenant-operations";q=100;w=60',
        '"tenantMonth-cost";q=9000;w=2678400;qu="cost"',
        '"client-operations";q=50;w=10',
        '"person-operations";q=10;w=60',
        '"person-cost";q=1000;w=60;qu="cost"',
      ].join(', '),
    );
  });
});
