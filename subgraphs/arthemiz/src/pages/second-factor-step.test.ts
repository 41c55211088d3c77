// Signing in with an authenticator app or a recovery code after the password.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { changePassword } from '../passwords/changing.ts';
import { checkSecondFactor } from '../second-factors/checking.ts';
import { enrolApp } from '../testing/authenticator.ts';
import {
  beginCodeFlow,
  exchange,
  explorerUrl,
  type Fixture,
  password,
  startFixture,
} from '../testing/fixture.ts';
import { type Mailbox, startMailbox } from '../testing/mailbox.ts';

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

async function protectedPerson(given: { tenants?: number; email?: string } = {}) {
  const tenants = await Promise.all(Array.from({ length: given.tenants ?? 1 }, () => fixture.tenant()));
  const person = await fixture.person({
    tenants,
    ...(given.email === undefined ? {} : { email: given.email }),
  });
  return { person, tenants, ...(await enrolApp(fixture, person)) };
}

/** A sign-in that waits for the second factor. */
async function afterPassword(email: string) {
  const flow = await beginCodeFlow(fixture);
  await flow.browser.open(flow.url);
  const page = await flow.browser.submit({ email, password });
  return { flow, browser: flow.browser, page };
}

const isIn = ({ url }: { url: URL }) => url.searchParams.has('code');

describe('a person with an authenticator app', () => {
  it('is asked for a code after the password, and tokens say how they signed in', async () => {
    const { person, app } = await protectedPerson();
    const before = Math.floor(Date.now() / 1000);
    const { flow, browser, page } = await afterPassword(person.email);
    expect(page.status).toBe(200);
    expect(page.text).toMatch(/<label for="code">/);
    expect(page.text).toMatch(/autocomplete="one-time-code"[^>]* autofocus>/);

    const tokens = await exchange(flow, await browser.submit({ code: app.next() }));
    const refreshed = await client.refreshTokenGrant(flow.config, tokens.refresh_token ?? '');
    for (const token of [tokens.access_token, tokens.id_token, refreshed.access_token, refreshed.id_token]) {
      const claims = decodeJwt(token ?? '');
      expect(claims).toMatchObject({ sub: person._id, amr: ['pwd', 'otp', 'mfa'], acr: 'aal2' });
      expect(claims.auth_time).toBeGreaterThanOrEqual(before);
    }
  });

  it('is asked for their tenant after that', async () => {
    const { person, app, tenants } = await protectedPerson({ tenants: 2 });
    const { flow, browser } = await afterPassword(person.email);
    // The answer to a later question does not stand in for this one.
    expect((await browser.submit({ tenant: tenants[0]?._id ?? '' })).text).toMatch(/<label for="code">/);
    expect((await browser.submit({ code: app.next() })).text).toMatch(/<legend>Tenant/);
    const back = await browser.submit({ tenant: tenants[1]?._id ?? '' });
    const claims = decodeJwt((await exchange(flow, back)).access_token);
    expect(claims).toMatchObject({ tenant: tenants[1]?._id, acr: 'aal2' });
  });

  it('is not signed in without the code, whichever way they turn', async () => {
    const { person, app } = await protectedPerson();
    const { browser, page } = await afterPassword(person.email);
    const resumed = await browser.open(page.url.href.replace('/sign-in/', '/authorize/'));
    expect(isIn(resumed)).toBe(false);
    const again = await afterPassword(person.email);
    for (const code of ['', ' ', app.wrong(), 'x'.repeat(5_000)]) {
      const refused = await again.browser.submit({ code });
      expect([400, 401]).toContain(refused.status);
      expect(refused.text).toMatch(/role="alert"/);
    }
  });

  it('uses each code once, also when two browsers send it at the same moment', async () => {
    const { person, app } = await protectedPerson();
    const [one, two] = [await afterPassword(person.email), await afterPassword(person.email)];
    const code = app.present();
    const visits = await Promise.all([one.browser.submit({ code }), two.browser.submit({ code })]);
    expect(visits.map(isIn).sort()).toEqual([false, true]);
    const later = await afterPassword(person.email);
    expect((await later.browser.submit({ code })).status).toBe(401);
    expect(isIn(await later.browser.submit({ code: app.next() }))).toBe(true);
  });

  it('cannot use a code that was shown before the one used last', async () => {
    const { person, app } = await protectedPerson();
    const [one, two] = [await afterPassword(person.email), await afterPassword(person.email)];
    const [earlier, later] = [app.present(), app.next()];
    expect(isIn(await one.browser.submit({ code: later }))).toBe(true);
    expect((await two.browser.submit({ code: earlier })).status).toBe(401);
  });

  it('may go back and sign in as somebody else', async () => {
    const { person } = await protectedPerson();
    const other = await fixture.person({ tenants: [await fixture.tenant()] });
    const { flow, browser } = await afterPassword(person.email);
    const back = await browser.submit({ email: other.email, password });
    const claims = decodeJwt((await exchange(flow, back)).access_token);
    expect(claims).toMatchObject({ sub: other._id, amr: ['pwd'], acr: 'aal1' });
  });
});

