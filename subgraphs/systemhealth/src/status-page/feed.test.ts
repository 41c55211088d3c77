import { describe, expect, it } from '@jest/globals';
import type { StatusPage } from '../schema.generated.ts';
import { feedOf } from './feed.ts';

const origin = 'https://status.example.com:8443';
const asOf = new Date('2026-03-02T10:20:30.456Z');
const update = (occurredAt: string, message: string) => ({
  ...{ occurredAt: new Date(occurredAt), message, status: 'INVESTIGATING' as const },
});
const pageWith = (incidents: StatusPage['incidents'], more: Partial<StatusPage> = {}): StatusPage => ({
  ...{ slug: 'shop', title: 'Shop', description: null, asOf, status: 'UP', services: [], maintenance: [] },
  incidents,
  ...more,
});
const incident = (updates: StatusPage['incidents'][number]['updates'], title = 'Slow cart') => ({
  ...{ title, severity: 'MAJOR' as const, status: 'INVESTIGATING' as const, services: ['Shop'] },
  ...{ startedAt: asOf, resolvedAt: null, updates },
});

describe('the feed of a status page', () => {
  it('has an entry an update, the newest first, over all incidents', () => {
    const { body } = feedOf(
      pageWith([
        incident([update('2026-03-02T10:00:00Z', 'third'), update('2026-03-01T10:00:00Z', 'first')]),
        incident([update('2026-03-02T09:00:00Z', 'second')]),
      ]),
      origin,
    );
    expect([...body.matchAll(/<content type="text">(\w+)/g)].map(([, text]) => text)).toEqual([
      ...['third', 'second', 'first'],
    ]);
    expect(body).toContain('  <updated>2026-03-02T10:00:00.000Z</updated>\n  <author>');
    expect(body).toContain(
      `<link rel="self" type="application/atom+xml" href="${origin}/status/shop/feed"/>`,
    );
  });

  it('knows an update by the same id for good, also one of the same millisecond', () => {
    const idsOf = (page: StatusPage) =>
      [...feedOf(page, origin).body.matchAll(/<id>(.*?)<\/id>/g)].map(([, id]) => id);
    const first = update('2026-03-01T10:00:00Z', 'first');
    const before = idsOf(pageWith([incident([first])]));
    expect(before).toEqual([
      'tag:status.example.com,2026:status/shop',
      'tag:status.example.com,2026:status/shop/2026-03-01T10:00:00.000Z',
    ]);
    const after = idsOf(pageWith([incident([{ ...first, message: 'second' }, first], 'Renamed')]));
    expect(after).toEqual([before[0], `${before[1]}.1`, before[1]]);
  });

  it('writes as text what would be markup, and leaves out what XML can’t say', () => {
    const { body } = feedOf(
      pageWith([incident([update('2026-03-01T10:00:00Z', 'a\u0000\u001b\ud800 ]]> & "b"')], '<script>')]),
      origin,
    );
    expect(body).toContain('<title>Investigating: &lt;script&gt;</title>');
    expect(body).toContain('<content type="text">a ]]&gt; &amp; &quot;b&quot; (Shop)</content>');
  });

  it('is the same bytes while nothing is told', () => {
    const later = new Date('2026-03-02T23:00:00Z');
    expect(feedOf(pageWith([]), origin).etag).toBe(feedOf(pageWith([], { asOf: later }), origin).etag);
    expect(feedOf(pageWith([]), origin).body).toContain('<updated>2026-03-02T00:00:00.000Z</updated>');
    expect(feedOf(pageWith([incident([])]), origin).etag).toBe(feedOf(pageWith([]), origin).etag);
  });
});
