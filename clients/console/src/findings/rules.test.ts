import { describe, expect, it } from '@jest/globals';
import type { FindingOfListFragment } from './findings.generated.ts';
import { isOpen, nextStatuses, techniqueUrl, toneOf, withFindings } from './rules.ts';

const finding = (id: string, more: Partial<FindingOfListFragment> = {}): FindingOfListFragment => ({
  ...{ id, title: id, severity: 'LOW', status: 'NEW', subjects: [], evidenceCount: 1, assignee: null },
  ...{ lastSeenAt: '2026-01-01T00:00:00.000Z', changedAt: '2026-01-01T00:00:00.000Z', ...more },
});

describe('findings', () => {
  it('that wait come before those that are over, the worst first', () => {
    const shown = withFindings(
      [finding('over', { severity: 'CRITICAL', status: 'RESOLVED' }), finding('low')],
      [finding('high', { severity: 'HIGH' })],
    );
    expect(shown.map(({ id }) => id)).toEqual(['high', 'low', 'over']);
    expect(shown.map(isOpen)).toEqual([true, true, false]);
  });

  it('are shown as they are by the latest change, whatever order changes come in', () => {
    const later = finding('one', { status: 'TRIAGED', changedAt: '2026-01-01T00:00:09.000Z' });
    const between = finding('one', { changedAt: '2026-01-01T00:00:05.000Z' });
    expect(withFindings([finding('one')], [later, between])).toEqual([later]);
  });

  it('go where the platform lets them, and are coloured by how bad they are', () => {
    expect(nextStatuses.RESOLVED).toEqual(['NEW']);
    expect([toneOf('CRITICAL'), toneOf('MEDIUM'), toneOf('LOW')]).toEqual(['bad', 'warn', 'neutral']);
    expect(techniqueUrl('T1110.003')).toBe('https://attack.mitre.org/techniques/T1110/003/');
  });
});
