// The pages on which people see and change how they sign in.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PersonRow } from '../../people/model.ts';
import { Authenticator, enrolApp } from '../../testing/authenticator.ts';
import type { Browser, Visit } from '../../testing/browser.ts';
import { beginCodeFlow, type Fixture, issuer, password, startFixture } from '../../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const security = `${issuer}/account/security`;

/** A person's browser on the overview. */
async function visitAs(person: PersonRow, factor: Record<string, string> = {}) {
  const browser = fixture.browser();
  await browser.open(security);
  let page = await browser.submit({ email: person.email, password });
  if (Object.keys(factor).length > 0) page = await browser.submit(factor);
  return { browser, page };
}

async function newPerson(tenants = 1) {
  const all = await Promise.all(Array.from({ length: tenants }, () => fixture.tenant()));
  return { tenants: all, person: await fixture.person({ tenants: all }) };
}

/** The app that scans the page's key. */
const scan = ({ text }: Visit) =>
  new Authenticator(text.match(/<code class="secret">([A-Z2-7 ]+)<\/code>/)?.[1] ?? '');
const codesOn = ({ text }: Visit) =>
  [...text.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, code]) => code ?? '');

async function told(type: string, person: PersonRow) {
  const entries = await fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.subject': person._id })
    .toArray();
  return entries.map(({ event }) => event);
}

/** Confirms by the app's code, once more where a step ended in between. */
async function confirm(browser: Browser, app: Authenticator): Promise<Visit> {
  const page = await browser.submit({ code: app.next() });
  return page.status === 401 ? browser.submit({ code: app.next() }) : page;
}

describe('the security page', () => {
  it('has people sign in first, and comes back', async () => {
    const { person } = await newPerson();
    const { page } = await visitAs(person);
    expect(page.url.href).toBe(security);
    expect(page.text).toContain(person.email);
    expect(page.text).toMatch(/Add an authenticator app/);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.text).not.toMatch(/<script/);
  });

  it('is not a way around the second factor', async () => {
    const { person } = await newPerson();
    await enrolApp(fixture, person);
    const { browser, page } = await visitAs(person);
    expect(page.text).toMatch(/Confirm that it is you/);
    expect((await browser.open(`${security}/remove-app`)).text).toMatch(/<h1>Sign in/);
  });

  it('says so when the sign-in was cancelled, instead of asking for ever', async () => {
    const browser = fixture.browser();
    await browser.open(security);
    const page = await browser.submit({ action: 'cancel' });
    expect(page.status).toBe(403);
    expect(page.text).toMatch(/You are not signed in/);
  });

  it('has no pages but its own', async () => {
    const answer = await fixture.publicFetch(`${security}/nothing`);
    expect(answer.status).toBe(404);
    expect((await fixture.publicFetch(security, { method: 'PUT' })).status).toBe(405);
  });
});