describe('a recovery code', () => {
  it('lets its person in, once', async () => {
    const { person, recoveryCodes } = await protectedPerson();
    const [code = ''] = recoveryCodes;
    const { flow, browser } = await afterPassword(person.email);
    const back = await browser.submit({ recovery: code.toLowerCase().replaceAll('-', ' ') });
    const { access_token: token } = await exchange(flow, back);
    expect(decodeJwt(token)).toMatchObject({ sub: person._id, amr: ['pwd', 'mfa'], acr: 'aal2' });
    const again = await afterPassword(person.email);
    expect((await again.browser.submit({ recovery: code })).status).toBe(401);
  });

  it('lets nobody else in', async () => {
    const [mine, other] = [await protectedPerson(), await protectedPerson()];
    const { browser } = await afterPassword(mine.person.email);
    expect((await browser.submit({ recovery: other.recoveryCodes[0] ?? '' })).status).toBe(401);
  });
});

describe('somebody who guesses', () => {
  it('learns from a wrong password nothing about second factors', async () => {
    const { person } = await protectedPerson();
    const bare = await fixture.person({ tenants: [await fixture.tenant()] });
    const answers = [];
    for (const { email } of [person, bare]) {
      const flow = await beginCodeFlow(fixture);
      await flow.browser.open(flow.url);
      const { status, text } = await flow.browser.submit({ email, password: 'wrong' });
      const random = /name="csrf" value="[^"]*"|challenge&#34;:&#34;[\w-]+/g;
      answers.push({ status, text: text.replaceAll(email, '').replace(random, '') });
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it('has to wait longer and longer, whether or not they know the password', async () => {
    const { person, app } = await protectedPerson();
    for (let guess = 0; guess < 4; guess += 1) {
      // The right password, each time, takes no guess back.
      const { browser } = await afterPassword(person.email);
      expect((await browser.submit({ code: app.wrong() })).status).toBe(401);
    }
    const [fifth, sixth] = [await afterPassword(person.email), await afterPassword(person.email)];
    const codes = [app.wrong(), app.present()];
    expect((await fifth.browser.submit({ code: codes[0] ?? '' })).status).toBe(401);
    const waiting = await sixth.browser.submit({ code: codes[1] ?? '' });
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is told of to the person, and gets a hundred codes in a row, until there is another password', async () => {
    const { person, app, recoveryCodes } = await protectedPerson();
    const personId = person._id;
    const guess = (code = app.wrong()) =>
      checkSecondFactor(fixture.service, { personId, code, ipAddress: null });
    const endWaits = () =>
      fixture.models.SignInAttempt.updateMany({}, { $set: { blockedUntil: new Date(Date.now() - 1) } });
    for (let count = 1; count <= 100; count += 1) {
      await endWaits();
      expect(await guess()).toEqual({ isRight: false, reason: 'wrong-second-factor' });
    }
    const right = app.present();
    expect(await guess(right)).toMatchObject({ reason: 'throttled', isLocked: true });
    const { flow, browser } = await afterPassword(person.email);
    const refused = await browser.submit({ code: right });
    expect(refused.status).toBe(429);
    expect(refused.text).toMatch(/no more are taken/);
    // Whoever guesses keeps their person out of nothing.
    await exchange(flow, await browser.submit({ recovery: recoveryCodes[0] ?? '' }));
    for (const [number, codes] of [10, 100].entries()) {
      const mail = await mailbox.to(person.email, number + 1);
      expect(mail.subject).toBe('Somebody may know your password');
      expect(mail.text).toContain(`${codes} wrong codes`);
    }
    const change = { person, how: 'reset', ipAddress: null, userAgent: null } as const;
    await changePassword(fixture.service, { ...change, password: 'seven purple teapots' });
    expect(await guess(app.next())).toMatchObject({ isRight: true });
  });

  it('is told of to the tenants of the person', async () => {
    const { person, tenants, app } = await protectedPerson({ tenants: 2, email: 'guessed@factors.test' });
    const { browser } = await afterPassword(person.email);
    await browser.submit({ code: app.wrong() });
    const events = await eventually(async () => {
      const found = await fixture.service.connection
        .collection('outbox')
        .find({ 'event.type': 'arthemiz.sign-in.failed.v1', 'event.subject': person._id })
        .toArray();
      return found.length === 2 && found.map(({ event }) => event);
    });
    expect(events.map(({ tenantid }) => tenantid).sort()).toEqual(tenants.map(({ _id }) => _id).sort());
    expect(events[0]?.data).toMatchObject({ reason: 'wrong-second-factor', email: 'g***@factors.test' });
  });
});

describe('a person without a second factor', () => {
  it('signs in as before, and tokens say that it was by password alone', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const { flow, page } = await afterPassword(person.email);
    expect(page.url.href.startsWith(explorerUrl)).toBe(true);
    const { access_token: token } = await exchange(flow, page);
    expect(decodeJwt(token)).toMatchObject({ amr: ['pwd'], acr: 'aal1' });
  });
});
