// Open subscriptions of viewers whose token or rights change.

import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import type { WatchedService } from '../testing/health-changes.ts';
import { openEventStream, openRawSocket, type RawSocket } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

const all = ['tenant:read', 'service:read', 'check:read'];
const query = 'subscription { healthChanged { message check { name } } }';
describe('an open subscription of a viewer whose token or rights change', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  const sockets: RawSocket[] = [];
  afterEach(async () => {
    for (const { socket } of sockets.splice(0)) socket.close();
    await eventually(async () => (await platform.health.subscribers()) === 0);
  });

  async function acme(): Promise<WatchedService> {
    return platform.health.service((await platform.tenant())._id);
  }

  async function connect(token: string, at = platform.gateway): Promise<RawSocket> {
    const raw = await openRawSocket(at.url);
    sockets.push(raw);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await eventually(() => raw.messages.length === 1);
    raw.messages.pop();
    return raw;
  }

  async function watch(token: string): Promise<RawSocket> {
    const raw = await connect(token);
    raw.send({ type: 'subscribe', id: 'live', payload: { query } });
    return raw;
  }

  const show = (raw: RawSocket, token: string) =>
    raw.send({ type: 'ping', payload: { authorization: `Bearer ${token}` } });
  const next = (message: string, check: object | null) =>
    expect.objectContaining({
      type: 'next',
      payload: expect.objectContaining({ data: { healthChanged: { message, check } } }),
    });
  const frontPage = { name: 'Front page' };

  describe('a fresh token on an open connection', () => {
    it('takes the place of the one before, which may expire', async () => {
      const shop = await acme();
      const given = { tenantId: shop.tenantId, permissions: all };
      // Two seconds on top of the tolerance that expired tokens have.
      const raw = await watch(await platform.token({ ...given, expiresInSeconds: -3 }));
      await platform.health.heard(shop.tenantId);
      show(raw, await platform.token({ ...given, expiresInSeconds: 60 }));
      await eventually(() => raw.messages.length === 1);
      expect(raw.messages).toEqual([
        { type: 'pong', payload: { authorization: { expiresAt: expect.any(String) } } },
      ]);
      const other = await watch(await platform.token({ ...given, expiresInSeconds: -3 }));
      expect(await other.closed).toMatchObject({ code: 4403 });
      await platform.health.change(shop, 'after');
      await eventually(() => raw.messages.length === 2);
      expect(raw.messages[1]).toEqual(next('after', frontPage));
    });

    it('counts for what was asked for before it and waits for its document', async () => {
      const shop = await acme();
      const given = { tenantId: shop.tenantId, permissions: all };
      const token = await platform.token(given);
      const lesser = await platform.token({ ...given, permissions: ['tenant:read', 'service:read'] });
      const sha256Hash = createHash('sha256').update(query).digest('hex');
      const extensions = { persistedQuery: { version: 1, sha256Hash } };
      await fetch(`${platform.gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, extensions }),
      });
      const other = await platform.startGateway();
      const raw = await connect(token, other);
      // Verified by then, so that the document, which is in Redis alone, is waited for longer.
      await platform.query('{ __typename }', { token: lesser, at: other });
      raw.send({ type: 'subscribe', id: 'live', payload: { extensions } });
      show(raw, lesser);
      await eventually(() => raw.messages.length === 1);
      raw.messages.pop();
      await platform.health.heard(shop.tenantId);
      await platform.health.change(shop, 'first');
      await eventually(() => raw.messages.length === 1);
      expect(raw.messages[0]).toEqual(next('first', null));
      raw.socket.close();
      await other.stop();
    });

    it('that is refused changes nothing, and shows nothing of itself', async () => {
      const shop = await acme();
      const raw = await watch(await platform.token({ tenantId: shop.tenantId, permissions: all }));
      await platform.health.heard(shop.tenantId);
      show(raw, 'forged');
      await eventually(() => raw.messages.length === 1);
      expect(raw.messages[0]).toMatchObject({
        type: 'pong',
        payload: { authorization: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } },
      });
      await platform.health.change(shop, 'still');
      await eventually(() => raw.messages.length === 2);
      expect(raw.messages[1]).toEqual(next('still', frontPage));
    });

    it('is taken once a second in the long run, since each may open everything anew', async () => {
      const shop = await acme();
      const given = { tenantId: shop.tenantId, permissions: all };
      const raw = await connect(await platform.token(given));
      const token = await platform.token(given);
      for (let times = 0; times < 100; times += 1) show(raw, token);
      await eventually(() => raw.messages.length === 100);
      const taken = raw.messages.filter((message) => JSON.stringify(message).includes('expiresAt'));
      expect(taken.length).toBeGreaterThanOrEqual(10);
      expect(taken.length).toBeLessThan(50);
      const refused = raw.messages.filter((message) => !taken.includes(message));
      expect(refused[0]).toMatchObject({
        payload: { authorization: { errors: [{ extensions: { code: 'RATE_LIMITED' } }] } },
      });
    });

    it('counts like all the subscriptions that it may open anew', async () => {
      const at = await platform.startGateway(
        {},
        { webSockets: { limits: { operations: 3, operationsPerSecond: 1 } } },
      );
      const shop = await acme();
      const given = { tenantId: shop.tenantId, permissions: all };
      const raw = await connect(await platform.token(given), at);
      for (const id of ['a', 'b', 'c']) raw.send({ type: 'subscribe', id, payload: { query } });
      await platform.health.heard(shop.tenantId);
      const token = await platform.token(given);
      for (let times = 0; times < 9; times += 1) show(raw, token);
      await eventually(() => raw.messages.length === 9);
      // Six may be opened at once: three were, and three are by the first that is shown.
      const taken = raw.messages.filter((message) => JSON.stringify(message).includes('expiresAt'));
      expect(taken.length).toBeLessThan(4);
      const extensions = { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) };
      const refused = { type: 'pong', payload: { authorization: { errors: [{ extensions }] } } };
      expect(raw.messages.find((message) => !taken.includes(message))).toMatchObject(refused);
      raw.socket.close();
      await at.stop();
    });

    it('draws on the allowance of planning: what it leaves no time for waits, and loses nothing', async () => {
      const at = await platform.startGateway({
        RATE_LIMITS: JSON.stringify({ planning: { milliseconds: 3, seconds: 1 } }),
      });
      const refused = () => platform.metric(at, 'gateway_rate_limited_total', { policy: 'planning' });
      const shop = await acme();
      const tokenOf = (permissions: string[]) => platform.token({ tenantId: shop.tenantId, permissions });
      // Each at the expense of another, until all of it is remembered.
      for (const subject of ['per_a', 'per_b', 'per_c', 'per_d']) {
        const token = await platform.token({ tenantId: shop.tenantId, permissions: all, subject });
        (await openEventStream(at.url, { query, token })).leave();
      }
      const raw = await connect(await tokenOf(all), at);
      raw.send({ type: 'subscribe', id: 'live', payload: { query } });
      await platform.health.heard(shop.tenantId);
      await platform.health.change(shop, 'seen');
      await eventually(() => raw.messages.length === 1);
      const token = await tokenOf(all);
      const fields = Array.from({ length: 20 }, (_, number) => `a${number}: viewer { id }`).join(' ');
      let asked = 0;
      await eventually(async () => {
        asked += 1;
        const { errors = [] } = await platform.query(`query Q${asked} { ${fields} }`, { token, at });
        return errors.some(({ extensions }) => extensions?.limit === 'planning');
      });
      const refusedBefore = await refused();
      show(raw, await tokenOf(['service:read']));
      await eventually(() => raw.messages.length === 2);
      expect(await refused()).toBeGreaterThan(refusedBefore);
      await platform.health.change(shop, 'masked');
      const told = () => raw.messages.filter(({ type }) => type !== 'pong');
      await eventually(() => told().length === 2);
      expect(told()).toEqual([next('seen', frontPage), next('masked', null)]);
      raw.socket.close();
      await at.stop();
    });

    it.each([
      ['person', { subject: 'per_other' }],
      ['tenant', { tenantId: 'ten_other' }],
      ['client', { claims: { client_id: 'other' } }],
    ])('of another %s closes the connection with 4403', async (_, claims) => {
      const shop = await acme();
      const given = { tenantId: shop.tenantId, permissions: all };
      const raw = await watch(await platform.token(given));
      await platform.health.heard(shop.tenantId);
      show(raw, await platform.token({ ...given, ...claims }));
      expect(await raw.closed).toMatchObject({ code: 4403 });
    });

    it('with fewer permissions masks what follows, without a loss, and ends what is allowed no more', async () => {
      const shop = await acme();
      const given = { tenantId: shop.tenantId };
      const raw = await watch(await platform.token({ ...given, permissions: all }));
      await platform.health.heard(shop.tenantId);
      await platform.health.change(shop, 'seen');
      await eventually(() => raw.messages.length === 1);
      show(raw, await platform.token({ ...given, permissions: ['service:read'] }));
      await platform.health.change(shop, 'masked');
      await eventually(() => raw.messages.length === 3);
      expect(raw.messages.filter(({ type }) => type === 'next')).toEqual([
        next('seen', frontPage),
        next('masked', null),
      ]);
      show(raw, await platform.token({ ...given, permissions: ['tenant:read'] }));
      await eventually(() => raw.messages.length === 5);
      expect(raw.messages.find(({ type }) => type === 'error')).toMatchObject({
        id: 'live',
        payload: [{ path: ['healthChanged'], extensions: { code: 'FORBIDDEN' } }],
      });
      expect(raw.socket.readyState).toBe(raw.socket.OPEN);
    });
  });

  describe("a change of a viewer's roles", () => {
    async function member(tenantId: string, role: string) {
      const { service } = platform.subgraphs.arthemiz;
      const email = `${randomBytes(5).toString('hex')}@acme.test`;
      const { _id: subject } = await registerPerson(service, { email, displayName: 'Otis Park' });
      await joinTenant(service, { personId: subject, tenantId, roleNames: [role] });
      const permissions = [...(defaultRoles.find(({ name }) => name === role)?.permissions ?? [])];
      return { subject, token: await platform.token({ subject, tenantId, roles: [role], permissions }) };
    }

    async function roleId(tenantId: string, name: string): Promise<string> {
      const { models } = platform.subgraphs.arthemiz.service;
      const role = await inTenant(tenantId, () => models.Role.findOne({ name }).lean());
      return role?._id ?? '';
    }

    it('masks or ends open subscriptions at once, over both transports, and loses no event', async () => {
      const shop = await acme();
      const { tenantId } = shop;
      const owner = await member(tenantId, 'owner');
      const viewer = await member(tenantId, 'viewer');
      const update = async (permissions: readonly string[]) => {
        const { data } = await platform.query(
          'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { errors { message } } }',
          {
            token: owner.token,
            variables: { input: { id: await roleId(tenantId, 'viewer'), permissions } },
          },
        );
        expect(data).toEqual({ updateRole: { errors: [] } });
      };
      const raw = await watch(viewer.token);
      const stream = await openEventStream(platform.gateway.url, { query, token: viewer.token });
      await platform.health.heard(tenantId);
      await platform.health.change(shop, 'first');
      await eventually(() => raw.messages.length === 1 && stream.events().length === 1);
      await update(['tenant:read', 'service:read']);
      let count = 1;
      await eventually(async () => {
        await platform.health.change(shop, `after ${count++}`);
        return raw.messages.some((message) => JSON.stringify(message).includes('"check":null'));
      });
      await eventually(() => raw.messages.length === count && stream.events().length === count);
      const told = raw.messages.map(({ payload }) => JSON.stringify(payload));
      expect(stream.events().map(({ data }) => data)).toEqual(told);
      expect(told.map((text) => /"healthChanged":\{"message":"(.*?)"/.exec(text)?.[1])).toEqual([
        'first',
        ...Array.from({ length: count - 1 }, (_, n) => `after ${n + 1}`),
      ]);
      await update(['tenant:read']);
      await eventually(() => raw.messages.at(-1)?.type === 'error');
      expect(raw.messages.at(-1)?.payload).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      await stream.end;
      expect(stream.events().at(-2)?.data).toContain('FORBIDDEN');
    });
  });

  describe('one viewer', () => {
    it('who has not signed in is all addresses of one network', async () => {
      const at = await platform.startGateway({ LIVE_CONNECTIONS_PER_VIEWER: '1' });
      const from = async (address: string) => {
        const raw = await openRawSocket(at.url, { headers: { 'x-forwarded-for': address } });
        sockets.push(raw);
        raw.send({ type: 'connection_init' });
        return raw;
      };
      const first = await from('2001:db8:0:1::5');
      await eventually(() => first.messages.length === 1);
      expect(await (await from('2001:db8:0:1:ffff::1')).closed).toMatchObject({ code: 4429 });
      const neighbour = await from('2001:db8:0:2::5');
      await eventually(() => neighbour.messages.length === 1);
      await at.stop();
    });

    it('has so many connections and subscriptions at most, and room again when some have ended', async () => {
      const at = await platform.startGateway({
        LIVE_CONNECTIONS_PER_VIEWER: '2',
        LIVE_SUBSCRIPTIONS_PER_VIEWER: '3',
      });
      const shop = await acme();
      const given = { tenantId: shop.tenantId, permissions: all };
      const token = await platform.token(given);
      const first = await connect(token, at);
      const second = await connect(token, at);
      const third = await openRawSocket(at.url);
      third.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
      expect(await third.closed).toMatchObject({ code: 4429, reason: 'Too many connections' });
      expect((await openEventStream(at.url, { query, token })).status).toBe(429);
      await connect(await platform.token({ ...given, subject: 'per_other' }), at);
      for (const raw of [first, second])
        for (const id of ['a', 'b']) raw.send({ type: 'subscribe', id, payload: { query } });
      await eventually(() => second.messages.length === 1);
      const refused = { type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] };
      expect(second.messages[0]).toMatchObject({ id: 'b', ...refused });
      first.send({ type: 'complete', id: 'a' });
      first.send({ type: 'ping' });
      await eventually(() => first.messages.length === 1);
      second.send({ type: 'subscribe', id: 'c', payload: { query } });
      await platform.health.heard(shop.tenantId);
      await platform.health.change(shop, 'seen');
      await eventually(() => second.messages.length === 3);
      expect(second.messages.slice(1).map(({ id, type }) => `${id} ${type}`)).toEqual(['a next', 'c next']);
      first.socket.close();
      await first.closed;
      await eventually(async () => {
        const again = await openRawSocket(at.url);
        sockets.push(again);
        again.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
        const isIn = new Promise<boolean>((resolve) => again.socket.once('message', () => resolve(true)));
        return Promise.race([isIn, again.closed.then(() => false)]);
      });
      await at.stop();
    });
  });
});
