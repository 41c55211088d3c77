// Mails that a change decided on: sent once it is committed, whatever happens to the mail server meanwhile.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isRefusedForGood } from '@supergraph/chassis/mail-transport';
import { eventually } from '@supergraph/chassis/testing/eventually';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { type Mailbox, startMailbox } from '../testing/mailbox.ts';
import { queueMail } from './queueing.ts';
import { inline, retryDelayMs } from './rules.ts';

const inAnHour = () => new Date(Date.now() + 3_600_000);
const mailTo = (to: string) => ({
  kind: 'invitation' as const,
  to,
  subject: 'Hellö',
  text: 'Open http://localhost:8080/auth/invitation?token=opensesame',
  expiresAt: inAnHour(),
});

let mailbox: Mailbox;
let fixture: Fixture;
const refusals = new Map<string, number>();
beforeAll(async () => {
  mailbox = await startMailbox({ refuse: (to) => refusals.get(to) ?? null });
  fixture = await startFixture({ SMTP_URL: mailbox.url, MAIL_POLL_MS: '10' });
});
afterAll(async () => {
  await fixture?.stop();
  await mailbox?.stop();
});

const waiting = () => fixture.models.Mail.find().lean();
const isEmpty = async () => (await waiting()).length === 0;

describe('a queued mail', () => {
  it('is sent, and gone from the database when the server has taken it', async () => {
    await queueMail(fixture.service, mailTo('anna@acme.test'));
    const mail = await mailbox.to('anna@acme.test');
    expect(mail).toMatchObject({ subject: 'Hellö', from: 'no-reply@localhost' });
    expect(mail.text).toContain('token=opensesame');
    await eventually(isEmpty);
  });

  it('is not sent when the change that decided on it was not made', async () => {
    const failing = fixture.service.transaction(async () => {
      await queueMail(fixture.service, mailTo('never@acme.test'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await queueMail(fixture.service, mailTo('later@acme.test'));
    await mailbox.to('later@acme.test');
    expect(mailbox.mails.map(({ to }) => to)).not.toContain('never@acme.test');
  });

  it('waits while the server refuses for now, and is sent later under the same id', async () => {
    refusals.set('busy@acme.test', 451);
    await queueMail(fixture.service, mailTo('busy@acme.test'));
    const delayed = await eventually(async () => {
      const [mail] = await waiting();
      return mail !== undefined && mail.attempts === 1 && mail.dueAt.getTime() < Date.now() + 5_000 && mail;
    });
    expect(delayed.dueAt.getTime()).toBeGreaterThan(Date.now());
    refusals.delete('busy@acme.test');
    await fixture.models.Mail.updateOne({ _id: delayed._id }, { $set: { dueAt: new Date() } });
    expect((await mailbox.to('busy@acme.test')).messageId).toContain(delayed._id);
  });

  it('is given up when the server refuses it for good', async () => {
    refusals.set('nobody@acme.test', 550);
    await queueMail(fixture.service, mailTo('nobody@acme.test'));
    await eventually(isEmpty);
    expect(mailbox.mails.map(({ to }) => to)).not.toContain('nobody@acme.test');
  });

  it('is sent by another copy when the one that had it died', async () => {
    await queueMail(fixture.service, { ...mailTo('orphan@acme.test') });
    // Taken by a copy that never came back: due when its lease has run out.
    await fixture.models.Mail.updateMany({}, { $set: { attempts: 1, dueAt: new Date() } });
    await mailbox.to('orphan@acme.test');
  });

  it('is not readable in the database', async () => {
    const { service, environment } = fixture;
    refusals.set('secret@acme.test', 451);
    await queueMail(service, mailTo('secret@acme.test'));
    const [stored] = await waiting();
    expect(JSON.stringify(stored)).not.toMatch(/secret@|opensesame|Hell/);
    expect(environment.env.KEY_ENCRYPTION_KEY).toBeDefined();
    await fixture.models.Mail.deleteMany({});
  });

  it('is not sent when it has expired', async () => {
    await queueMail(fixture.service, { ...mailTo('late@acme.test'), expiresAt: new Date(Date.now() - 1) });
    await queueMail(fixture.service, mailTo('fresh@acme.test'));
    await mailbox.to('fresh@acme.test');
    expect(mailbox.mails.map(({ to }) => to)).not.toContain('late@acme.test');
  });
});

describe('without a mail server', () => {
  it('nothing is queued that nobody would send', async () => {
    const silent = await startFixture();
    try {
      await queueMail(silent.service, mailTo('anna@acme.test'));
      expect(await silent.models.Mail.countDocuments()).toBe(0);
    } finally {
      await silent.stop();
    }
  });
});

describe('the rules of delivery', () => {
  it('wait longer after each failure, at most half an hour', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map(retryDelayMs)).toEqual(
      [5, 30, 120, 600, 1_800, 1_800, 1_800].map((seconds) => seconds * 1_000),
    );
  });

  it.each([
    [{ code: 'EENVELOPE', responseCode: 550 }, true],
    [{ code: 'EMESSAGE', responseCode: 554 }, true],
    [{ code: 'EENVELOPE', responseCode: 451 }, false],
    [{ code: 'EAUTH', responseCode: 535 }, false],
    [{ code: 'ECONNECTION' }, false],
  ])('take %j as refused for good: %s', (facts, expected) => {
    expect(isRefusedForGood(Object.assign(new Error('no'), facts))).toBe(expected);
  });

  it('keep names that others chose within their line', () => {
    expect(inline(' Acme\r\nBcc: x@y.test\u202e ')).toBe('Acme Bcc: x@y.test');
    expect(inline('x'.repeat(500))).toHaveLength(100);
  });
});
