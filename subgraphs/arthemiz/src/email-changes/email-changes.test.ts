// A person's address: showing that it is theirs, and changing it.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing/eventually';
import * as client from 'openid-client';
import type { PersonRow } from '../people/model.ts';
import type { Browser } from '../testing/browser.ts';
import { type Fixture, issuer, password, signIn, startFixture } from '../testing/fixture.ts';
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

const profile = `${issuer}/account/profile`;
const changePage = `${issuer}/account/change-email`;
let sequence = 0;
const newAddress = () => {
  sequence += 1;
  return `moved-${sequence}@acme.test`;
};

async function somebody() {
  const tenant = await fixture.tenant();
  const person = await fixture.person({ tenants: [tenant] });
  return { tenant, person, ...(await signIn(fixture, person.email)) };
}

async function askFor(to: string, browser: Browser) {
  await browser.open(changePage);
  return browser.submit({ password, email: to });
}

/** Somebody who asked for another address, and the link that was mailed there. */
async function asked(to = newAddress()) {
  const who = await somebody();
  await askFor(to, who.browser);
  return { ...who, to, link: linkIn(await mailbox.to(to)) };
}

const now = ({ _id }: PersonRow) => fixture.models.Person.findOne({ _id }).orFail().lean();
const told = (type: string, { _id }: PersonRow) =>
  fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.subject': _id })
    .toArray();

describe('changing the address', () => {
  it('takes the password and a link that was mailed there, is told to all concerned, and ends no session', async () => {
    const { tenant, person, browser, config, tokens, to, link } = await asked();
    expect((await mailbox.to(person.email)).subject).toBe('Your e-mail address is about to change');
    const page = await browser.open(link);
    expect(page.text).toContain(`From then on you sign in by ${to} in place of ${person.email}.`);
    expect(await now(person)).toMatchObject({ email: person.email, emailVerifiedAt: null });

    const done = await browser.submit();
    expect([done.url.pathname, done.text.includes('Saved.')]).toEqual(['/auth/account/profile', true]);
    expect(await now(person)).toMatchObject({ email: to, emailVerifiedAt: expect.any(Date) });
    const notice = await mailbox.to(person.email, 2);
    expect(notice.subject).toBe('Your e-mail address was changed');
    expect(notice.text).not.toContain(to);
    expect((await told('arthemiz.person.email-changed.v1', person)).map(({ event }) => event)).toMatchObject([
      {
        tenantid: tenant._id,
        data: {
          personId: person._id,
          email: 'm***@acme.test',
          previousEmail: expect.stringContaining('***'),
        },
      },
    ]);
    await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect((await browser.open(link)).status).toBe(410);
    await signIn(fixture, to);
    await expect(signIn(fixture, person.email)).rejects.toThrow();
  });

  it('is refused without the password, and to what is no other address', async () => {
    const { person, browser } = await somebody();
    await browser.open(changePage);
    for (const [given, status, message] of [
      [{ password: 'not the password at all' }, 401, 'did not work'],
      [{ email: 'nowhere' }, 400, 'Enter the new e-mail address.'],
      [{ email: person.email.toUpperCase() }, 400, 'your address already'],
    ] as const) {
      const page = await browser.submit({ password, email: 'elsewhere@acme.test', ...given });
      expect([page.status, page.text.includes(message)]).toEqual([status, true]);
    }
    expect(await fixture.models.EmailChange.countDocuments({ personId: person._id })).toBe(0);
  });

  it('asks who follows the link to sign in, and keeps nothing of it that lets anybody confirm', async () => {
    const { person, link, to } = await asked();
    const elsewhere = fixture.browser();
    expect((await elsewhere.open(link)).text).toContain('<h1>Sign in</h1>');
    const secret = link.searchParams.get('link') ?? '';
    const { connection } = fixture.service;
    const stored = await Promise.all(
      ['emailchanges', 'mails', 'oidcartifacts', 'outbox'].map((name) =>
        connection.collection<{ _id: string }>(name).find().toArray(),
      ),
    );
    // The sign-in that has just begun is among them.
    expect(stored[2]?.some(({ _id }) => _id.startsWith('Interaction'))).toBe(true);
    expect(JSON.stringify(stored)).not.toContain(secret);

    const page = await elsewhere.submit({ email: person.email, password });
    expect(page.url.href).toBe(link.href);
    await elsewhere.submit();
    expect((await now(person)).email).toBe(to);
  });

  it('is not done by somebody else who reads the mail, signed in to their own account', async () => {
    const { person, link } = await asked();
    const { browser } = await somebody();
    const page = await browser.open(link);
    expect([page.status, page.text.includes(person.email)]).toEqual([410, false]);
    const csrf = (await browser.open(profile)).text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? '';
    const cookie = browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const posted = await fixture.publicFetch(link.href, {
      ...{ method: 'POST', headers: { cookie }, body: new URLSearchParams({ csrf }) },
    });
    expect(posted.status).toBe(410);
    expect((await now(person)).email).toBe(person.email);
  });

  it('tells nobody but the mailbox that somebody has the address', async () => {
    const { person: holder } = await somebody();
    const { person, browser } = await somebody();
    const free = newAddress();
    const [answer, same] = [await askFor(free, browser), await askFor(holder.email, browser)];
    expect(same.text.replaceAll(holder.email, '')).toBe(answer.text.replaceAll(free, ''));
    const mail = await mailbox.to(holder.email);
    expect([mail.subject, mail.text.includes('confirm-email')]).toEqual([
      'You have an account already',
      false,
    ]);
    // What is mailed to the own address is the same as well.
    const notices = await Promise.all([1, 2].map((number) => mailbox.to(person.email, number)));
    expect(new Set(notices.map(({ subject }) => subject)).size).toBe(1);
  });

  it('gives an address to one of two who confirm it at once, and tells of it once', async () => {
    const to = newAddress();
    const first = await asked(to);
    const second = await somebody();
    await askFor(to, second.browser);
    const link = linkIn(await mailbox.to(to, 2));
    await first.browser.open(first.link);
    await second.browser.open(link);
    const ends = await Promise.all([
      ...[1, 2, 3].map(() => first.browser.submit()),
      ...[1, 2, 3].map(() => second.browser.submit()),
    ]);
    const paths = ends.map(({ url }) => url.pathname);
    expect(paths.filter((path) => path === '/auth/account/profile')).toHaveLength(1);
    const people = [await now(first.person), await now(second.person)];
    expect(people.filter(({ email }) => email === to)).toHaveLength(1);
    const events = await Promise.all(
      people.map((person) => told('arthemiz.person.email-changed.v1', person)),
    );
    expect(events.flat()).toHaveLength(1);
  });

  it('is not done where somebody has made an account by the address meanwhile', async () => {
    const { person, browser, link, to } = await asked();
    await fixture.person({ tenants: [], email: to });
    await browser.open(link);
    const refused = await browser.submit();
    expect([refused.status, refused.text.includes('Somebody has an account')]).toEqual([409, true]);
    expect(await now(person)).toMatchObject({ email: person.email, emailVerifiedAt: null });
  });

  it('ends the links for a new password at the old address, and ends with another password', async () => {
    const moving = await asked();
    const forgetful = fixture.browser();
    await forgetful.open(`${issuer}/password/forgotten`);
    await forgetful.submit({ email: moving.person.email });
    const reset = linkIn(await mailbox.to(moving.person.email, 2));
    await moving.browser.open(moving.link);
    await moving.browser.submit();
    expect((await forgetful.open(reset)).status).toBe(410);

    const { browser, link, person } = await asked();
    await browser.open(`${issuer}/account/security/change-password`);
    const chosen = 'seven purple teapots';
    await browser.submit({ password, 'new-password': chosen, again: chosen });
    expect((await browser.open(link)).status).toBe(410);
    expect((await now(person)).email).toBe(person.email);
  });

  it('has an hour, and three links at a time', async () => {
    const { browser, link, person } = await asked();
    const mine = { personId: person._id };
    const [change] = await fixture.models.EmailChange.find(mine).lean();
    const minutes = ((change?.expiresAt.getTime() ?? 0) - Date.now()) / 60_000;
    expect([minutes > 59, minutes <= 60]).toEqual([true, true]);
    for (const count of [2, 3]) {
      expect((await askFor(newAddress(), browser)).status).toBe(200);
      await eventually(async () => (await fixture.models.EmailChange.countDocuments(mine)) === count);
    }
    expect((await askFor(newAddress(), browser)).status).toBe(429);
    await fixture.models.EmailChange.updateMany(mine, { $set: { expiresAt: new Date() } });
    expect((await browser.open(link)).status).toBe(410);
  });
});

