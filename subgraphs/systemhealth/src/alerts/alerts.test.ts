// From a check that turns DOWN to whoever is told, through the subgraph's schema and on the real services.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { eventually, subscribe, testViewer } from '@supergraph/chassis/testing';
import { Webhook } from 'standardwebhooks';
import { commitChanges } from '../checks/changes.ts';
import type { Status } from '../checks/rules.ts';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { startTarget, type Target } from '../testing/target.ts';

let platform: TestPlatform;
let copy: Copy;
let target: Target;
let receiver: Receiver;
let tenants = 0;
let tenantId = '';
beforeAll(async () => {
  target = await startTarget();
  platform = await testPlatform([{ slug: 'web', name: 'Web', kind: 'HTTP', url: target.url }], {
    TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]',
  });
  copy = await platform.start();
});
afterAll(async () => {
  await platform.stop();
  await target.stop();
});
beforeEach(async () => {
  await target.start();
  receiver = await startReceiver();
  tenants += 1;
  tenantId = `ten_alerts${tenants}`;
});

afterEach(() => receiver.stop());

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

const errors = 'errors { __typename message }';

async function mutate(name: string, input: object, selection: string) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} ${errors} } }`;
  return (await ask(query, { input }))[name];
}

async function newChannel(input: object = {}) {
  const wanted = { name: 'On call', kind: 'WEBHOOK', url: receiver.url, ...input };
  const made = await mutate('createNotificationChannel', wanted, 'secret notificationChannel { id target }');
  expect(made.errors).toEqual([]);
  return { id: made.notificationChannel.id as string, secret: made.secret as string };
}

/** A check that nobody runs, whose status the test changes as the scheduler does. */
async function newCheck(name: string) {
  return inTenant(tenantId, async () => {
    const { Service, Check } = copy.service.models;
    const createdAt = new Date();
    const service = await Service.create({ name: 'Shop', createdAt });
    const never = new Date(Date.now() + 86_400_000);
    const check = await Check.create({
      ...{ serviceId: service._id, name, kind: 'HTTP', target: 'http://x.test', createdAt, dueAt: never },
      ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0 },
      ...{ status: 'UP', statusSince: createdAt, missingAt: never },
    });
    const { _id, serviceId } = check;
    return { _id, serviceId, tenantId };
  });
}
type TestCheck = Awaited<ReturnType<typeof newCheck>>;

const turn = (check: TestCheck, status: Status) =>
  commitChanges(copy.service, {
    check,
    filter: { _id: check._id },
    update: { $set: { status, statusSince: new Date() } },
    changes: [
      {
        previousStatus: 'UNKNOWN',
        status,
        occurredAt: Date.now(),
        message: `It is ${status}.`,
        latencyMs: 1,
      },
    ],
  });

const newRule = (input: object = {}) =>
  mutate('createAlertRule', { name: 'Down', condition: { checkStatus: {} }, ...input }, 'alertRule { id }');

const alerts = async () =>
  (await ask('{ alerts { nodes { id state summary suppression { kind } transitions { kind sequence } } } }'))
    .alerts.nodes;
const stateIs = (state: string) => eventually(async () => (await alerts())[0]?.state === state);
const told = (...kinds: string[]) =>
  eventually(() => expect(receiver.told().map(([kind]) => kind)).toEqual(kinds));
/** Told at once, so that a test need not wait for a group. */
async function atOnce(channelIds: readonly string[], more: object = {}) {
  const input = { name: 'At once', groupWaitMs: 0, steps: [{ afterMs: 0, channelIds }], ...more };
  const made = await mutate('createNotificationPolicy', input, 'notificationPolicy { id }');
  expect(made.errors).toEqual([]);
  return { notificationPolicyId: made.notificationPolicy.id as string };
}

describe('a check that is DOWN', () => {
  it('fires an alert by the rule that every tenant has: subscribers hear of it, and the page is signed', async () => {
    const { secret } = await newChannel();
    const changes = await subscribe({
      url: copy.url,
      environment: platform.environment,
      viewer: operatorOf(tenantId),
      query:
        'subscription { alertChanged { kind sequence alert { state summary service { name } rule { isBuiltIn } } } }',
    });
    const heard: unknown[] = [];
    const listening = (async () => {
      for await (const { data } of changes) heard.push(data.alertChanged);
    })();
    await platform.createTenant(copy, tenantId, 1);
    await eventually(
      async () => (await ask('{ services { nodes { status } } }')).services.nodes[0].status === 'UP',
    );
    await target.stop();
    await told('FIRED');
    await target.start();
    await told('FIRED', 'RESOLVED');
    await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(3));
    expect(heard).toMatchObject([
      { kind: 'STARTED', sequence: 1 },
      { kind: 'FIRED', sequence: 2, alert: { summary: 'Web is DOWN', rule: { isBuiltIn: true } } },
      { kind: 'RESOLVED', sequence: 3 },
    ]);
    for (const { text, headers } of receiver.received) {
      expect(() => new Webhook(secret).verify(text, headers as Record<string, string>)).not.toThrow();
      expect(() =>
        new Webhook(`whsec_${btoa('another')}`).verify(text, headers as Record<string, string>),
      ).toThrow();
    }
    const [page] = receiver.received;
    expect(page?.body.data.alerts[0]).toMatchObject({ severity: 'CRITICAL', message: 'connection refused' });
    await changes.return?.();
    await listening;
  });

  it('has one open alert, whatever is told again, and a new one with later numbers after its end', async () => {
    await newRule(await atOnce([(await newChannel()).id]));
    const check = await newCheck('Front page');
    for (const status of ['DOWN', 'DOWN', 'UNKNOWN', 'DOWN'] as const) await turn(check, status);
    await stateIs('FIRING');
    expect(await alerts()).toHaveLength(1);
    await turn(check, 'UP');
    await stateIs('RESOLVED');
    await turn(check, 'DOWN');
    await eventually(async () => (await alerts()).length === 2);
    await told('FIRED', 'RESOLVED', 'FIRED');
    const [second, first] = await alerts();
    expect(second.summary).toBe('Front page of Shop is DOWN');
    const numbers = [...first.transitions, ...second.transitions].map(({ sequence }) => sequence);
    expect(numbers).toEqual([1, 2, 3, 4, 5]);
    const log = (await ask('{ notifications { nodes { state kind idempotencyKey attempts } } }'))
      .notifications.nodes;
    expect(log).toHaveLength(3);
    expect(new Set(log.map(({ idempotencyKey }: { idempotencyKey: string }) => idempotencyKey)).size).toBe(3);
    expect(log).toMatchObject([{ state: 'DELIVERED' }, { state: 'DELIVERED' }, { state: 'DELIVERED' }]);
  });

  it('is not told to fire once it is over, however late a channel comes back', async () => {
    await newRule(await atOnce([(await newChannel()).id]));
    receiver.answer(500);
    const check = await newCheck('Front page');
    await turn(check, 'DOWN');
    await eventually(() => receiver.received.length === 1);
    await turn(check, 'UP');
    await stateIs('RESOLVED');
    receiver.answer(204);
    await eventually(() => receiver.received.length === 2);
    expect(receiver.told().map(([kind]) => kind)).toEqual(['FIRED', 'RESOLVED']);
    await eventually(async () => {
      const { nodes } = (await ask('{ notifications { nodes { kind state } } }')).notifications;
      expect(nodes).toEqual([
        { kind: 'RESOLVED', state: 'DELIVERED' },
        { kind: 'FIRED', state: 'SUPERSEDED' },
      ]);
    });
  });

  it('ends its alert when it is paused or its rule is disabled, and fires anew when the rule is back', async () => {
    const { alertRule } = await newRule();
    const check = await newCheck('Front page');
    await turn(check, 'DOWN');
    await stateIs('FIRING');
    await mutate('updateAlertRule', { id: alertRule.id, isEnabled: false }, 'alertRule { isEnabled }');
    await stateIs('RESOLVED');
    await mutate('updateAlertRule', { id: alertRule.id, isEnabled: true }, 'alertRule { isEnabled }');
    // What lasts since before is no news to the ended alert; the check's next change is.
    await turn(check, 'DOWN');
    await eventually(async () => (await alerts()).some(({ state }: { state: string }) => state === 'FIRING'));
    await mutate('pauseCheck', { id: check._id }, 'check { isPaused }');
    await eventually(async () =>
      (await alerts()).every(({ state }: { state: string }) => state === 'RESOLVED'),
    );
  });
});

describe('what keeps people from being told', () => {
  it('is a silence: its end tells of what still fires, and who heard of a fire hears of its end', async () => {
    await newRule(await atOnce([(await newChannel()).id]));
    const check = await newCheck('Front page');
    const matchers = [{ name: 'check', value: check._id }];
    const endsAt = new Date(Date.now() + 600_000).toISOString();
    const silence = () => mutate('createSilence', { matchers, endsAt, comment: 'Known' }, 'silence { id }');
    const first = await silence();
    await turn(check, 'DOWN');
    await eventually(async () => (await alerts())[0]?.suppression?.kind === 'SILENCE');
    expect(receiver.received).toEqual([]);
    await mutate('endSilence', { id: first.silence.id }, 'silence { id }');
    await told('FIRED');
    await silence();
    await eventually(async () => (await alerts())[0]?.suppression?.kind === 'SILENCE');
    await turn(check, 'UP');
    await told('FIRED', 'RESOLVED');
  });

  it('is maintenance of the service, and another alert that explains it', async () => {
    await newRule({ ...(await atOnce([(await newChannel()).id])), severity: 'INFO' });
    const [worked, explained] = [await newCheck('Worked on'), await newCheck('Explained')];
    const endsAt = new Date(Date.now() + 600_000).toISOString();
    const window = { name: 'Upgrade', serviceIds: [worked.serviceId], endsAt };
    await mutate('createMaintenanceWindow', window, 'maintenanceWindow { id }');
    await mutate(
      'createInhibition',
      {
        sourceMatchers: [{ name: 'severity', value: 'CRITICAL' }],
        targetMatchers: [{ name: 'severity', value: 'INFO' }],
        equalLabels: ['check'],
      },
      'inhibition { id }',
    );
    await newRule({ severity: 'CRITICAL', condition: { checkStatus: { checkIds: [explained._id] } } });
    await turn(worked, 'DOWN');
    await turn(explained, 'DOWN');
    await eventually(async () => {
      const kinds = (await alerts()).map(
        ({ suppression }: { suppression: { kind: string } | null }) => suppression?.kind,
      );
      expect(kinds.sort()).toEqual(['INHIBITION', 'MAINTENANCE', undefined]);
    });
    await eventually(() => expect(receiver.told()).toEqual([['FIRED', 'Explained of Shop is DOWN']]));
  });

  it('is that somebody takes care: it is escalated no more, and the next alert is heard again', async () => {
    const [first, second] = [await newChannel({ name: 'First' }), await newChannel({ name: 'Second' })];
    const steps = [
      { afterMs: 0, channelIds: [first.id] },
      { afterMs: 2_000, channelIds: [second.id] },
    ];
    await newRule(await atOnce([], { steps }));
    const check = await newCheck('Front page');
    await turn(check, 'DOWN');
    await told('FIRED', 'ESCALATED');
    await turn(check, 'UP');
    await eventually(() => receiver.received.length === 4);
    await turn(check, 'DOWN');
    await eventually(async () => (await alerts())[0]?.state === 'FIRING');
    const [{ id }] = await alerts();
    const taken = await mutate(
      'acknowledgeAlert',
      { id, note: 'On it' },
      'alert { acknowledgement { note } }',
    );
    expect(taken.alert.acknowledgement.note).toBe('On it');
    await eventually(() => receiver.received.length === 5);
    // Nothing but the regular review is left to do for it: the next step would come within two seconds.
    await eventually(async () => {
      const evaluated = await acrossTenants('looking in a test', () =>
        copy.service.models.KnownTenant.findOne({ _id: tenantId }).lean(),
      );
      expect(evaluated?.evaluateAt?.getTime()).toBeGreaterThan(Date.now() + 5_000);
    });
    expect(receiver.told().filter(([kind]) => kind === 'ESCALATED')).toHaveLength(1);
  });
});

describe('a notification channel', () => {
  it('may not lead to where no tenant may be sent, not by a redirect either', async () => {
    const input = { name: 'Inside', kind: 'WEBHOOK', url: 'http://10.0.0.1/' };
    const refused = await mutate('createNotificationChannel', input, 'notificationChannel { id }');
    expect(refused.errors).toMatchObject([{ __typename: 'CheckTargetRefused' }]);
    const elsewhere = await startReceiver();
    const { id } = await newChannel();
    receiver.answer(307, elsewhere.url);
    await mutate('testNotificationChannel', { id }, 'notification { id }');
    await eventually(async () => {
      const [log] = (await ask('{ notifications { nodes { state error attempts kind } } }')).notifications
        .nodes;
      expect(log).toEqual({
        state: 'QUEUED',
        error: 'It answered with status 307.',
        attempts: 1,
        kind: null,
      });
    });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.stop();
  });

  it('shows no secret afterwards, and is closed to who may only read alerts', async () => {
    await newChannel();
    const [channel] = (await ask('{ notificationChannels { target kind } }')).notificationChannels;
    expect(channel).toEqual({ kind: 'WEBHOOK', target: new URL(receiver.url).host });
    const viewer = testViewer({ tenantId, permissions: ['alert:read'] });
    const { errors: denied } = await platform.execute(copy, {
      query: '{ notificationChannels { id } }',
      viewer,
    });
    expect(denied).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
