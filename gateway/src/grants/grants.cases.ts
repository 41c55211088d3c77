// A change of roles, from arthemiz' mutation to what gateways let whoever is signed in already see.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { json } from 'node:stream/consumers';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { openEventStream, openLiveClient } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

describe('changed grants', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await sharedPlatform();
  });

  interface Member {
    personId: string;
    token: string;
  }
  let tenantId: string;
  let roleIds: Record<string, string>;
  let owner: Member;
  let operator: Member;
  beforeEach(async () => {
    tenantId = (await platform.tenant())._id;
    const { models } = platform.subgraphs.arthemiz.service;
    const roles = await inTenant(tenantId, () => models.Role.find().lean());
    roleIds = Object.fromEntries(roles.map(({ name, _id }) => [name, _id]));
    owner = await member('owner');
    operator = await member('operator');
  });

  const permissionsOf = (role: string) => [
    ...(defaultRoles.find(({ name }) => name === role)?.permissions ?? []),
  ];

  async function member(role: string): Promise<Member> {
    const { service } = platform.subgraphs.arthemiz;
    const email = `${randomBytes(5).toString('hex')}@acme.test`;
    const { _id: personId } = await registerPerson(service, { email, displayName: 'Otis Park' });
    await joinTenant(service, { personId, tenantId, roleNames: [role] });
    const token = await platform.token({
      subject: personId,
      tenantId,
      roles: [role],
      permissions: permissionsOf(role),
    });
    return { personId, token };
  }

  async function updateRole(name: string, permissions: readonly string[]): Promise<void> {
    const { data, errors } = await platform.query(
      'mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { errors { message } } }',
      { token: owner.token, variables: { input: { id: roleIds[name], permissions } } },
    );
    expect({ data, errors }).toEqual({ data: { updateRole: { errors: [] } }, errors: undefined });
  }

  async function assignRoles(personId: string, names: readonly string[]): Promise<void> {
    const { data } = await platform.query(
      'mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { errors { message } } }',
      { token: owner.token, variables: { input: { personId, roleIds: names.map((name) => roleIds[name]) } } },
    );
    expect(data).toEqual({ assignRoles: { errors: [] } });
  }

  /** Whether the field may be seen; the other fields are left out of it. */
  async function maySee(field: string, { token }: Member, at: { url: string } = platform.gateway) {
    const { errors = [] } = await platform.query(`{ ${field} }`, { token, at });
    return !errors.some(({ extensions }) => extensions?.code === 'FORBIDDEN');
  }
  const securityEvents = 'securityEvents(first: 1) { nodes { id } }';
  const services = 'services(first: 1) { nodes { id } }';
  const roles = 'roles { name }';
  const without = (role: string, permission: string) =>
    permissionsOf(role).filter((each) => each !== permission);

  describe("a change of a tenant's role", () => {
    it('holds at every gateway within a second, for tokens from before it', async () => {
      const other = await platform.startGateway({}, { grants: { quietPollMs: 60_000 } });
      for (const at of [platform.gateway, other])
        expect(await maySee(securityEvents, operator, at)).toBe(true);
      await updateRole('operator', [...without('operator', 'security-event:read'), 'role:read']);
      const changedAt = performance.now();
      for (const at of [platform.gateway, other]) {
        await eventually(async () => !(await maySee(securityEvents, operator, at)));
        await eventually(() => maySee(roles, operator, at));
      }
      expect(performance.now() - changedAt).toBeLessThan(1_000);
      expect(await maySee(services, operator)).toBe(true);
      expect(
        (await platform.query('{ viewer { permissions } }', { token: operator.token })).data.viewer
          .permissions,
      ).toContain('role:read');
      await other.stop();
    });

    it('holds for a request whose body takes its time', async () => {
      const { port } = new URL(platform.gateway.url);
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${operator.token}` };
      const request = httpRequest({ port, path: '/graphql', method: 'POST', headers });
      const answered = once(request, 'response');
      const body = JSON.stringify({ query: `{ ${securityEvents} }` });
      request.write(body.slice(0, 5));
      await updateRole('operator', without('operator', 'security-event:read'));
      await eventually(async () => !(await maySee(securityEvents, operator)));
      request.end(body.slice(5));
      const [response] = await answered;
      expect(await json(response)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    });

    it('concerns neither those without the role, nor other tenants, nor later tokens', async () => {
      const { _id: elsewhere } = await platform.tenant();
      const permissions = permissionsOf('operator');
      const stranger = {
        personId: 'per_x',
        token: await platform.token({ tenantId: elsewhere, permissions }),
      };
      await updateRole('operator', []);
      await eventually(async () => !(await maySee(securityEvents, operator)));
      expect(await maySee(securityEvents, owner)).toBe(true);
      expect(await maySee(securityEvents, stranger)).toBe(true);
      const iat = Math.floor(Date.now() / 1000) + 60;
      const later = await platform.token({
        subject: operator.personId,
        tenantId,
        permissions,
        claims: { iat, exp: iat + 300 },
      });
      expect(await maySee(securityEvents, { ...operator, token: later })).toBe(true);
    });

    it('is known to a gateway that starts after it', async () => {
      await updateRole('operator', without('operator', 'security-event:read'));
      const later = await platform.startGateway();
      expect(await maySee(services, operator, later)).toBe(true);
      expect(await maySee(securityEvents, operator, later)).toBe(false);
      await later.stop();
    });
  });

  describe("a change of a person's roles", () => {
    it('holds for that person alone', async () => {
      const colleague = await member('operator');
      await assignRoles(operator.personId, ['viewer']);
      await eventually(async () => !(await maySee(securityEvents, operator)));
      expect(await maySee(services, operator)).toBe(true);
      expect(await maySee(securityEvents, colleague)).toBe(true);
      const { data } = await platform.query('{ viewer { roles person { roles { name } } } }', {
        token: operator.token,
      });
      expect(data.viewer).toEqual({ roles: ['viewer'], person: { roles: [{ name: 'viewer' }] } });
      await assignRoles(operator.personId, ['operator']);
      await eventually(() => maySee(securityEvents, operator));
    });
  });

  describe('subscriptions that are open', () => {
    const watched = 'subscription { healthChanged { message check { name } } }';

    it('end within a second when they are allowed no more', async () => {
      const client = openLiveClient({ url: platform.gateway.url, token: operator.token });
      const overSocket = client.watch(watched);
      const stream = await openEventStream(platform.gateway.url, { query: watched, token: operator.token });
      await platform.health.heard(tenantId);
      await updateRole('operator', without('operator', 'service:read'));
      const changedAt = performance.now();
      const errors = await overSocket.end;
      await stream.end;
      expect(performance.now() - changedAt).toBeLessThan(1_000);
      expect(errors).toMatchObject([{ path: ['healthChanged'], extensions: { code: 'FORBIDDEN' } }]);
      expect(stream.events().at(0)?.data).toContain('FORBIDDEN');
      await client.close();
    });

    it('go on without what is allowed no more', async () => {
      const service = await platform.health.service(tenantId);
      const client = openLiveClient({ url: platform.gateway.url, token: operator.token });
      const { results, stop } = client.watch(watched);
      await platform.health.heard(tenantId);
      const latest = async (message: string) => {
        await platform.health.change(service, message);
        return eventually(
          async () => results.find(({ data }) => data?.healthChanged.message === message) ?? false,
        );
      };
      expect((await latest('before')).data.healthChanged.check).toEqual({ name: 'Front page' });
      await updateRole('operator', without('operator', 'check:read'));
      const after = await eventually(async () => {
        const result = await latest(`after ${results.length}`);
        return result.errors !== undefined && result;
      });
      expect(after.data.healthChanged.check).toBeNull();
      expect(after.errors).toMatchObject([
        { path: ['healthChanged', 'check', 'name'], extensions: { code: 'FORBIDDEN' } },
      ]);
      stop();
      await client.close();
    });
  });

  describe('a suspended tenant', () => {
    const decide = async (field: 'suspendTenant' | 'resumeTenant', input: object) => {
      const token = await platform.token({ tenantId: 'ten_platform', permissions: ['tenant:suspend'] });
      const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
      const { data } = await platform.query(
        `mutation ($input: ${type}!) { ${field}(input: $input) { errors { message } } }`,
        { token, variables: { input: { tenantId, ...input } } },
      );
      expect(data).toEqual({ [field]: { errors: [] } });
    };

    it('gives nobody anything within a second, ends what is open, and gives it back when it is resumed', async () => {
      const client = openLiveClient({ url: platform.gateway.url, token: operator.token });
      const { end } = client.watch('subscription { healthChanged { message } }');
      await platform.health.heard(tenantId);
      expect(await maySee(services, operator)).toBe(true);
      await decide('suspendTenant', { reason: 'Three invoices are overdue.' });
      await eventually(async () => !(await maySee(services, operator)));
      expect(await maySee(roles, owner)).toBe(false);
      expect(await end).toMatchObject([{ path: ['healthChanged'], extensions: { code: 'FORBIDDEN' } }]);
      await decide('resumeTenant', {});
      await eventually(() => maySee(services, operator));
      await eventually(() => maySee(roles, owner));
      await client.close();
    });
  });

  describe('on bad days', () => {
    it('arthemiz away: what was taken away is taken away, at once, and nothing else', async () => {
      await updateRole('viewer', without('viewer', 'check:read'));
      await platform.links.access.cut();
      try {
        await updateRole('operator', [...without('operator', 'security-event:read'), 'role:read']);
        await eventually(async () => !(await maySee(securityEvents, operator)));
        expect(await maySee(services, operator)).toBe(true);
        // What was given is believed only when it was read.
        expect(await maySee(roles, operator)).toBe(false);
      } finally {
        await platform.links.access.restore();
      }
      await eventually(() => maySee(roles, operator));
    });

    it('RabbitMQ away: changes are asked for', async () => {
      await platform.links.rabbitmq.cut();
      try {
        await updateRole('operator', without('operator', 'security-event:read'));
        await eventually(async () => !(await maySee(securityEvents, operator)));
      } finally {
        await platform.links.rabbitmq.restore();
      }
    });

    it('both away: what was missed is read when one is back', async () => {
      const { links } = platform;
      await Promise.all([links.rabbitmq.cut(), links.access.cut()]);
      await updateRole('operator', without('operator', 'security-event:read'));
      await links.rabbitmq.restore();
      await links.access.restore();
      await eventually(async () => !(await maySee(securityEvents, operator)));
    });

    it('a gateway that was never told which tokens still hold lets nobody in, and is not ready', async () => {
      const deaf = await platform.startGateway({ ACCESS_ADDRESS: '127.0.0.1:9' });
      const { status } = await platform.query('{ viewer { id } }', { token: operator.token, at: deaf });
      expect(status).toBe(503);
      expect((await platform.query('{ __typename }', { at: deaf })).status).toBe(200);
      const ready = await fetch(`${deaf.url}/health/ready`);
      expect(ready.status).toBe(503);
      expect(await ready.json()).toMatchObject({ checks: { grants: 'down' } });
      await deaf.stop();
    });
  });
});
