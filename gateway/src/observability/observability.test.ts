// What operators and developers learn of operations from a running gateway.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
let tenantId: string;
beforeAll(async () => {
  platform = await startPlatform();
  tenantId = (await platform.tenant({ name: 'Acme' }))._id;
});
afterAll(() => platform?.stop());

const tokenOf = (clientId: string, permissions = ['tenant:read', 'service:read', 'schema:read']) =>
  platform.token({ tenantId, permissions, claims: { client_id: clientId } });
const usesOf = async (coordinate: string) => {
  const query = new URLSearchParams({ coordinate, days: '30' });
  const response = await fetch(`${platform.gateway.url}/usage?${query}`);
  return (await response.json()) as { clients?: { client: string; uses: number }[] };
};

describe('operations', () => {
  it('are measured by name and by client', async () => {
    const token = await tokenOf('till');
    for (const _ of [1, 2]) await platform.query('query Names { tenant { name } }', { token });
    const labels = { type: 'query', outcome: 'success' };
    const metric = (name: string, given: Record<string, string>) =>
      platform.metric(platform.gateway, `${name}_count`, { ...labels, ...given });
    expect(await metric('graphql_operation_duration_seconds', { operation: 'Names' })).toBe(2);
    expect(await metric('gateway_client_operation_duration_seconds', { client: 'till' })).toBe(2);
  });
});

describe('the uses of a field', () => {
  it('are told for each client, over HTTP and WebSocket, denied ones too', async () => {
    const query = '{ tenant { services(first: 1) { nodes { statusSince } } } }';
    await platform.query(query, { token: await tokenOf('shop') });
    await platform.query(query, { token: await tokenOf('shop') });
    await platform.query(query, { token: await tokenOf('nosy', []) });
    const live = openLiveClient({ url: platform.gateway.url, token: await tokenOf('wall') });
    live.watch('subscription { healthChanged { service { statusSince } } }');
    await eventually(async () => {
      const clients = (await usesOf('Service.statusSince')).clients ?? [];
      expect(Object.fromEntries(clients.map(({ client, uses }) => [client, uses]))).toEqual({
        shop: 2,
        nosy: 1,
        wall: 1,
      });
    });
    expect((await usesOf('Tenant.services(first:)')).clients).toMatchObject([
      { client: 'shop' },
      { client: 'nosy' },
    ]);
    await live.close();
  });

  it('are none of what was only planned', async () => {
    const token = await tokenOf('explorer');
    await fetch(`${platform.gateway.url}/graphql/plan`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ tenant { createdAt } }' }),
    });
    expect(await usesOf('Tenant.createdAt')).toMatchObject({ clients: [] });
  });

  it('are not told of what is no coordinate', async () => {
    const response = await fetch(`${platform.gateway.url}/usage?coordinate=*`);
    expect(response.status).toBe(400);
  });
});

describe('Server-Timing', () => {
  const query = '{ tenant { name services(first: 1) { nodes { name } } } }';
  const timingOf = async (token: string | null, headers: Record<string, string>) =>
    (await platform.query(query, { token, headers })).headers.get('server-timing');

  it('tells a developer who asks how long each step and each fetch took', async () => {
    const told = await timingOf(await tokenOf('till'), { 'x-server-timing': '1' });
    const duration = /;dur=\d+\.\d{3}/.source;
    const steps = ['admit', 'read', 'parse', 'authorize', 'plan'].map((step) => `${step}${duration}`);
    const fetches = [`fetch-0${duration};desc="arthemiz"`, `fetch-1${duration};desc="systemhealth"`];
    expect(told).toMatch(new RegExp(`^${[...steps, ...fetches, `total${duration}`].join(', ')}$`));
  });

  it('tells nobody else', async () => {
    expect(await timingOf(await tokenOf('till'), {})).toBeNull();
    expect(await timingOf(null, { 'x-server-timing': '1' })).toBeNull();
  });
});
