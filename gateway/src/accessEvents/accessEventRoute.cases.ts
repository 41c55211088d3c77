// Accesses that other products send to the gateway as NDJSON.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

let platform: Platform;
let tenantId: string;
beforeAll(async () => {
  platform = await sharedPlatform();
  tenantId = (await platform.tenant({ name: 'Sending' }))._id;
});

const line = (uid: string) =>
  JSON.stringify({
    ...{ class_uid: 3002, activity_id: 1, status_id: 2, time: Date.now() },
    metadata: { uid, product: { name: 'Till' } },
  });

async function post(body: string, token: string | null, method = 'POST') {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/x-ndjson', ...authorization };
  const url = `${platform.gateway.url}/sentinel/v1/access-events`;
  return fetch(url, { method, headers, ...(method === 'POST' ? { body } : {}) });
}

function stored(eventIds: readonly string[]): Promise<number> {
  const { SecurityEvent } = platform.subgraphs.sentinel.service.models;
  return inTenant(tenantId, () => SecurityEvent.countDocuments({ eventId: { $in: eventIds } }));
}

describe('accesses that other products send', () => {
  it('are passed on to sentinel, in the tenant of whoever sends them', async () => {
    const token = await platform.token({ tenantId, permissions: ['security-event:write'] });
    const answer = await post([line('g-1'), line('g-2'), '{}', line('g-1')].join('\n'), token);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      ...{ acceptedCount: 2, duplicates: ['g-1'], refusals: [{ line: 3, path: 'class_uid' }] },
    });
    expect(await stored(['ext_g-1', 'ext_g-2'])).toBe(2);
  });

  it('are taken of nobody who may not send any', async () => {
    const anonymous = await post(line('h-1'), null);
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const without = await platform.token({ tenantId, permissions: ['security-event:read'] });
    expect((await post(line('h-1'), without)).status).toBe(403);
    expect((await post('', without, 'GET')).status).toBe(405);
    expect(await stored(['ext_h-1'])).toBe(0);
  });

  it('are told what was wrong by sentinel, whose answer is passed back', async () => {
    const token = await platform.token({ tenantId, permissions: ['security-event:write'] });
    const empty = await post('\n', token);
    expect([empty.status, empty.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    const large = await post('x'.repeat(17 * 1_048_576), token);
    expect(large.status).toBe(413);
  });
});
