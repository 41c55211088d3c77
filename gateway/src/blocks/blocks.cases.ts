// From something that sentinel finds to who is let in at the gateway, over each transport.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Broker, openBroker } from '@supergraph/chassis/broker';
import { type EventData, type EventType, loadEventContracts, messageOf } from '@supergraph/chassis/events';
import { createLogger } from '@supergraph/chassis/logging';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { openEventStream, openRawSocket } from '../testing/live-client.ts';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

describe('who is blocked', () => {
  let platform: Platform;
  let broker: Broker;
  beforeAll(async () => {
    platform = await sharedPlatform();
    const { env } = platform.environment;
    broker = openBroker({
      ...{ url: env.AMQP_URL ?? '', namespace: env.NAMESPACE ?? '', service: 'publisher' },
      logger: createLogger({ service: 'publisher', level: 'silent' }),
    });
  });
  afterAll(() => broker.close());

  const mallory = 'per_mallory';
  const office = '203.0.113.9';
  const elsewhere = '192.0.2.77';
  let tenantId: string;
  let token: string;
  let guard: string;
  let second: string;
  beforeEach(async () => {
    tenantId = (await platform.tenant())._id;
    const permissions = ['tenant:read', 'check:read', 'service:read'];
    const deciding = ['response:read', 'response:write', 'response:approve', 'finding:read'];
    const saying = [
      'response-policy:read',
      'response-policy:write',
      'allow-list-entry:read',
      'allow-list-entry:write',
      'tenant:read',
    ];
    token = await platform.token({ tenantId, permissions, subject: mallory });
    guard = await platform.token({ tenantId, permissions: [...deciding, ...saying], subject: 'per_guard' });
    second = await platform.token({ tenantId, permissions: deciding, subject: 'per_second' });
  });

  async function change(
    name: string,
    { by = guard, ...input }: { by?: string; [field: string]: unknown },
    selection: string,
  ) {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const inputType =
      { approveResponse: 'DecideResponseInput!', undoResponse: 'DecideResponseInput!' }[name] ??
      (name === 'createResponsePolicy' ? 'ResponsePolicyInput!' : type);
    const query = `mutation ($input: ${inputType}) { ${name}(input: $input) { ${selection} errors { __typename message } } }`;
    const { data, errors } = await platform.query(query, { token: by, variables: { input } });
    expect(errors).toBeUndefined();
    return data[name];
  }

  async function tell<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    const [source = ''] = type.split('.');
    const event = loadEventContracts({ source }).create(type, { tenantId, data });
    await broker.publish(type, messageOf(event));
  }
  const stolen = (personId: string) =>
    tell('arthemiz.refresh-token.reused.v1', {
      ...{ personId, clientId: 'explorer', ipAddress: elsewhere, userAgent: 'curl/8' },
      ...{ signedInAt: '2026-11-28T08:00:00.000Z', firstUsedAt: '2026-11-28T08:14:30.000Z' },
    });

  const ask = (by: string, { at, from = office }: { at?: { url: string }; from?: string } = {}) =>
    platform.query('{ tenant { name } }', {
      ...{ token: by, headers: { 'x-forwarded-for': from } },
      ...(at ? { at } : {}),
    });
  const isBlocked = async (by: string, where: Parameters<typeof ask>[1] = {}) =>
    (await ask(by, where)).status === 403;

  const block = { kind: 'BLOCK', mode: 'AUTOMATIC', reason: 'a test' };
  const policy = {
    ...{ name: 'Stolen tokens', kind: 'BLOCK', targetKinds: ['PERSON'], minimumSeverity: 'HIGH' },
    ...{ ruleIds: [], mode: 'AUTOMATIC', isEnabled: true },
  };

  it('is out as soon as something was found, over each transport, and in again once allowed', async () => {
    await change('createResponsePolicy', policy, 'policy { id minutes }');
    expect((await ask(token)).data).toEqual({ tenant: { name: 'Acme' } });
    const socket = await openRawSocket(platform.gateway.url, { headers: {} });
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    await eventually(() => socket.messages.length === 1);
    socket.send({
      ...{ type: 'subscribe', id: 'a' },
      payload: { query: 'subscription { healthChanged { message } }' },
    });
    const stream = await openEventStream(platform.gateway.url, {
      ...{ query: 'subscription { healthChanged { message } }', token },
    });
    const { Finding } = platform.subgraphs.sentinel.service.models;
    await stolen(mallory);
    const found = eventually(() => inTenant(tenantId, async () => (await Finding.exists({})) !== null)).then(
      () => performance.now(),
    );
    const blocked = eventually(() => isBlocked(token)).then(() => performance.now());
    const tookMs = (await blocked) - (await found);
    // biome-ignore lint/suspicious/noConsole: how long it took is worth as much as that it was in time
    console.info(`By a policy, blocked ${Math.round(tookMs)} ms after it was found.`);
    expect(tookMs).toBeLessThan(1_000);
    expect(await socket.closed).toMatchObject({ code: 4403 });
    await stream.end;
    expect((await ask(token)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);

    const { data } = await platform.query(
      '{ responses(first: 10) { nodes { status target log { status } finding { createdAt responses { id } } } } }',
      { token: guard },
    );
    expect(data.responses.nodes).toMatchObject([
      {
        ...{ status: 'APPLIED', target: mallory },
        log: [{ status: 'PROPOSED' }, { status: 'APPROVED' }, { status: 'APPLIED' }],
        finding: { responses: [{ id: expect.any(String) }] },
      },
    ]);
    const later = await platform.startGateway();
    expect(await isBlocked(token, { at: later })).toBe(true);
    await later.stop();

    const allowed = { kind: 'PERSON', value: mallory, reason: 'It was a test.' };
    const allowedAt = performance.now();
    expect(await change('addToAllowList', allowed, 'liftedBlocks')).toMatchObject({ liftedBlocks: 1 });
    await eventually(async () => !(await isBlocked(token)));
    expect(performance.now() - allowedAt).toBeLessThan(1_000);
    expect(
      await change('proposeResponse', { ...block, targetKind: 'PERSON', target: mallory }, 'response { id }'),
    ).toMatchObject({ response: null, errors: [{ __typename: 'ResponseTargetAllowed' }] });
  });

  it('is a network, of which an allowed part stays in, and whoever may lift blocks', async () => {
    const named = { ...block, targetKind: 'NETWORK', target: '192.0.2.0/24' };
    await change('proposeResponse', named, 'response { id }');
    await eventually(() => isBlocked(token, { from: elsewhere }));
    expect(await isBlocked(token)).toBe(false);
    expect(await isBlocked(guard, { from: elsewhere })).toBe(false);
    const other = await platform.token({
      tenantId: (await platform.tenant())._id,
      permissions: ['tenant:read'],
    });
    expect(await isBlocked(other, { from: elsewhere })).toBe(false);
    const part = { kind: 'NETWORK', value: '192.0.2.64/26', reason: 'our own' };
    expect(await change('addToAllowList', part, 'liftedBlocks')).toMatchObject({ liftedBlocks: 0 });
    await eventually(async () => !(await isBlocked(token, { from: elsewhere })));
    expect(await isBlocked(token, { from: '192.0.2.1' })).toBe(true);
  });

  it('is a program within a second, until the block is undone', async () => {
    const clientId = `svc_${randomUUID()}`;
    const program = await platform.token({
      ...{ tenantId, permissions: ['tenant:read'], subject: clientId },
      claims: { client_id: clientId },
    });
    const named = { ...block, targetKind: 'CLIENT', target: clientId };
    const { response } = await change('proposeResponse', named, 'response { id }');
    const committedAt = performance.now();
    await eventually(() => isBlocked(program));
    expect(performance.now() - committedAt).toBeLessThan(1_000);
    await change('undoResponse', { id: response.id }, 'response { id }');
    await eventually(async () => !(await isBlocked(program)));
  });

  it('is out only once somebody else approved it, where that was asked for', async () => {
    const named = { ...block, mode: 'APPROVAL', targetKind: 'PERSON', target: mallory };
    const { response } = await change('proposeResponse', named, 'response { id status }');
    expect(response).toMatchObject({ status: 'PROPOSED' });
    expect(await isBlocked(token)).toBe(false);
    const { id } = response;
    expect(await change('approveResponse', { id }, 'response { id }')).toMatchObject({
      response: null,
      errors: [{ __typename: 'ResponseApprovalNeeded' }],
    });
    const approved = await change('approveResponse', { id, by: second }, 'response { status }');
    expect(approved).toMatchObject({ response: { status: 'APPLIED' }, errors: [] });
    await eventually(() => isBlocked(token));
  });

  it('is not the last owner', async () => {
    const joined = { email: 'm***@acme.test', invitationId: 'inv_1', invitedBy: 'per_guard' };
    await tell('arthemiz.person.joined.v1', { ...joined, personId: mallory, roles: ['owner'] });
    const { Principal } = platform.subgraphs.sentinel.service.models;
    const isOwner = (principalId: string) =>
      inTenant(tenantId, async () => (await Principal.exists({ principalId })) !== null);
    await eventually(() => isOwner(mallory));
    const named = { ...block, targetKind: 'PERSON', target: mallory };
    expect(await change('proposeResponse', named, 'response { id }')).toMatchObject({
      errors: [{ __typename: 'ResponseLocksOut' }],
    });
    await tell('arthemiz.person.joined.v1', { ...joined, personId: 'per_other', roles: ['owner'] });
    await eventually(() => isOwner('per_other'));
    expect(await change('proposeResponse', named, 'response { id }')).toMatchObject({ errors: [] });
  });
});
