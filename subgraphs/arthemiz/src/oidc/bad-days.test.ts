// MongoDB and RabbitMQ are away for a while; Redis plays no part in signing in.
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { backingUrl } from '@supergraph/chassis/testing/data-fixture';
import {
  type InterruptibleProxy,
  startInterruptibleProxy,
} from '@supergraph/chassis/testing/interruptible-proxy';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { beginCodeFlow, type Fixture, issuer, password, signIn, startFixture } from '../testing/fixture.ts';

type Variable = 'MONGODB_URI' | 'REDIS_URL' | 'AMQP_URL';

let proxy: InterruptibleProxy | null = null;
let fixture: Fixture | null = null;
afterEach(async () => {
  await proxy?.restore();
  await fixture?.stop();
  await proxy?.stop();
  proxy = null;
  fixture = null;
});

async function startBehindProxy(variable: Variable) {
  proxy = await startInterruptibleProxy(backingUrl(variable));
  fixture = await startFixture({ [variable]: proxy.url });
  const tenant = await fixture.tenant();
  return { proxy, fixture, tenant, person: await fixture.person({ tenants: [tenant] }) };
}

describe('while MongoDB is away', () => {
  it('tokens can still be verified, a sign-in is answered with what to do, and all goes on afterwards', async () => {
    const { proxy, fixture, person } = await startBehindProxy('MONGODB_URI');
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    const { config, tokens } = await signIn(fixture, person.email);
    await proxy.cut();

    expect((await fixture.publicFetch(`${issuer}/jwks`)).status).toBe(200);
    expect((await fixture.publicFetch(`${issuer}/.well-known/openid-configuration`)).status).toBe(200);
    const [page, refused] = await Promise.all([
      flow.browser.submit({ email: person.email, password }),
      fixture.publicFetch(`${issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: 'explorer',
          refresh_token: tokens.refresh_token ?? '',
        }),
      }),
    ]);
    expect(page.status).toBe(503);
    expect(page.headers.get('content-type')).toMatch(/text\/html/);
    expect(page.text).toMatch(/Not possible now/);
    expect(page.text).not.toMatch(/mongo|127\.0\.0\.1/i);
    // No `invalid_grant`: the client keeps its refresh token and tries again.
    expect(refused.status).toBe(500);
    expect(await refused.json()).toMatchObject({ error: 'server_error' });

    await proxy.restore();
    await eventually(
      async () => (await client.refreshTokenGrant(config, tokens.refresh_token ?? '')) !== null,
      {
        timeoutMs: 60_000,
      },
    );
    expect((await signIn(fixture, person.email)).tokens.access_token).toBeDefined();
  });
});

describe('while RabbitMQ is away', () => {
  it('people sign in, and it is told when RabbitMQ is back', async () => {
    const { proxy, fixture, person, tenant } = await startBehindProxy('AMQP_URL');
    const outbox = fixture.service.connection.collection('outbox');
    const signedIn = { 'event.type': 'arthemiz.sign-in.succeeded.v1' };
    const unsent = () => outbox.countDocuments({ ...signedIn, publishedAt: null });
    await proxy.cut();
    const { tokens } = await signIn(fixture, person.email);
    expect(decodeJwt(tokens.access_token).tenant).toBe(tenant._id);
    expect(await unsent()).toBe(1);
    await proxy.restore();
    await eventually(async () => (await unsent()) === 0, { timeoutMs: 60_000 });
    expect(await outbox.countDocuments(signedIn)).toBe(1);
  });
});

describe('while Redis is away', () => {
  it('people sign in', async () => {
    const { proxy, fixture, person } = await startBehindProxy('REDIS_URL');
    await proxy.cut();
    expect((await signIn(fixture, person.email)).tokens.access_token).toBeDefined();
  });
});
