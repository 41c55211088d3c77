// API keys, from arthemiz' mutation to what their holders may do at the gateway.
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { openLiveClient } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

describe('API keys', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  let tenantId: string;
  let creator: { personId: string; token: string };
  beforeEach(async () => {
    tenantId = (await platform.tenant({ name: 'Acme' }))._id;
    const { service } = platform.subgraphs.arthemiz;
    const email = `${randomBytes(5).toString('hex')}@acme.test`;
    const { _id: personId } = await registerPerson(service, { email, displayName: 'Otis Park' });
    await joinTenant(service, { personId, tenantId, roleNames: ['owner'] });
    const permissions = [...(defaultRoles.find(({ name }) => name === 'owner')?.permissions ?? [])];
    creator = { personId, token: await platform.token({ subject: personId, tenantId, permissions }) };
  });

  async function create(permissions: readonly string[]): Promise<{ id: string; secret: string }> {
    const { data } = await platform.query(
      'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret errors { message } } }',
      { token: creator.token, variables: { input: { name: 'Till', permissions } } },
    );
    expect(data.createApiKey.errors).toEqual([]);
    return { id: data.createApiKey.apiKey.id, secret: data.createApiKey.secret };
  }

  async function revoke(id: string): Promise<void> {
    const { data } = await platform.query(
      'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { errors { message } } }',
      { token: creator.token, variables: { input: { id } } },
    );
    expect(data).toEqual({ revokeApiKey: { errors: [] } });
  }

  const asKey = (secret: string, query = '{ tenant { name } }') => platform.query(query, { token: secret });
  const watched = 'subscription { healthChanged { message } }';

  it('open what they were given, and nothing else', async () => {
    const { id, secret } = await create(['tenant:read']);
    const { data } = await asKey(secret, '{ viewer { id displayName permissions } tenant { name } }');
    expect(data).toEqual({
      viewer: { id, displayName: 'Till', permissions: ['tenant:read'] },
      tenant: { name: 'Acme' },
    });
    const { errors } = await asKey(secret, '{ people { nodes { id } } }');
    expect(errors).toMatchObject([{ path: ['people'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('that are unknown, mistyped or forged open nothing', async () => {
    const { secret } = await create(['tenant:read']);
    const { secret: other } = await create(['tenant:read']);
    const forged = secret.slice(0, 36) + other.slice(36);
    for (const wrong of [secret.slice(0, -1), `${secret}0`, forged, 'sk_', `sk_${'0'.repeat(82)}`])
      expect((await asKey(wrong)).status).toBe(401);
  });

  it('end within a second of their revocation, open subscriptions included', async () => {
    const { id, secret } = await create(['tenant:read', 'service:read', 'check:read']);
    expect((await asKey(secret)).data).toEqual({ tenant: { name: 'Acme' } });
    const client = openLiveClient({ url: platform.gateway.url, token: secret });
    const { end } = client.watch(watched);
    await platform.health.heard(tenantId);
    await revoke(id);
    const revokedAt = performance.now();
    await eventually(async () => (await asKey(secret)).status === 401);
    expect(await end).toMatchObject([{ path: ['healthChanged'] }]);
    expect(performance.now() - revokedAt).toBeLessThan(1_500);
    await client.close();
  });

  it('lose within a second what their creator loses', async () => {
    const { service } = platform.subgraphs.arthemiz;
    const { secret } = await create(['tenant:read', 'role:read']);
    expect((await asKey(secret, '{ roles { name } }')).errors).toBeUndefined();
    await joinTenant(service, { personId: creator.personId, tenantId, roleNames: ['viewer'] });
    const changedAt = performance.now();
    await eventually(async () => (await asKey(secret, '{ roles { name } }')).errors !== undefined);
    expect(performance.now() - changedAt).toBeLessThan(1_500);
    expect((await asKey(secret)).data).toEqual({ tenant: { name: 'Acme' } });
  });

  it('go on while arthemiz does not tell of them for a moment; those that nobody asked about wait', async () => {
    const known = await create(['tenant:read', 'service:read']);
    const services = '{ services { nodes { name } } }';
    // It would ask anew for each request.
    const at = await platform.startGateway({}, { apiKeys: { freshMs: 0 } });
    const asKey = (token: string, query: string) => platform.query(query, { token, at });
    expect((await asKey(known.secret, services)).errors).toBeUndefined();
    const unknown = await create(['service:read']);
    await platform.links.access.cut();
    try {
      expect((await asKey(unknown.secret, services)).status).toBe(503);
      expect((await asKey(known.secret, services)).status).toBe(200);
    } finally {
      await platform.links.access.restore();
    }
    await eventually(async () => (await asKey(unknown.secret, services)).status === 200);
    await at.stop();
  });
});
