import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import { decodeJwt } from 'jose';
import { platformTenant } from '../tenants/rules.ts';
import {
  beginCodeFlow,
  exchange,
  explorerUrl,
  type Fixture,
  issuer,
  origin,
  password,
  startFixture,
} from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

async function openSignIn(more: Record<string, string> = {}) {
  const flow = await beginCodeFlow(fixture, more);
  return { flow, browser: flow.browser, page: await flow.browser.open(flow.url) };
}

async function newPerson() {
  const tenant = await fixture.tenant();
  return { tenant, person: await fixture.person({ tenants: [tenant] }) };
}

interface Told {
  tenantid: string;
  type: string;
  data: {
    personId: string | null;
    email: string;
    reason: string | null;
    ipAddress: string;
    clientId: string;
  };
}

/** Events of a sign-in attempt by its masked address, from the outbox. */
async function told(masked: string): Promise<Told[]> {
  const entries = await fixture.service.connection
    .collection('outbox')
    .find({ 'event.data.email': masked })
    .toArray();
  return entries.map(({ event }) => event as Told); // what the outbox holds are events
}

describe('the sign-in page', () => {
  it('names its fields for people, password managers and screen readers', async () => {
    const { page } = await openSignIn();
    expect(page.text).toMatch(/<html lang="en">/);
    expect(page.text).toMatch(/<label for="email">/);
    expect(page.text).toMatch(
      /<input id="email" name="email" type="email"[^>]*autocomplete="username"[^>]* autofocus>/,
    );
    expect(page.text).toMatch(/<label for="password">/);
    expect(page.text).toMatch(
      /<input id="password" name="password" type="password" autocomplete="current-password"/,
    );
    expect(page.text).toMatch(/prefers-color-scheme:dark/);
    expect(page.text.match(/<script[^>]*>[^<]*/g)).toEqual([
      '<script type="module" src="/auth/passkeys.js">',
    ]);
    expect(page.text).toMatch(/Explorer/);
  });

  it('is neither cached, framed, indexed nor open to scripts of others', async () => {
    const { page } = await openSignIn();
    const csp = page.headers.get('content-security-policy');
    expect(csp).toMatch(/default-src 'none'/);
    expect(csp).toMatch(/frame-ancestors 'none'/);
    expect(csp).toContain(`form-action 'self' ${origin}`);
    expect(csp).not.toMatch(/unsafe/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-robots-tag')).toBe('noindex');
  });

  it('fills in the address that the application knows, as text', async () => {
    const { page } = await openSignIn({ login_hint: '"><script>alert(1)</script>@acme.test' });
    expect(page.text).not.toMatch(/<script>/);
    expect(page.text).toMatch(/value="&#34;&#62;&#60;script/);
  });

  it('takes the person back with a refusal when they cancel', async () => {
    const { browser } = await openSignIn();
    const back = await browser.submit({ action: 'cancel' });
    expect(back.url.href.startsWith(explorerUrl)).toBe(true);
    expect(back.url.searchParams.get('error')).toBe('access_denied');
  });

  it('asks again for what is missing', async () => {
    const { browser } = await openSignIn();
    for (const fields of [
      { email: 'nobody', password },
      { email: 'a@b.test', password: '' },
      { email: 'a@b.test', password: 'x'.repeat(300) },
    ]) {
      const page = await browser.submit(fields);
      expect(page.status).toBe(400);
      expect(page.text).toMatch(/role="alert"/);
      expect(page.text).toMatch(/<title>Error: Sign in/);
    }
  });

  it('says the same to a wrong password and an unknown address', async () => {
    const { person } = await newPerson();
    const { browser } = await openSignIn();
    const wrong = await browser.submit({ email: person.email, password: 'wrong' });
    const unknown = await browser.submit({ email: 'nobody@acme.test', password: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    // A challenge is random, and so tells nothing.
    const comparable = (text: string) => text.replace(/challenge&#34;:&#34;[\w-]+/, '');
    expect(comparable(wrong.text).replace(person.email, '')).toBe(
      comparable(unknown.text).replace('nobody@acme.test', ''),
    );
    expect(wrong.text).not.toContain('value="wrong"');
  });

  it('answers HEAD and refuses other methods', async () => {
    const { page, browser } = await openSignIn();
    const cookie = browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const head = await fixture.publicFetch(page.url.href, { method: 'HEAD', headers: { cookie } });
    expect(head.status).toBe(200);
    const put = await fixture.publicFetch(page.url.href, { method: 'PUT' });
    expect(put.status).toBe(405);
    expect(put.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe('a form that our page did not send', () => {
  it('is refused without the token of the page', async () => {
    const { person } = await newPerson();
    const { browser } = await openSignIn();
    for (const csrf of ['', 'forged', 'x'.repeat(43)]) {
      const page = await browser.submit({ email: person.email, password, csrf });
      expect(page.status).toBe(400);
      expect(page.text).toMatch(/This sign-in has expired/);
      await browser.open(page.url);
    }
  });

  it('is refused without the cookie of the browser that began', async () => {
    const { page } = await openSignIn();
    const stranger = fixture.browser();
    const answer = await stranger.open(page.url);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/sign in again/);
  });

  it('is refused with the token of another sign-in', async () => {
    const [mine, other] = [await openSignIn(), await openSignIn()];
    const csrf = other.page.text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? '';
    expect((await mine.browser.submit({ email: 'a@b.test', password, csrf })).status).toBe(400);
  });

  it('is refused when it is no form or too large', async () => {
    const { page, browser } = await openSignIn();
    const cookie = browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const post = (body: string, contentType: string) =>
      fixture.publicFetch(page.url.href, {
        method: 'POST',
        body,
        headers: { cookie, 'content-type': contentType, 'accept-language': 'pt' },
      });
    expect((await post('{}', 'application/json')).status).toBe(400);
    const tooLarge = await post('x'.repeat(20_000), 'application/x-www-form-urlencoded');
    expect([tooLarge.status, (await tooLarge.text()).includes('<html lang="pt-BR">')]).toEqual([400, true]);
  });

  it('is refused once the sign-in is over', async () => {
    const { person } = await newPerson();
    const { browser, page } = await openSignIn();
    await browser.submit({ email: person.email, password });
    expect((await browser.open(page.url)).text).toMatch(/This sign-in has expired/);
  });
});

describe('a person of several tenants', () => {
  it('chooses the one that the tokens speak for', async () => {
    const tenants = [await fixture.tenant({ name: 'Acme' }), await fixture.tenant({ name: 'Globex & Co' })];
    const person = await fixture.person({ tenants });
    const { flow, browser } = await openSignIn();
    const choice = await browser.submit({ email: person.email, password });
    expect(choice.status).toBe(200);
    expect(choice.text).toMatch(/<legend>Tenant<\/legend>/);
    expect(choice.text).toContain('Globex &#38; Co');

    const none = await browser.submit({});
    expect(none.status).toBe(400);
    expect(none.text).toMatch(/role="alert"/);
    const foreign = await fixture.tenant();
    expect((await browser.submit({ tenant: foreign._id })).status).toBe(400);

    const back = await browser.submit({ tenant: tenants[1]?._id ?? '' });
    expect(decodeJwt((await exchange(flow, back)).access_token).tenant).toBe(tenants[1]?._id);
  });

  it('may go back and sign in as somebody else', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant(), await fixture.tenant()] });
    const other = await newPerson();
    const { flow, browser } = await openSignIn();
    await browser.submit({ email: person.email, password });
    const back = await browser.submit({ email: other.person.email, password });
    expect(decodeJwt((await exchange(flow, back)).access_token).sub).toBe(other.person._id);
  });

  it('is not signed in before they have chosen', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant(), await fixture.tenant()] });
    const { browser, page } = await openSignIn();
    await browser.submit({ email: person.email, password });
    const resumed = await browser.open(page.url.href.replace('/sign-in/', '/authorize/'));
    expect(resumed.url.searchParams.has('code')).toBe(false);
  });
});

describe('a person without a tenant', () => {
  it('is told whom to ask', async () => {
    const person = await fixture.person({ tenants: [] });
    const { browser } = await openSignIn();
    const page = await browser.submit({ email: person.email, password });
    expect(page.status).toBe(403);
    expect(page.text).toMatch(/Ask an administrator/);
  });
});

describe('a native program', () => {
  const redirect = 'http://127.0.0.1:51234/callback';

  it('is let in by a sign-in, at any port of the loopback', async () => {
    const { person } = await newPerson();
    const config = await fixture.configure('cli');
    const flow = await beginCodeFlow(fixture, { redirect_uri: redirect }, { config });
    await flow.browser.open(flow.url);
    const back = await flow.browser.submit({ email: person.email, password });
    expect(decodeJwt((await exchange(flow, back)).access_token).client_id).toBe('cli');
  });

  it('is let in by an earlier sign-in only when the person says so', async () => {
    const { person } = await newPerson();
    const { browser } = await openSignIn();
    await browser.submit({ email: person.email, password });
    const config = await fixture.configure('cli');
    const flow = await beginCodeFlow(fixture, { redirect_uri: redirect, prompt: '' }, { config, browser });
    flow.url.searchParams.delete('prompt');
    const page = await browser.open(flow.url);
    expect(page.text).toMatch(/Continue to Command line\?/);
    expect(page.headers.get('content-security-policy')).toContain('http://127.0.0.1:51234');
    const back = await browser.submit({ action: 'continue' });
    expect((await exchange(flow, back)).access_token).toBeDefined();
  });
});

describe('what is told of sign-ins', () => {
  it('is each success, to the tenant that was entered', async () => {
    const { person, tenant } = await newPerson();
    const { browser } = await openSignIn();
    await browser.submit({ email: person.email, password });
    const [event] = await told(`${person.email[0]}***@acme.test`).then((events) =>
      events.filter(({ data }) => data.personId === person._id),
    );
    expect(event).toMatchObject({
      type: 'arthemiz.sign-in.succeeded.v1',
      tenantid: tenant._id,
      data: { clientId: 'explorer', reason: null, ipAddress: expect.stringMatching(/^192\.0\.2\./) },
    });
  });

  it('is each failure, to every tenant of the person', async () => {
    const tenants = [await fixture.tenant(), await fixture.tenant()];
    const person = await fixture.person({ tenants, email: 'failing@told.test' });
    const { browser } = await openSignIn();
    await browser.submit({ email: person.email, password: 'wrong' });
    const events = await eventually(async () => {
      const found = await told('f***@told.test');
      return found.length === 2 && found;
    });
    expect(events.map(({ tenantid }) => tenantid).sort()).toEqual(tenants.map(({ _id }) => _id).sort());
    for (const { type, data } of events) {
      expect(type).toBe('arthemiz.sign-in.failed.v1');
      expect(data).toMatchObject({ personId: person._id, reason: 'wrong-password' });
    }
  });

  it('is a failure of nobody we know, to those who run the platform', async () => {
    const { browser } = await openSignIn();
    await browser.submit({ email: 'unknown@nobody.test', password: 'wrong' });
    const [event] = await eventually(async () => {
      const found = await told('u***@nobody.test');
      return found.length > 0 && found;
    });
    expect(event).toMatchObject({
      tenantid: platformTenant.id,
      data: { personId: null, reason: 'unknown-email' },
    });
  });

  it('never holds a whole address or a password', async () => {
    const { person } = await newPerson();
    const { browser } = await openSignIn();
    await browser.submit({ email: person.email, password });
    const outbox = JSON.stringify(
      await acrossTenants('a test reads all', () =>
        fixture.service.connection.collection('outbox').find().toArray(),
      ),
    );
    expect(outbox).not.toContain(person.email);
    expect(outbox).not.toContain(password);
  });
});

describe('guessing passwords', () => {
  it('has to wait longer and longer, also for the right one', async () => {
    const { person } = await newPerson();
    const { browser } = await openSignIn();
    for (let guess = 0; guess < 5; guess += 1) {
      expect((await browser.submit({ email: person.email, password: `guess ${guess}` })).status).toBe(401);
    }
    const waiting = await browser.submit({ email: person.email, password });
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get('retry-after'))).toBe(1);
    expect(waiting.text).toMatch(/too many attempts/);
  });

  it('has to wait for an address that nobody has in just the same way', async () => {
    const { browser } = await openSignIn();
    for (let guess = 0; guess < 5; guess += 1)
      await browser.submit({ email: 'ghost@acme.test', password: 'x' });
    const waiting = await browser.submit({ email: 'ghost@acme.test', password: 'x' });
    expect(waiting.status).toBe(429);
  });
});

describe('what operators see of sign-ins', () => {
  it('is a count by outcome', async () => {
    const count = async (outcome: string) => {
      const metric = await fixture.service.metrics.getSingleMetric('arthemiz_sign_ins_total')?.get();
      return metric?.values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
    };
    const outcomes = ['succeeded', 'wrong-password', 'unknown-email', 'throttled', 'no-tenant'];
    const before = await Promise.all(outcomes.map(count));
    const { person } = await newPerson();
    const nobody = await fixture.person({ tenants: [] });
    const { browser } = await openSignIn();
    await browser.submit({ email: person.email, password: 'wrong' });
    for (let guess = 0; guess < 6; guess += 1) {
      await browser.submit({ email: 'counted@nobody.test', password: 'wrong' });
    }
    await browser.submit({ email: person.email, password });
    await (await openSignIn()).browser.submit({ email: nobody.email, password });
    const after = await Promise.all(outcomes.map(count));
    expect(after.map((value, index) => value - (before[index] ?? 0))).toEqual([1, 1, 5, 1, 1]);
  });
});

describe('a request that belongs to no sign-in', () => {
  it('is answered with what to do', async () => {
    const answer = await fixture.browser().open(`${issuer}/sign-in/unknown`);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/sign in again/);
  });
});