describe('adding an authenticator app', () => {
  it('shows the key as a picture and as text, and recovery codes after a right code', async () => {
    const { person, tenants } = await newPerson(2);
    const browser = fixture.browser();
    await browser.open(security);
    await browser.submit({ email: person.email, password });
    await browser.submit({ tenant: tenants[0]?._id ?? '' });
    await browser.open(`${security}/add-app`);
    const page = await browser.submit({ password });
    expect(page.text).toMatch(/role="img" aria-label="[^"]+"><svg /);
    const app = scan(page);

    const wrong = await browser.submit({ code: app.wrong() });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toMatch(/role="alert"/);
    const done = await confirm(browser, app);
    expect(codesOn(done)).toHaveLength(10);
    expect(new Set(codesOn(done)).size).toBe(10);
    expect((await browser.open(security)).text).toMatch(/10 left/);

    const events = await told('arthemiz.second-factor.added.v1', person);
    expect(events.map(({ tenantid }) => tenantid).sort()).toEqual(tenants.map(({ _id }) => _id).sort());
    expect(events[0]?.data).toMatchObject({
      personId: person._id,
      kind: 'authenticator-app',
      ipAddress: expect.stringMatching(/^192\.0\.2\./),
    });
    expect(JSON.stringify(events)).not.toContain(person.email);
  });

  it('is for who knows the password', async () => {
    const { person } = await newPerson();
    const { browser } = await visitAs(person);
    await browser.open(`${security}/add-app`);
    const wrong = await browser.submit({ password: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(wrong.text).not.toMatch(/<svg/);
    expect((await browser.submit({ password: '' })).status).toBe(400);
  });

  it('takes no key that was shown to somebody else', async () => {
    const [mine, other] = [await newPerson(), await newPerson()];
    const thief = await visitAs(other.person);
    await thief.browser.open(`${security}/add-app`);
    const shown = await thief.browser.submit({ password });
    const { browser } = await visitAs(mine.person);
    await browser.open(`${security}/add-app`);
    await browser.submit({ password });
    const pending = shown.text.match(/name="pending" value="([^"]*)"/)?.[1] ?? '';
    expect((await browser.submit({ pending, code: scan(shown).next() })).status).toBe(400);
    expect((await browser.open(security)).text).toMatch(/Add an authenticator app/);
  });

  it('is refused to forms that our page did not send', async () => {
    const { person } = await newPerson();
    const { browser } = await visitAs(person);
    await browser.open(`${security}/add-app`);
    const page = await browser.submit({ password, csrf: 'forged' });
    expect(page.status).toBe(400);
    expect(page.text).not.toMatch(/<svg/);
  });

  it('keeps neither the key nor a recovery code as it is', async () => {
    const { person } = await newPerson();
    const { browser } = await visitAs(person);
    await browser.open(`${security}/add-app`);
    const page = await browser.submit({ password });
    const key = (page.text.match(/<code class="secret">([^<]+)/)?.[1] ?? '').replaceAll(' ', '');
    const codes = codesOn(await confirm(browser, scan(page)));
    const { AuthenticatorApp, RecoveryCodes } = fixture.models;
    const stored = JSON.stringify([await AuthenticatorApp.find().lean(), await RecoveryCodes.find().lean()]);
    expect(key).toHaveLength(32);
    for (const secret of [key, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
      expect(stored).not.toContain(secret);
    }
  });
});

describe('removing an authenticator app', () => {
  it('takes the password and a code, and is told', async () => {
    const { person, tenants } = await newPerson();
    const { app } = await enrolApp(fixture, person);
    const { browser } = await visitAs(person, { code: app.present() });
    await browser.open(`${security}/remove-app`);
    expect((await browser.submit({ password })).status).toBe(400);
    expect((await browser.submit({ password, code: app.wrong() })).status).toBe(401);
    expect((await browser.submit({ password: 'wrong', code: app.wrong() })).status).toBe(401);
    expect((await browser.open(security)).text).toMatch(/Remove the authenticator app/);

    await browser.open(`${security}/remove-app`);
    const page = await browser.submit({ password, code: app.next() });
    expect(page.url.href).toBe(security);
    expect(page.text).toMatch(/Add an authenticator app/);
    const [event, ...more] = await told('arthemiz.second-factor.removed.v1', person);
    expect(more).toEqual([]);
    expect(event).toMatchObject({ tenantid: tenants[0]?._id, data: { kind: 'authenticator-app' } });
    expect(await fixture.models.RecoveryCodes.findOne({ _id: person._id })).toBeNull();
  });

  it('works with a recovery code when the app is lost, and lets the password alone in from then on', async () => {
    const { person } = await newPerson();
    const { recoveryCodes } = await enrolApp(fixture, person);
    const { browser } = await visitAs(person, { recovery: recoveryCodes[0] ?? '' });
    await browser.open(`${security}/remove-app`);
    await browser.submit({ password, recovery: recoveryCodes[1] ?? '' });
    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    expect((await flow.browser.submit({ email: person.email, password })).url.searchParams.has('code')).toBe(
      true,
    );
  });
});

describe('new recovery codes', () => {
  it('replace those of before', async () => {
    const { person } = await newPerson();
    const { app, recoveryCodes: before } = await enrolApp(fixture, person);
    const { browser } = await visitAs(person, { code: app.present() });
    await browser.open(`${security}/recovery-codes`);
    const after = codesOn(await browser.submit({ password, code: app.next() }));
    expect(after).toHaveLength(10);
    expect(after.some((code) => before.includes(code))).toBe(false);

    const flow = await beginCodeFlow(fixture);
    await flow.browser.open(flow.url);
    await flow.browser.submit({ email: person.email, password });
    expect((await flow.browser.submit({ recovery: before[0] ?? '' })).status).toBe(401);
    expect((await flow.browser.submit({ recovery: after[0] ?? '' })).url.searchParams.has('code')).toBe(true);
  });

  it('are for those who have a second factor', async () => {
    const { person } = await newPerson();
    const { browser } = await visitAs(person);
    expect((await browser.open(`${security}/recovery-codes`)).url.href).toBe(security);
  });
});
