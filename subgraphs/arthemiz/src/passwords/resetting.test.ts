// A forgotten password: what is mailed to whom, and what a new one ends.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing/eventually';
import * as client from 'openid-client';
import { beginCodeFlow, type Fixture, issuer, password, signIn, startFixture } from '../testing/fixture.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';

let mailbox: Mailbox;
let fixture: Fixture;
beforeAll(async () => {
  mailbox = await startMailbox();
  fixture = await startFixture({ SMTP_URL: mailbox.url, MAIL_POLL_MS: '10' });
});
afterAll(async () => {
  await fixture?.stop();
  await mailbox?.stop();
});

const newPassword = 'seven purple teapots';

async function newPerson() {
  const tenant = await fixture.tenant();
  return { tenant, person: await fixture.person({ tenants: [tenant] }) };
}

async function forget(email: string, browser = fixture.browser()) {
  await browser.open(`${issuer}/password/forgotten`);
  return browser.submit({ email });
}

async function followLink(email: string) {
  await forget(email);
  const link = linkIn(await mailbox.to(email));
  const browser = fixture.browser();
  return { browser, link, page: await browser.open(link) };
}

describe('whoever forgot their password', () => {
  it('finds the way from the sign-in page', async () => {
    const { browser, url } = await beginCodeFlow(fixture);
    expect((await browser.open(url)).text).toContain('href="/auth/password/forgotten"');
  });

  it('is mailed a link that works once, and chooses a new one by it', async () => {
    const { person, tenant } = await newPerson();
    const { browser, link, page } = await followLink(person.email);
    expect(page.text).toContain(`For ${person.email}`);
    const done = await browser.submit({ password: newPassword, again: newPassword });
    expect(done.text).toContain('Your password is changed');
    expect((await browser.open(link)).status).toBe(410);

    await expect(signIn(fixture, person.email)).rejects.toThrow();
    await signIn(fixture, person.email, newPassword);
    // The link was mailed there.
    const known = await fixture.models.Person.findOne({ _id: person._id }).lean();
    expect([person.emailVerifiedAt, known?.emailVerifiedAt]).toEqual([null, expect.any(Date)]);
    const notice = await mailbox.to(person.email, 2);
    expect(notice.subject).toBe('Your password was changed');
    const event = await fixture.service.connection
      .collection('outbox')
      .findOne({ 'event.type': 'arthemiz.person.password-changed.v1', 'event.tenantid': tenant._id });
    expect(event?.event.data).toMatchObject({ personId: person._id, how: 'reset' });
  });

  it('is written to in the language of the page where nobody knows theirs, and in theirs where it is known', async () => {
    const { person } = await newPerson();
    const browser = fixture.browser();
    browser.language = 'pt';
    await forget(person.email, browser);
    expect((await mailbox.to(person.email)).subject).toBe('Escolha uma nova senha');
    await fixture.models.Person.updateOne({ _id: person._id }, { $set: { language: 'en' } });
    await forget(person.email, browser);
    expect((await mailbox.to(person.email, 2)).subject).toBe('Choose a new password');
  });

  it('is told what is wrong with the new one', async () => {
    const { person } = await newPerson();
    const { browser } = await followLink(person.email);
    const page = await browser.submit({ password: 'passwordpassword', again: 'passwordpassword' });
    expect([page.status, page.text.includes('guessed first')]).toEqual([400, true]);
    expect((await browser.submit({ password: newPassword, again: newPassword })).status).toBe(200);
  });

  it('gets three links at most at a time, and using one ends the others', async () => {
    const { person } = await newPerson();
    for (let number = 1; number <= 4; number += 1) await forget(person.email);
    const { PasswordReset } = fixture.models;
    await eventually(async () => (await PasswordReset.countDocuments({ personId: person._id })) === 3);
    const links = await Promise.all(
      [1, 2, 3].map(async (number) => linkIn(await mailbox.to(person.email, number))),
    );
    const body = new URLSearchParams({ password: newPassword, again: newPassword });
    const answers = await Promise.all(
      links.map((link) => fixture.publicFetch(link.href, { method: 'POST', body })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
  });

  it('has half an hour', async () => {
    const { person } = await newPerson();
    const { browser, link } = await followLink(person.email);
    const [reset] = await fixture.models.PasswordReset.find({ personId: person._id }).lean();
    const minutes = ((reset?.expiresAt.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(29);
    expect(minutes).toBeLessThanOrEqual(30);
    await fixture.models.PasswordReset.updateOne({ _id: reset?._id }, { $set: { expiresAt: new Date() } });
    const late = await browser.submit({ password: newPassword, again: newPassword });
    expect(late.status).toBe(410);
    expect((await browser.open(link)).status).toBe(410);
  });
});

describe('a reset', () => {
  it('ends every session, every refresh token and every sign-in under way', async () => {
    const { person } = await newPerson();
    const { browser, config, tokens } = await signIn(fixture, person.email);
    const bystander = (await newPerson()).person;
    const other = await signIn(fixture, bystander.email);

    const link = await followLink(person.email);
    await link.browser.submit({ password: newPassword, again: newPassword });

    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toThrow();
    const { url } = await beginCodeFlow(fixture);
    expect((await browser.open(url)).text).toContain('<h1>Sign in</h1>');
    // Nobody else notices.
    await client.refreshTokenGrant(other.config, other.tokens.refresh_token ?? '');
  });

  it('ends a sign-in that had passed the old password and waits for the tenant', async () => {
    const tenants = [await fixture.tenant(), await fixture.tenant()];
    const person = await fixture.person({ tenants });
    const { browser, url } = await beginCodeFlow(fixture);
    await browser.open(url);
    expect((await browser.submit({ email: person.email, password })).text).toContain('Choose a tenant');
    const link = await followLink(person.email);
    await link.browser.submit({ password: newPassword, again: newPassword });
    expect((await browser.submit({ tenant: tenants[0]?._id ?? '' })).text).toContain('has expired');
  });
});

describe('asking for a link', () => {
  it('is answered the same for an address that nobody has, and mails nothing there', async () => {
    const { person } = await newPerson();
    const stranger = 'nobody-at-all@acme.test';
    const [known, unknown] = [await forget(person.email), await forget(stranger)];
    expect(unknown.status).toBe(known.status);
    expect(unknown.text.replaceAll(stranger, '')).toBe(known.text.replaceAll(person.email, ''));
    await mailbox.to(person.email);
    expect(mailbox.mails.map(({ to }) => to)).not.toContain(stranger);
  });

  it('is answered before anybody looks whether there is such an account', async () => {
    const { person } = await newPerson();
    // While the person is kept busy by another transaction, the answer comes all the same.
    const { Person } = fixture.models;
    const answered = await new Promise((resolve, reject) => {
      fixture.service
        .transaction(async () => {
          await Person.updateOne({ _id: person._id }, { $set: { displayName: 'Busy' } });
          resolve((await forget(person.email)).status);
        })
        .catch(reject);
    });
    expect(answered).toBe(200);
  });

  it('is slowed down, without keeping anybody from signing in', async () => {
    const { person } = await newPerson();
    // At once: one after the other, a slow machine waits long enough by itself.
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => forget(person.email)));
    expect(answers.map(({ status }) => status)).toContain(429);
    await signIn(fixture, person.email);
  });

  it('says so where no mails are sent', async () => {
    const silent = await startFixture();
    try {
      const page = await silent.browser().open(`${issuer}/password/forgotten`);
      expect([page.status, page.text.includes('sends no mails')]).toEqual([503, true]);
    } finally {
      await silent.stop();
    }
  });
});
