// Each kind of channel through to whoever takes it: a real mail server and HTTP receivers.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { type Mailbox, startMailbox } from '@supergraph/chassis/testing/mailbox';
import { Webhook } from 'standardwebhooks';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { startTarget } from '../testing/target.ts';

let platform: TestPlatform;
let copy: Copy;
let mailbox: Mailbox;
let receiver: Receiver;
let tenants = 0;
let tenantId = '';
/** Addresses that the mail server takes nothing for, and answers to with this. */
const refused = new Map<string, number>();
const silent = new Set<string>();
beforeAll(async () => {
  mailbox = await startMailbox({
    refuse: (to) => refused.get(to) ?? null,
    isSilent: (to) => silent.has(to),
  });
  platform = await testPlatform([], {
    ...{ SMTP_URL: mailbox.url, MAIL_FROM: 'health@acme.test' },
    TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]',
  });
  copy = await platform.start();
}, 480_000);
afterAll(async () => {
  await platform.stop();
  await mailbox.stop();
});
beforeEach(async () => {
  receiver = await startReceiver();
  tenants += 1;
  tenantId = `ten_channels${tenants}`;
});
afterEach(() => receiver.stop());

async function mutate(name: string, input: object, selection: string) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} errors { __typename message } } }`;
  const answer = await platform.execute(copy, { query, variables: { input }, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data[name];
}

async function newChannel(input: object) {
  const made = await mutate(
    'createNotificationChannel',
    { name: 'On call', ...input },
    'secret notificationChannel { id }',
  );
  expect(made.errors).toEqual([]);
  return { id: made.notificationChannel.id as string, secret: made.secret as string };
}
const domain = () => `${tenantId.replaceAll('_', '-')}.test`;
const test = (id: string) => mutate('testNotificationChannel', { id }, 'notification { id }');
async function log() {
  const query = '{ notifications { nodes { state attempts error } } }';
  const { data } = await platform.execute(copy, { query, viewer: operatorOf(tenantId) });
  return data.notifications.nodes;
}

describe('an e-mail channel', () => {
  it('tells each address by a mail of its own, all of them at once', async () => {
    const emails = ['a', 'b', 'c'].map((name) => `${name}@${domain()}`);
    const { id } = await newChannel({ kind: 'EMAIL', emails });
    await test(id);
    const mails = await Promise.all(emails.map((to) => mailbox.to(to)));
    for (const mail of mails)
      expect(mail).toMatchObject({
        from: 'health@acme.test',
        subject: 'A test of this notification channel',
      });
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(3);
    await eventually(async () =>
      expect(await log()).toEqual([{ state: 'DELIVERED', attempts: 1, error: null }]),
    );
  });

  it('tries only those again that did not get it, within one deadline however many are slow', async () => {
    const emails = Array.from({ length: 10 }, (_, index) => `p${index}@${domain()}`);
    const slow = emails.slice(1);
    for (const each of slow) silent.add(each);
    const { id } = await newChannel({ kind: 'EMAIL', emails });
    await test(id);
    await mailbox.to(emails[0] ?? '');
    const begun = performance.now();
    const error = 'The mail server did not take it for 9 of 10 addresses.';
    await eventually(async () => expect(await log()).toEqual([{ state: 'QUEUED', attempts: 1, error }]));
    // Less than the lease, after which another copy would begin the same.
    expect(performance.now() - begun).toBeLessThan(25_000);
    silent.clear();
    await eventually(async () => expect(await log()).toMatchObject([{ state: 'DELIVERED' }]), {
      timeoutMs: 90_000,
    });
    await Promise.all(slow.map((to) => mailbox.to(to)));
    expect(mailbox.mails.filter(({ to }) => to === emails[0])).toHaveLength(1);
  }, 240_000);

  it('is given up where every address that is left is refused for good', async () => {
    const emails = [`ok@${domain()}`, `gone@${domain()}`];
    refused.set(emails[1] ?? '', 550);
    const { id } = await newChannel({ kind: 'EMAIL', emails });
    await test(id);
    await mailbox.to(emails[0] ?? '');
    await eventually(async () =>
      expect(await log()).toEqual([
        { state: 'FAILED', attempts: 1, error: 'The mail server did not take it for 1 of 2 addresses.' },
      ]),
    );
  });
});

describe('a Slack-compatible channel', () => {
  it('is sent a text, unsigned', async () => {
    const { id, secret } = await newChannel({ kind: 'SLACK', url: receiver.url });
    expect(secret).toBeNull();
    await test(id);
    await eventually(() => receiver.received.length === 1);
    const [request] = receiver.received;
    expect(request?.body).toEqual({ text: 'This is a test. Alerts would be told here.' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.headers['webhook-signature']).toBeUndefined();
  });
});

describe('a webhook channel', () => {
  const isSignedBy = (secret: string) => {
    const { text, headers } = receiver.received.at(-1) ?? { text: '', headers: {} };
    try {
      new Webhook(secret).verify(text, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };

  it('signs with the old and the new secret after a rotation, and with no older one', async () => {
    const { id, secret: first } = await newChannel({ kind: 'WEBHOOK', url: receiver.url });
    const rotate = async () => {
      const rotated = await mutate('rotateNotificationChannelSecret', { id }, 'secret previousValidUntil');
      expect(Date.parse(rotated.previousValidUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
      return rotated.secret as string;
    };
    const told = async (count: number) => {
      await test(id);
      await eventually(() => receiver.received.length === count);
    };
    const second = await rotate();
    await told(1);
    expect([first, second].map(isSignedBy)).toEqual([true, true]);
    const third = await rotate();
    await told(2);
    expect([first, second, third].map(isSignedBy)).toEqual([false, true, true]);
  });

  it('can be renamed and sent elsewhere under the same secret, to an allowed address alone', async () => {
    const elsewhere = await startReceiver();
    const { id, secret } = await newChannel({ kind: 'WEBHOOK', url: receiver.url });
    const update = (input: object) =>
      mutate('updateNotificationChannel', { id, ...input }, 'notificationChannel { name target isDefault }');
    const moved = await update({ name: 'Night', url: elsewhere.url, isDefault: false });
    expect(moved.notificationChannel).toEqual({
      ...{ name: 'Night', isDefault: false, target: new URL(elsewhere.url).host },
    });
    await test(id);
    await eventually(() => elsewhere.received.length === 1);
    expect(receiver.received).toEqual([]);
    const [{ text, headers } = { text: '', headers: {} }] = elsewhere.received;
    expect(() => new Webhook(secret).verify(text, headers as Record<string, string>)).not.toThrow();
    expect((await update({ url: 'http://10.0.0.1/' })).errors).toMatchObject([
      { __typename: 'CheckTargetRefused' },
    ]);
    expect((await update({ emails: ['a@acme.test'] })).errors).toMatchObject([
      { message: 'is not for WEBHOOK' },
    ]);
    await elsewhere.stop();
  });

  it('has no secret to rotate where it signs nothing', async () => {
    const { id } = await newChannel({ kind: 'SLACK', url: receiver.url });
    const { errors } = await mutate('rotateNotificationChannelSecret', { id }, 'secret');
    expect(errors).toMatchObject([{ message: 'A channel of kind SLACK signs nothing.' }]);
  });
});

describe('an outage at default settings', () => {
  it('is told by a channel within a minute of its beginning, at its worst moment', async () => {
    const target = await startTarget();
    const own = await platform.start({ ALERT_POLL_MS: '500' });
    await newChannel({ kind: 'WEBHOOK', url: receiver.url });
    await platform.createTenant(own, tenantId, 0);
    const { service } = await mutate('createService', { name: 'Shop' }, 'service { id }');
    const check = { serviceId: service.id, name: 'Front page', kind: 'HTTP', target: target.url };
    expect((await mutate('createCheck', check, 'check { intervalMs }')).errors).toEqual([]);
    await eventually(() => target.seen.requests === 1);
    // Just after a run, so that the next one is a whole interval away.
    await target.stop();
    await eventually(() => expect(receiver.told()).toMatchObject([['FIRED', 'Front page of Shop is DOWN']]), {
      timeoutMs: 60_000,
    });
  }, 240_000);
});
