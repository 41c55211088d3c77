// What is not among the security events, and that people see it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform.stop());

const query = '{ eventGaps(first: 10) { nodes { source reason from until count } } }';
async function gaps(tenantId: string) {
  const { data, errors } = await platform.execute(copy, { query, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.eventGaps.nodes;
}
const found = (tenantId: string, count: number) =>
  eventually(async () => {
    const all = await gaps(tenantId);
    return all[0]?.count === count && all;
  });

describe('a gap', () => {
  it('is told by the gateway, and grows with what else it could not tell', async () => {
    const lose = (from: string, until: string, count: number) =>
      inTenant('ten_gap1', () =>
        copy.service.events.publish('gateway.reports.lost.v1', {
          data: { type: 'gateway.field.denied.v1', reason: 'overflow', from, until, count },
        }),
      );
    await lose('2026-11-28T08:00:00.000Z', '2026-11-28T08:01:00.000Z', 7);
    await found('ten_gap1', 7);
    await lose('2026-11-28T07:59:00.000Z', '2026-11-28T08:00:30.000Z', 3);
    expect(await found('ten_gap1', 10)).toEqual([
      {
        ...{ source: 'gateway', reason: 'OVERFLOW', count: 10 },
        ...{ from: '2026-11-28T07:59:00.000Z', until: '2026-11-28T08:01:00.000Z' },
      },
    ]);
    expect(await gaps('ten_gap2')).toEqual([]);
  });

  it('is what came later than detections wait, which is stored all the same', async () => {
    const tenantId = 'ten_gap3';
    const late = new Date(Date.now() - 30 * 3_600_000).toISOString();
    const time = new Date(Date.now() - 20 * 3_600_000).toISOString();
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId, time });
    await platform.tell('arthemiz.sign-in.failed.v1', { tenantId, time: late });
    expect(await found(tenantId, 1)).toEqual([
      { source: 'sentinel', reason: 'LATE', from: late, until: late, count: 1 },
    ]);
  });

  it('takes the permission to see the events', async () => {
    const viewer = testViewer({ tenantId: 'ten_gap1', permissions: ['finding:read'] });
    const { errors } = await platform.execute(copy, { query, viewer });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
