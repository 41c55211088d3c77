// A service that acts for a person by a token that it exchanged (RFC 8693): from arthemiz' token endpoint to what it may
// see, and what becomes of that when either loses something.
import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { registerServiceClient } from '../../../subgraphs/arthemiz/src/clients/registration.ts';
import { newClientSecret } from '../../../subgraphs/arthemiz/src/clients/secrets.ts';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { sessionIdOf } from '../../../subgraphs/arthemiz/src/sessions/rules.ts';
import { openLiveClient } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

const deputy = {
  name: 'deputy',
  permissions: ['token:exchange', 'security-event:read', 'service:read', 'role:read'],
} as const;

describe('a service that acts for a person', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  let tenantId: string;
  let roleIds: Record<string, string>;
  let ownerToken: string;
  let person: { id: string; token: string; sid: string };
  let serviceId: string;
  let token: string;
  beforeEach(async () => {
    tenantId = (await platform.tenant({ roles: [...defaultRoles, deputy] }))._id;
    const { models } = platform.subgraphs.arthemiz.service;
    const roles = await inTenant(tenantId, () => models.Role.find().lean());
    roleIds = Object.fromEntries(roles.map(({ name, _id }) => [name, _id]));
    ownerToken = (await signedIn('owner')).token;
    person = await signedIn('operator');
    ({ serviceId, token } = await exchange(person.token));
  });

  /** A person who was let in with a program, as the provider stores it, and their access token. */
  async function signedIn(role: string) {
    const { service } = platform.subgraphs.arthemiz;
    const email = `${randomBytes(5).toString('hex')}@acme.test`;
    const { _id: id } = await registerPerson(service, { email, displayName: 'Otis Park' });
    await joinTenant(service, { personId: id, tenantId, roleNames: [role] });
    const grantId = randomBytes(8).toString('hex');
    const sid = sessionIdOf({ grantId });
    const now = new Date();
    await service.models.OidcArtifact.create([
      {
        ...{ _id: `Grant:${grantId}`, kind: 'Grant', payload: '{}', accountId: id, grantId },
        ...{ actingTenantId: tenantId, sessionId: sid, clientId: 'cli', signedInAt: now, lastUsedAt: now },
        expiresAt: new Date(now.getTime() + 60_000),
      },
    ]);
    const permissions = [...(defaultRoles.find(({ name }) => name === role)?.permissions ?? [])];
    const claims = { sid, client_id: 'cli', amr: ['pwd'], auth_time: Math.floor(now.getTime() / 1_000) };
    return { id, sid, token: await platform.token({ subject: id, tenantId, permissions, claims }) };
  }

  async function exchange(subjectToken: string) {
    const { service, url } = platform.subgraphs.arthemiz;
    const secret = newClientSecret();
    const plan = { tenantId, name: 'Deputy', roleNames: ['deputy'], secret };
    const id = await registerServiceClient(service, plan);
    const response = await fetch(`${url}/auth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: subjectToken,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      }),
    });
    const { access_token } = (await response.json()) as { access_token: string }; // RFC 8693, 2.2.1
    expect(response.status).toBe(200);
    return { serviceId: id, token: access_token };
  }

  async function maySee(field: string, shown = token) {
    const { errors = [] } = await platform.query(`{ ${field} }`, { token: shown });
    return !errors.some(({ extensions }) => extensions?.code === 'FORBIDDEN');
  }
  const securityEvents = 'securityEvents(first: 1) { nodes { id } }';
  const asOwner = async (mutation: string, variables: Record<string, unknown>) => {
    const { data, errors } = await platform.query(mutation, { token: ownerToken, variables });
    expect({
      errors,
      refused: Object.values(data).map((payload) => Reflect.get(Object(payload), 'errors')),
    }).toEqual({ errors: undefined, refused: [[]] });
  };

  it('sees what both may see', async () => {
    expect(await maySee(securityEvents)).toBe(true);
    expect(await maySee('roles { name }')).toBe(false);
    expect(await maySee('people(first: 1) { nodes { id } }')).toBe(false);
    const { data } = await platform.query('{ viewer { id permissions } }', { token });
    expect(data.viewer).toEqual({ id: person.id, permissions: ['security-event:read', 'service:read'] });
  });

  it('loses what the service loses, and gets what both may from then on', async () => {
    await asOwner(
      'mutation ($input: UpdateServiceClientInput!) { updateServiceClient(input: $input) { errors { message } } }',
      { input: { id: serviceId, roleIds: [roleIds.viewer] } },
    );
    await eventually(async () => !(await maySee(securityEvents)));
    expect(await maySee(securityEvents, person.token)).toBe(true);
    const seen = await platform.query('{ viewer { permissions } }', { token });
    expect(seen.data.viewer.permissions).toEqual([
      ...['alert-rule:read', 'alert:read', 'check:read', 'incident:read'],
      ...['maintenance-window:read', 'metric:read', 'person:read', 'service:read', 'silence:read'],
      ...['slo:read', 'tenant:read'],
    ]);
  });

  it('loses what the person loses, in open subscriptions too', async () => {
    const live = openLiveClient({ url: platform.gateway.url, token });
    const { end } = live.watch('subscription { healthChanged { message } }');
    await platform.health.heard(tenantId);
    await asOwner(
      'mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { errors { message } } }',
      {
        input: { personId: person.id, roleIds: [] },
      },
    );
    await eventually(async () => !(await maySee(securityEvents)));
    expect(await end).toMatchObject([{ path: ['healthChanged'] }]);
    await live.close();
  });

  it('ends with the service', async () => {
    await asOwner(
      'mutation ($input: DeleteServiceClientInput!) { deleteServiceClient(input: $input) { errors { message } } }',
      { input: { id: serviceId } },
    );
    await eventually(async () => !(await maySee(securityEvents)));
    const { data } = await platform.query('{ viewer { permissions } }', { token });
    expect(data.viewer.permissions).toEqual([]);
  });

  it("ends with the person's session", async () => {
    await platform.query('mutation ($id: ID!) { endSession(input: { id: $id }) { errors { message } } }', {
      token: person.token,
      variables: { id: person.sid },
    });
    await eventually(async () => (await platform.query('{ viewer { id } }', { token })).status === 401);
  });

  it('makes nothing that would outlast it', async () => {
    const { errors } = await platform.query('mutation { endOtherSessions { errors { message } } }', {
      token,
    });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('is refused where somebody else acts for it in turn', async () => {
    const act = { sub: serviceId, act: { sub: 'cli_other' } };
    const nested = await platform.token({ subject: person.id, tenantId, claims: { act } });
    expect((await platform.query('{ viewer { id } }', { token: nested })).status).toBe(401);
  });
});
