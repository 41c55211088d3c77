// A session that was ended, or a registered client that was removed, from arthemiz' mutation to what their access tokens
// are worth at the gateway.
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { sessionIdOf } from '../../../subgraphs/arthemiz/src/sessions/rules.ts';
import { openLiveClient } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

describe('ended sessions', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  let tenantId: string;
  let personId: string;
  beforeEach(async () => {
    tenantId = (await platform.tenant())._id;
    const { service } = platform.subgraphs.arthemiz;
    const email = `${randomBytes(5).toString('hex')}@acme.test`;
    ({ _id: personId } = await registerPerson(service, { email, displayName: 'Otis Park' }));
    await joinTenant(service, { personId, tenantId, roleNames: ['owner'] });
  });

  /** A program that was let in, as the provider stores it, and its access token. */
  async function signIn() {
    const grantId = randomBytes(8).toString('hex');
    const sid = sessionIdOf({ grantId });
    const now = new Date();
    await platform.subgraphs.arthemiz.service.models.OidcArtifact.create([
      {
        ...{ _id: `Grant:${grantId}`, kind: 'Grant', payload: '{}', accountId: personId, grantId },
        ...{ actingTenantId: tenantId, sessionId: sid, clientId: 'cli', signedInAt: now, lastUsedAt: now },
        expiresAt: new Date(now.getTime() + 60_000),
      },
    ]);
    const permissions = [...(defaultRoles.find(({ name }) => name === 'owner')?.permissions ?? [])];
    const token = await platform.token({ subject: personId, tenantId, permissions, claims: { sid } });
    return { sid, token };
  }

  const sessions = '{ viewer { sessions { id isCurrent } } }';
  const endSession = (token: string, id: string) =>
    platform.query('mutation ($id: ID!) { endSession(input: { id: $id }) { errors { message } } }', {
      token,
      variables: { id },
    });

  it('are told apart by the tokens that name them', async () => {
    const here = await signIn();
    const there = await signIn();
    const { data } = await platform.query(sessions, { token: here.token });
    expect(data.viewer.sessions).toHaveLength(2);
    expect(data.viewer.sessions).toContainEqual({ id: here.sid, isCurrent: true });
    expect(data.viewer.sessions).toContainEqual({ id: there.sid, isCurrent: false });
  });

  it('take their access tokens and open subscriptions with them, and no others', async () => {
    const here = await signIn();
    const there = await signIn();
    const client = openLiveClient({ url: platform.gateway.url, token: there.token });
    const { end } = client.watch('subscription { healthChanged { message } }');
    await platform.health.heard(tenantId);
    expect((await endSession(here.token, there.sid)).data).toEqual({ endSession: { errors: [] } });
    await eventually(async () => (await platform.query(sessions, { token: there.token })).status === 401);
    expect(await end).toMatchObject([{ path: ['healthChanged'] }]);
    expect((await platform.query(sessions, { token: here.token })).data).toEqual({
      viewer: { sessions: [{ id: here.sid, isCurrent: true }] },
    });
    await client.close();
  });

  it('are known to a gateway that starts afterwards', async () => {
    const here = await signIn();
    const there = await signIn();
    await endSession(here.token, there.sid);
    const at = await platform.startGateway();
    expect((await platform.query(sessions, { token: there.token, at })).status).toBe(401);
    expect((await platform.query(sessions, { token: here.token, at })).status).toBe(200);
    await at.stop();
  });

  it('are not needed: what a removed application was given is worth nothing, at gateways that start afterwards too', async () => {
    const { token } = await signIn();
    const { RegisteredClient } = platform.subgraphs.arthemiz.service.models;
    const [application] = await inTenant(tenantId, () =>
      RegisteredClient.create([
        {
          ...{ name: 'Ticket desk', redirectUris: ['https://desk.example/'], applicationType: 'web' },
          ...{ authenticationMethod: 'none', grantTypes: ['authorization_code'], scope: 'openid' },
          ...{ registrationTokenHash: 'x', createdBy: personId, createdAt: new Date() },
        },
      ]),
    );
    const clientId = application?._id ?? '';
    const claims = { client_id: clientId, sid: 'ses_of-a-browser' };
    const given = await platform.token({ subject: personId, tenantId, claims });
    const viewer = '{ viewer { id } }';
    expect((await platform.query(viewer, { token: given })).status).toBe(200);
    const removal =
      'mutation ($id: ID!) { removeRegisteredClient(input: { id: $id }) { removedRegisteredClientId errors { message } } }';
    expect((await platform.query(removal, { token, variables: { id: clientId } })).data).toEqual({
      removeRegisteredClient: { removedRegisteredClientId: clientId, errors: [] },
    });
    await eventually(async () => (await platform.query(viewer, { token: given })).status === 401);
    const at = await platform.startGateway();
    expect((await platform.query(viewer, { token: given, at })).status).toBe(401);
    expect((await platform.query(viewer, { token, at })).status).toBe(200);
    await at.stop();
  });
});
