import { describe, expect, it } from '@jest/globals';
import { Marks } from './marks.ts';

const minute = 60_000;
const at = 100 * minute;
const change = (
  given: { subject?: string; tenantId?: string; changedAt?: number; removed?: string[] } = {},
) => ({
  tenantId: given.tenantId ?? 'ten_1',
  subject: given.subject ?? null,
  changedAt: given.changedAt ?? at,
  rolesRemoved: [],
  permissionsRemoved: given.removed ?? [],
});
const bearer = (given: { subject?: string; tenantId?: string; issuedAt?: number } = {}) => ({
  ...{ subject: 'per_1', tenantId: 'ten_1', issuedAt: at - minute },
  ...given,
});
const isNew = { isNew: true };

describe('marks', () => {
  it('concern tokens of the tenant from before the change, and shortly after it', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute });
    expect(marks.isEmpty).toBe(true);
    marks.add(change(), isNew);
    expect(marks.of(bearer())).toBeDefined();
    expect(marks.of(bearer({ issuedAt: at + 10_000 }))).toBeDefined();
    expect(marks.of(bearer({ issuedAt: at + 20_000 }))).toBeUndefined();
    expect(marks.of(bearer({ tenantId: 'ten_2' }))).toBeUndefined();
    expect(marks.of({ ...bearer(), tenantId: null })).toBeUndefined();
  });

  it('of who acts for somebody concern their tokens for that person alone', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute });
    marks.add(change({ subject: 'cli_1', removed: ['a:b'] }), isNew);
    expect(marks.of({ ...bearer(), actorId: 'cli_1' })?.permissionsRemoved).toEqual(new Set(['a:b']));
    expect(marks.of({ ...bearer(), actorId: 'cli_2' })).toBeUndefined();
    expect(marks.of(bearer())).toBeUndefined();
  });

  it('of one person concern that person, and add up with those of the tenant', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute });
    marks.add(change({ subject: 'per_1', removed: ['a:b'] }), isNew);
    expect(marks.of(bearer({ subject: 'per_2' }))).toBeUndefined();
    const first = marks.of(bearer());
    marks.add(change({ removed: ['c:d'] }), isNew);
    const both = marks.of(bearer());
    expect(both?.permissionsRemoved).toEqual(new Set(['a:b', 'c:d']));
    expect(both?.version).toBeGreaterThan(first?.version ?? 0);
    expect(marks.of(bearer({ subject: 'per_2' }))?.permissionsRemoved).toEqual(new Set(['c:d']));
  });

  it('that are listed again change nothing, unless pushes may have been missed', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute });
    expect(marks.add(change({ removed: ['a:b'] }), { isNew: false })).toBe(true);
    expect(marks.add(change({ removed: ['a:b'] }), { isNew: false })).toBe(false);
    expect(marks.add(change({ removed: ['c:d'] }), { isNew: false })).toBe(true);
    expect(marks.add(change({ changedAt: at + 1 }), { isNew: false })).toBe(true);
    expect(marks.add(change(), isNew)).toBe(true);
  });

  it('are forgotten when all tokens from before have expired', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute });
    marks.add(change(), isNew);
    marks.add(change({ tenantId: 'ten_2', subject: 'per_1' }), isNew);
    marks.doubtAll(at);
    marks.forget(at + 15 * minute);
    expect(marks.isEmpty).toBe(false);
    marks.forget(at + 16 * minute);
    expect(marks.isEmpty).toBe(true);
  });

  it('are bounded: beyond their number more tokens are doubted, never fewer', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute, maximumSubjects: 2, maximumTenants: 2 });
    for (const subject of ['per_1', 'per_2', 'per_3'])
      marks.add(change({ subject, removed: ['a:b'] }), isNew);
    expect(marks.of(bearer({ subject: 'per_9' }))?.permissionsRemoved).toEqual(new Set(['a:b']));
    for (const tenantId of ['ten_2', 'ten_3']) marks.add(change({ tenantId, removed: ['c:d'] }), isNew);
    expect(marks.of(bearer({ tenantId: 'ten_9' }))?.permissionsRemoved).toEqual(new Set(['c:d']));
  });

  it('of which nothing is known take everything away', () => {
    const marks = new Marks({ lifetimeMs: 15 * minute });
    marks.doubtAll(at);
    expect(marks.of(bearer({ tenantId: 'ten_9' }))).toMatchObject({
      rolesRemoved: null,
      permissionsRemoved: null,
    });
    marks.add(change({ removed: ['a:b'] }), isNew);
    expect(marks.of(bearer())?.permissionsRemoved).toBeNull();
  });
});
