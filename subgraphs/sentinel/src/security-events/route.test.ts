// Accesses that other products send as NDJSON over HTTP.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform.stop());

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `ten_r${tenants}`;
}

const line = (uid: string, more: object = {}) =>
  JSON.stringify({
    ...{ class_uid: 3002, activity_id: 1, status_id: 2, time: Date.now() },
    metadata: { uid, product: { name: 'Till' } },
    ...more,
  });
const lines = (count: number, prefix: string, more?: object) =>
  Array.from({ length: count }, (_, index) => line(`${prefix}-${index}`, more)).join('\n');

const ndjson = { 'content-type': 'application/x-ndjson' };
type Body = Parameters<TestPlatform['post']>[2]['body'];
const post = (tenantId: string, body: Body, headers: Record<string, string> = {}) =>
  platform.post(copy, '/access-events', {
    viewer: testViewer({ tenantId, permissions: ['security-event:write'] }),
    ...{ body, headers: { ...ndjson, ...headers } },
  });
const stored = (tenantId: string) =>
  inTenant(tenantId, () => copy.service.models.SecurityEvent.countDocuments());

describe('accesses that are posted as lines', () => {
  it('are taken however many there are, once each, and refused line by line', async () => {
    const tenantId = newTenant();
    const body = [lines(2_100, 'a'), 'no json {', '', line('a-7'), line('a-x', { class_uid: 1 })].join('\n');
    const answer = await post(tenantId, body);
    expect(answer.status).toBe(200);
    const { acceptedCount, duplicates, refusals } = await answer.json();
    expect({ acceptedCount, duplicates }).toEqual({ acceptedCount: 2_100, duplicates: ['a-7'] });
    expect(refusals.map((each: { line: number; path: string }) => [each.line, each.path])).toEqual([
      [2_101, ''],
      [2_104, 'class_uid'],
    ]);
    expect(await (await post(tenantId, lines(3, 'a'))).json()).toMatchObject({
      ...{ acceptedCount: 0, duplicates: ['a-0', 'a-1', 'a-2'] },
    });
    expect(await stored(tenantId)).toBe(2_100);
  });

  it('may be packed, and come in pieces that end anywhere', async () => {
    const tenantId = newTenant();
    const packed = gzipSync(lines(50, 'b', { user: { name: 'José' } }));
    const answer = await post(tenantId, packed, { 'content-encoding': 'gzip' });
    expect(await answer.json()).toMatchObject({ acceptedCount: 50, refusals: [] });
    const bytes = Buffer.from(lines(20, 'c', { user: { name: 'José' } }));
    const pieces = new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7));
        controller.close();
      },
    });
    expect(await (await post(tenantId, pieces)).json()).toMatchObject({ acceptedCount: 20, refusals: [] });
    const { SecurityEvent } = copy.service.models;
    const row = await inTenant(tenantId, () => SecurityEvent.findOne({ eventId: 'ext_c-19' }).lean());
    expect(row?.external.actorName).toBe('José');
  });

  it('are sent away where too many calls wait, with when to come again, and lost by none', async () => {
    const tenantId = newTenant();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, call) => post(tenantId, lines(300, `d${call}`))),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const each of refused) {
      expect(each.headers.get('retry-after')).toBe('1');
      expect(each.headers.get('content-type')).toBe('application/problem+json');
      expect(await each.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    }
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(12 - refused.length);
    expect(await stored(tenantId)).toBe(300 * (12 - refused.length));
  });

  it('are bounded, packed or not, and who sends more is told how many were taken', async () => {
    const tenantId = newTenant();
    const fat = line('e-0', { unmapped: { blob: 'x'.repeat(8_000) } });
    const bomb = gzipSync(`${line('e-1')}\n${`${fat}\n`.repeat(2_200)}`);
    const packed = await post(tenantId, bomb, { 'content-encoding': 'gzip' });
    expect([packed.status, packed.headers.get('content-type')]).toEqual([413, 'application/problem+json']);
    const taken = await stored(tenantId);
    expect((await packed.json()).detail).toContain(`${taken} of its events were taken`);
    expect((await post(tenantId, 'x'.repeat(17 * 1_048_576))).status).toBe(413);
    const long = await post(tenantId, `${line('e-2')}\n${'x'.repeat(100_000)}\n`);
    expect(await long.json()).toMatchObject({ acceptedCount: 1, refusals: [{ line: 2 }] });
  });

  it('are refused as a whole for their form, and need a permission', async () => {
    const tenantId = newTenant();
    expect((await post(tenantId, '\n\n')).status).toBe(400);
    expect((await post(tenantId, '{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(tenantId, line('f-1'), { 'content-encoding': 'br' })).status).toBe(415);
    expect((await post(tenantId, line('f-1'), { 'content-encoding': 'gzip' })).status).toBe(400);
    const viewer = operatorOf(tenantId);
    const denied = await platform.post(copy, '/access-events', {
      viewer,
      body: line('f-1'),
      headers: ndjson,
    });
    expect(denied.status).toBe(403);
    expect(await stored(tenantId)).toBe(0);
  });
});
