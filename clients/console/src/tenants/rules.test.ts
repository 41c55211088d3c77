import { describe, expect, it } from '@jest/globals';
import { decisionsFor, isGoingOn } from './rules.ts';

const tenant = {
  status: 'ACTIVE',
  suspension: null,
  deletion: null,
  move: null,
  provisioning: { status: 'SUCCEEDED' },
};
const scheduled = { begunAt: null, finishedAt: null };
const begun = { begunAt: '2026-01-01T00:00:00Z', finishedAt: null };
const erased = { begunAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:01:00Z' };

describe("operators' decisions over a tenant", () => {
  it('are those that make sense at the moment', () => {
    expect(decisionsFor(tenant)).toEqual(['move', 'suspend', 'delete']);
    expect(decisionsFor({ ...tenant, suspension: {} })).toEqual(['move', 'resume', 'delete']);
    expect(decisionsFor({ ...tenant, move: { status: 'RUNNING' } })).toEqual(['suspend', 'delete']);
    expect(decisionsFor({ ...tenant, move: { status: 'FAILED' } })).toContain('move');
    expect(decisionsFor({ ...tenant, provisioning: { status: 'FAILED' } })).toContain('retry');
  });

  it('are to keep it, or none, once it is to be deleted', () => {
    expect(decisionsFor({ ...tenant, suspension: {}, deletion: scheduled })).toEqual(['keep']);
    expect(decisionsFor({ ...tenant, deletion: begun })).toEqual([]);
  });

  it('are watched while the platform is at work', () => {
    expect(isGoingOn(tenant)).toBe(false);
    expect(isGoingOn({ ...tenant, status: 'PROVISIONING' })).toBe(true);
    expect(isGoingOn({ ...tenant, move: { status: 'RUNNING' } })).toBe(true);
    expect(isGoingOn({ ...tenant, move: { status: 'SUCCEEDED' } })).toBe(false);
    expect([scheduled, begun, erased].map((deletion) => isGoingOn({ ...tenant, deletion }))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
