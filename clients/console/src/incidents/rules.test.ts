import { describe, expect, it } from '@jest/globals';
import type { IncidentOfListFragment } from './incidents.generated.ts';
import { fileNameOf, latestOf, withIncidents } from './rules.ts';

const incident = (id: string, more: Partial<IncidentOfListFragment> = {}): IncidentOfListFragment => ({
  ...{
    id,
    title: id,
    severity: 'MINOR',
    status: 'INVESTIGATING',
    resolvedAt: null,
    sequence: 1,
    isPublic: false,
  },
  ...{ startedAt: '2026-01-01T00:00:00.000Z', ...more },
});

describe('the list of incidents', () => {
  it('has open ones first, each as it is by the latest of its changes, however these come', () => {
    const known = [incident('a'), incident('b', { startedAt: '2026-01-02T00:00:00.000Z' })];
    const over = incident('b', { sequence: 3, resolvedAt: '2026-01-03T00:00:00.000Z' });
    const after = withIncidents(known, [
      over,
      incident('b', { sequence: 2 }),
      null,
      incident('c', { startedAt: '2026-01-04T00:00:00.000Z' }),
    ]);
    expect(after.map(({ id, sequence }) => `${id}${sequence}`)).toEqual(['c1', 'a1', 'b3']);
  });
});

describe('one incident', () => {
  it('is as its latest change says', () => {
    expect(latestOf({ sequence: 2 }, [{ sequence: 3 }, { sequence: 1 }, null])).toEqual({ sequence: 3 });
    expect(latestOf(null, [{ sequence: 1 }])).toEqual({ sequence: 1 });
  });

  it('has a postmortem with a name that every system takes', () => {
    expect(fileNameOf('Não há / Caixa!')).toBe('postmortem-nao-ha-caixa.md');
    expect(fileNameOf('…')).toBe('postmortem-incident.md');
  });
});
