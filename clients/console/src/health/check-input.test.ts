import { describe, expect, it } from '@jest/globals';
import { typedCheck } from './check-input.ts';

function form(entries: ReadonlyArray<readonly [string, string]>): FormData {
  const values = new FormData();
  for (const [name, value] of entries) values.append(name, value);
  return values;
}

describe('what was typed of a check', () => {
  it('is its times in milliseconds and the settings of its kind', () => {
    const values = form([
      ...([
        ['name', ' Shop '],
        ['target', 'https://shop.example/'],
        ['interval', '30'],
        ['timeout', '2.5'],
      ] as const),
      ...([
        ['degradedAfter', ''],
        ['downAfter', '3'],
        ['upAfter', '0'],
        ['method', 'POST'],
      ] as const),
      ...([
        ['statuses', '200\n 300-399 \n'],
        ['redirects', '2'],
        ['headers', 'X-Key: a:b\nX-Kept'],
      ] as const),
      ...([
        ['assertion-source', 'BODY'],
        ['assertion-selector', ''],
        ['assertion-comparison', 'CONTAINS'],
      ] as const),
      ...([
        ['assertion-value', 'ok'],
        ['assertion-source', 'JSON'],
        ['assertion-selector', '$.errors'],
      ] as const),
      ...([
        ['assertion-comparison', 'NOT_EXISTS'],
        ['assertion-value', ''],
      ] as const),
    ]);
    expect(typedCheck(values, 'HTTP')).toEqual({
      ...{ name: 'Shop', target: 'https://shop.example/', intervalMs: 30_000, timeoutMs: 2_500 },
      ...{ degradedAfterMs: null, downAfterMs: 3_000, upAfterMs: 0 },
      settings: {
        http: {
          ...{
            method: 'POST',
            statuses: ['200', '300-399'],
            redirects: 2,
            certificateDays: null,
            body: null,
          },
          headers: [
            { name: 'X-Key', value: 'a:b' },
            { name: 'X-Kept', value: null },
          ],
          assertions: [
            { source: 'BODY', selector: null, comparison: 'CONTAINS', value: 'ok' },
            { source: 'JSON', selector: '$.errors', comparison: 'NOT_EXISTS', value: null },
          ],
        },
      },
    });
  });

  it('is no target and no times of a heartbeat, and no settings of TCP', () => {
    const beat = form([
      ['name', 'Backup'],
      ['periodSeconds', '60'],
      ['graceSeconds', '5'],
    ]);
    expect(typedCheck(beat, 'HEARTBEAT')).toEqual({
      name: 'Backup',
      settings: { heartbeat: { periodSeconds: 60, graceSeconds: 5 } },
    });
    expect(typedCheck(form([['target', 'tcp://a:1']]), 'TCP')).not.toHaveProperty('settings');
  });
});