describe('the profile', () => {
  it('mails a link by which somebody shows that the address they have is theirs', async () => {
    const { browser, person } = await somebody();
    expect((await browser.open(profile)).text).toContain('Not confirmed yet.');
    await browser.submit({ action: 'verify' });
    await browser.open(linkIn(await mailbox.to(person.email)));
    const done = await browser.submit();
    expect(done.text).toContain('Confirmed 2');
    expect(done.text).not.toContain('Not confirmed yet.');
    expect(await now(person)).toMatchObject({ email: person.email, emailVerifiedAt: expect.any(Date) });
    expect(await told('arthemiz.person.email-changed.v1', person)).toEqual([]);
  });

  it('changes what somebody is called, which their tenants hear without the name, and the language', async () => {
    const { browser, person, tenant } = await somebody();
    await browser.open(profile);
    const refused = await browser.submit({ name: ' ', language: 'pt' });
    expect([refused.status, refused.text.includes('1 to 100 characters')]).toEqual([400, true]);
    const saved = await browser.submit({ name: ' Nora <b>Nowak</b> ', language: 'pt' });
    // The browser asks for English all the same.
    expect(saved.text).toContain('<html lang="pt-BR">');
    expect(saved.text).not.toContain('<b>Nowak');
    await browser.submit({ name: 'Nora <b>Nowak</b>', language: 'pt' });
    expect(await now(person)).toMatchObject({ displayName: 'Nora <b>Nowak</b>', language: 'pt' });
    expect((await told('arthemiz.person.renamed.v1', person)).map(({ event }) => event)).toMatchObject([
      { tenantid: tenant._id, data: { personId: person._id } },
    ]);
    await browser.submit({ action: 'verify' });
    expect((await mailbox.to(person.email)).subject).toBe('Confirme seu endereço de e-mail');
  });
});
