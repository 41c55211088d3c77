import { describe, expect, it } from '@jest/globals';
import type { AlertOfListFragment } from './alerts.generated.ts';
import { silenceOf, toneOf, withAlerts } from './rules.ts';

const alert = (id: string, more: Partial<AlertOfListFragment> = {}): AlertOfListFragment => ({
  ...{ id, summary: id, severity: 'WARNING', state: 'FIRING', startedAt: '2026-01-01T00:00:00.000Z' },
  ...{ endedAt: null, sequence: 1, acknowledgement: null, suppression: null, serviceId: null, ...more },
});
const changed = (to: AlertOfListFragment) => ({ alertId: to.id, alert: to });

describe('alerts', () => {
  it('that fire come first, those that nobody has taken before others, the worst at the top', () => {
    const taken = { acknowledgedAt: '2026-01-01T00:01:00.000Z' };
    const shown = withAlerts(
      [
        alert('over', { state: 'RESOLVED', severity: 'CRITICAL' }),
        alert('taken', { acknowledgement: taken }),
      ],
      [changed(alert('worst', { severity: 'CRITICAL' })), changed(alert('waiting', { state: 'PENDING' }))],
    );
    expect(shown.map(({ id }) => id)).toEqual(['worst', 'taken', 'waiting', 'over']);
  });

  it('are as their latest transition says, whatever order changes come in, and gone when they are', () => {
    const over = alert('one', { state: 'RESOLVED', sequence: 3 });
    expect(withAlerts([alert('one')], [changed(over), changed(alert('one', { sequence: 2 }))])).toEqual([
      over,
    ]);
    expect(withAlerts([over], [{ alertId: 'one', alert: null }])).toEqual([]);
  });

  it('are coloured by how bad they are while they fire', () => {
    expect(toneOf({ state: 'FIRING', severity: 'CRITICAL' })).toBe('bad');
    expect(toneOf({ state: 'RESOLVED', severity: 'CRITICAL' })).toBe('good');
    expect(toneOf({ state: 'PENDING', severity: 'CRITICAL' })).toBe('neutral');
  });

  it('are silenced by all of their labels', () => {
    const labels = [{ name: 'check', value: 'chk_1' }];
    expect(silenceOf({ labels, hours: 4, comment: 'Known.' }, 0)).toEqual({
      ...{ matchers: labels, comment: 'Known.', endsAt: '1970-01-01T04:00:00.000Z' },
    });
  });
});
