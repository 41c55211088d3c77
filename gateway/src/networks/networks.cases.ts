// The networks that a tenant allows, from arthemiz' mutation to who is let in at the gateway, over each transport.
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { type EventStream, openEventStream, openRawSocket, type RawSocket } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

describe('the networks that a tenant allows', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  const office = '203.0.113.9';
  const elsewhere = '192.0.2.77';
  const permissions = ['tenant:read', 'tenant:update', 'tenant:export', 'check:read', 'service:read'];
  let tenantId: string;
  let token: string;
  beforeEach(async () => {
    tenantId = (await platform.tenant())._id;
    token = await platform.token({ tenantId, permissions });
  });

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  const name = '{ tenant { name } }';
  const ask = (address: string, at?: { url: string }) =>
    platform.query(name, { token, ...from(address), ...(at ? { at } : {}) });

  async function allow(allowedNetworks: string[]) {
    const { data, errors } = await platform.query(
      `mutation ($input: UpdateTenantComplianceInput!) {
        updateTenantCompliance(input: $input) { errors { __typename } }
      }`,
      { token, variables: { input: { allowedNetworks } }, ...from(office) },
    );
    expect(errors).toBeUndefined();
    return data.updateTenantCompliance.errors;
  }

  const isDenied = async (address: string, at?: { url: string }) => (await ask(address, at)).status === 403;

  const watched = 'subscription { healthChanged { message } }';
  async function openSocket(address: string): Promise<RawSocket> {
    const raw = await openRawSocket(platform.gateway.url, from(address));
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    return raw;
  }
  const openStream = (address: string): Promise<EventStream> =>
    openEventStream(platform.gateway.url, { query: watched, token, ...from(address) });

  it('let requests in from there alone, within a second of the change, and say so to others', async () => {
    expect((await ask(elsewhere)).data).toEqual({ tenant: { name: 'Acme' } });
    expect(await allow(['203.0.113.0/24', '2001:db8:7::/48'])).toEqual([]);
    const changedAt = performance.now();
    await eventually(() => isDenied(elsewhere));
    expect(performance.now() - changedAt).toBeLessThan(1_000);
    const { errors } = await ask(elsewhere);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(elsewhere), extensions: { code: 'FORBIDDEN' } },
    ]);
    for (const inside of [office, `::ffff:${office}`, '2001:DB8:7:0::1'])
      expect((await ask(inside)).status).toBe(200);
    const exported = await fetch(`${platform.gateway.url}/graphql/exports/exp_none/sentinel`, {
      headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': elsewhere },
    });
    expect(exported.status).toBe(403);
    await allow([]);
    await eventually(async () => (await ask(elsewhere)).status === 200);
  });

  it('are no other tenant’s', async () => {
    const { _id: other } = await platform.tenant();
    const others = await platform.token({ tenantId: other, permissions });
    await allow(['203.0.113.0/24']);
    await eventually(() => isDenied(elsewhere));
    expect((await platform.query(name, { token: others, ...from(elsewhere) })).status).toBe(200);
    expect((await platform.query('{ viewer { id } }', from(elsewhere))).status).toBe(200);
  });

  it('end what is open from elsewhere, and leave open what is not', async () => {
    const [socketInside, socketOutside] = [await openSocket(office), await openSocket(elsewhere)];
    const [streamInside, streamOutside] = [await openStream(office), await openStream(elsewhere)];
    for (const raw of [socketInside, socketOutside]) {
      await eventually(() => raw.messages.length === 1);
      raw.send({ type: 'subscribe', id: 'a', payload: { query: watched } });
    }
    await platform.health.heard(tenantId);
    await allow(['203.0.113.0/24']);
    const changedAt = performance.now();
    expect(await socketOutside.closed).toMatchObject({ code: 4403 });
    await streamOutside.end;
    expect(performance.now() - changedAt).toBeLessThan(1_000);
    expect(streamOutside.events().map(({ data }) => data)[0]).toContain('FORBIDDEN');
    expect((await openStream(elsewhere)).status).toBe(403);
    expect(await (await openSocket(elsewhere)).closed).toMatchObject({ code: 4403 });
    socketInside.send({ type: 'ping' });
    await eventually(() => socketInside.messages.at(-1)?.type === 'pong');
    expect(streamInside.events()).toEqual([]);
    streamInside.leave();
    socketInside.socket.close();
  });

  it('are known to a gateway that starts afterwards, and to one that heard of nothing for a while', async () => {
    await allow(['203.0.113.0/24']);
    await eventually(() => isDenied(elsewhere));
    const later = await platform.startGateway();
    expect(await isDenied(elsewhere, later)).toBe(true);
    expect(await isDenied(office, later)).toBe(false);
    await later.stop();
    await platform.links.rabbitmq.cut();
    try {
      await allow([]);
      await eventually(async () => !(await isDenied(elsewhere)));
    } finally {
      await platform.links.rabbitmq.restore();
    }
  });

  it('hold for API keys and for service clients', async () => {
    const { service } = platform.subgraphs.arthemiz;
    const email = `${randomBytes(5).toString('hex')}@acme.test`;
    const { _id: subject } = await registerPerson(service, { email, displayName: 'Otis Park' });
    await joinTenant(service, { personId: subject, tenantId, roleNames: ['owner'] });
    const { data } = await platform.query(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret errors { message } } }',
      {
        token: await platform.token({
          ...{ subject, tenantId, permissions: [...permissions, 'api-key:write'] },
        }),
        variables: { input: { name: 'Till', permissions: ['tenant:read'] } },
      },
    );
    const own = { subject: 'svc_robot', claims: { client_id: 'svc_robot' }, tenantId, permissions };
    const programs = [data.createApiKey.secret ?? '', await platform.token(own)];
    await allow(['203.0.113.0/24']);
    await eventually(() => isDenied(elsewhere));
    expect(programs[0]).toMatch(/^sk_/);
    for (const program of programs) {
      expect((await platform.query(name, { token: program, ...from(elsewhere) })).status).toBe(403);
      expect((await platform.query(name, { token: program, ...from(office) })).status).toBe(200);
    }
  });

  it('are changed by nobody who would be out', async () => {
    expect(await allow(['198.51.100.0/24'])).toEqual([{ __typename: 'LocksViewerOut' }]);
    expect((await ask(elsewhere)).status).toBe(200);
  });

  it('are told of to those who watch over the tenant: once, and how often it went on', async () => {
    await allow(['203.0.113.0/24']);
    await eventually(() => isDenied(elsewhere));
    for (let turn = 0; turn < 20; turn += 1) await ask(elsewhere);
    const seer = await platform.token({ tenantId, permissions: ['security-event:read'] });
    const query = '{ securityEvents { nodes { type ipAddress clientId count } } }';
    const told = await eventually(async () => {
      const { data } = await platform.query(query, { token: seer, ...from(office) });
      const nodes: Array<{ type: string; count: number }> = data.securityEvents.nodes;
      const denials = nodes.filter(({ type }) => type === 'ADDRESS_DENIED');
      return denials.reduce((sum, { count }) => sum + count, 0) >= 21 && denials;
    });
    expect(told.length).toBeLessThan(6);
    expect(told[0]).toMatchObject({ ipAddress: elsewhere, clientId: 'explorer' });
  });
});
