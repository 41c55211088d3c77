// Passkeys in a real Chromium with its virtual authenticator.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { decodeJwt } from 'jose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { issueChallenge, takeChallenge } from '../passkeys/challenges.ts';
import type { PersonRow } from '../people/model.ts';
import { Device, launchChromium, publicEnvironment } from '../testing/chromium.ts';
import { type Fixture, password, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
let chromium: Browser;
let origin: string;
const contexts: BrowserContext[] = [];
beforeAll(async () => {
  const environment = await publicEnvironment();
  origin = environment.origin;
  [fixture, chromium] = await Promise.all([startFixture(environment.extra), launchChromium()]);
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(async () => {
  await chromium?.close();
  await fixture?.stop();
});

const security = () => `${origin}/auth/account/security`;
const newPerson = async () => fixture.person({ tenants: [await fixture.tenant()] });

async function newContext(options: { javaScriptEnabled?: boolean } = {}): Promise<BrowserContext> {
  const context = await chromium.newContext(options);
  contexts.push(context);
  return context;
}

async function typePassword(page: Page, { email }: PersonRow): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Signs in by password and adds a passkey. */
async function addPasskey(page: Page, person: PersonRow): Promise<void> {
  await page.goto(security());
  await typePassword(page, person);
  await page.getByRole('link', { name: 'Add a passkey' }).click();
  await page.getByLabel('Your password').fill(password);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('What you call it').fill('Laptop');
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
}

async function personWithPasskey() {
  const context = await newContext();
  const device = await Device.open(context);
  const person = await newPerson();
  await addPasskey(device.page, person);
  await context.clearCookies();
  return { context, device, page: device.page, person };
}

/** Begins to sign in to the explorer; what comes back there is exchanged for an access token's claims. */
async function beginSignIn(page: Page) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters = new URLSearchParams({
    client_id: 'explorer',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${origin}/explorer/`,
    resource: `${origin}/graphql`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  await page.goto(`${origin}/auth/authorize?${parameters}`);
  return {
    async claims() {
      await page.waitForURL(/\/explorer\/\?.*code=/);
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'explorer',
        code: new URL(page.url()).searchParams.get('code') ?? '',
        redirect_uri: `${origin}/explorer/`,
        code_verifier: verifier,
      });
      const answer = await fetch(`${origin}/auth/token`, { method: 'POST', body });
      const { access_token: token } = (await answer.json()) as { access_token: string }; // the token endpoint's answer
      return decodeJwt(token);
    },
  };
}

const refusal = (page: Page) => page.getByText('That passkey did not work');

async function told(person: PersonRow, type: string) {
  const entries = await fixture.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.subject': person._id })
    .toArray();
  return entries.map(({ event }) => event.data);
}

describe('a passkey', () => {
  it('signs its person in without a password, after they verified themselves', async () => {
    const { page, person } = await personWithPasskey();
    const { claims } = await beginSignIn(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    expect(await claims()).toMatchObject({ sub: person._id, acr: 'aal2', amr: ['hwk', 'user', 'mfa'] });
    expect(await told(person, 'arthemiz.second-factor.added.v1')).toMatchObject([{ kind: 'passkey' }]);
  });

  it('is asked for after the password too, and nobody gets past it', async () => {
    const { page, person } = await personWithPasskey();
    const { claims } = await beginSignIn(page);
    await typePassword(page, person);
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Enter a code.').waitFor();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    expect(await claims()).toMatchObject({ sub: person._id, amr: ['pwd', 'hwk', 'user', 'mfa'] });
  });

  it('is not used by somebody whom the device does not recognize, who may go on without it', async () => {
    const { page, person, device } = await personWithPasskey();
    await device.setPerson({ isRecognized: false });
    await beginSignIn(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('The passkey was not used.').waitFor();
    await typePassword(page, person);
    await page.getByRole('heading', { name: 'Confirm that it is you' }).waitFor();
  });

  it('is refused when its counter went back, as a copy’s does', async () => {
    const { page, person, device } = await personWithPasskey();
    const { claims } = await beginSignIn(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await claims();
    await page.context().clearCookies();
    await device.goBackTo(0);
    await beginSignIn(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await refusal(page).waitFor();
    await eventually(async () => {
      const failures = await told(person, 'arthemiz.sign-in.failed.v1');
      return failures.some(({ reason }) => reason === 'wrong-passkey');
    });
  });

  it('gives an answer that is worth nothing in another sign-in', async () => {
    const { page, person } = await personWithPasskey();
    const { claims } = await beginSignIn(page);
    const sent = page.waitForRequest((request) => request.postData()?.includes('authenticatorData') ?? false);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    const recorded = new URLSearchParams((await sent).postData() ?? '').get('credential') ?? '';
    await claims();
    // As of a passkey in a keychain, which counts nothing: the counter is not what refuses it.
    await fixture.models.Passkey.updateOne({ personId: person._id }, { $set: { counter: 0 } });
    await page.context().clearCookies();
    await beginSignIn(page);
    await page.evaluate((credential) => {
      const field = document.querySelector<HTMLInputElement>('input[name=credential]');
      if (field === null) return;
      field.value = credential;
      field.form?.submit();
    }, recorded);
    await refusal(page).waitFor();
  });

  it('answers a challenge once, and for nothing but what it was made for', async () => {
    const { service } = fixture;
    const challenge = Buffer.from(await issueChallenge(service, 'one')).toString('base64url');
    expect(await takeChallenge(service, { challenge, purpose: 'other' })).toBe(false);
    const takes = Array.from({ length: 20 }, () => takeChallenge(service, { challenge, purpose: 'one' }));
    expect((await Promise.all(takes)).filter(Boolean)).toHaveLength(1);
  });

  it('is no second factor for somebody else', async () => {
    const { page, device } = await personWithPasskey();
    const [mine] = await device.passkeys();
    const victim = await newPerson();
    const other = await Device.open(await newContext());
    await addPasskey(other.page, victim);
    // Somebody who knows the victim's password offers a passkey of their own.
    await beginSignIn(page);
    await typePassword(page, victim);
    const button = page.getByRole('button', { name: 'Use a passkey' });
    await button.evaluate(
      (element, id) => {
        const options = JSON.parse(element.dataset.options ?? '{}');
        element.dataset.options = JSON.stringify({
          ...options,
          allowCredentials: [{ id, type: 'public-key' }],
        });
      },
      Buffer.from(mine?.credentialId ?? '', 'base64').toString('base64url'),
    );
    await button.click();
    await refusal(page).waitFor();
  });

  it('is removed by the password and a passkey', async () => {
    const { page, person, device } = await personWithPasskey();
    await page.goto(security());
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('link', { name: 'Remove the passkey Laptop' }).click();
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    // The password is missing, which the browser says itself.
    expect(await page.getByRole('heading', { name: 'Remove a passkey' }).isVisible()).toBe(true);
    await page.getByLabel('Your password').fill(password);
    await page.getByRole('button', { name: 'Use a passkey' }).click();
    await page.getByRole('heading', { name: 'Security' }).waitFor();
    expect(await page.getByText('Laptop').count()).toBe(0);
    expect(await told(person, 'arthemiz.second-factor.removed.v1')).toMatchObject([{ kind: 'passkey' }]);
    expect(await device.passkeys()).toHaveLength(1);

    await page.context().clearCookies();
    await beginSignIn(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await refusal(page).waitFor();
  });
});

describe('a browser without scripts', () => {
  it('signs in by password, and is offered no passkey', async () => {
    const page = await (await newContext({ javaScriptEnabled: false })).newPage();
    const person = await newPerson();
    const { claims } = await beginSignIn(page);
    expect(await page.getByRole('button').allTextContents()).toEqual([
      'Sign in',
      'Cancel',
      'Use single sign-on',
    ]);
    await typePassword(page, person);
    expect(await claims()).toMatchObject({ sub: person._id, acr: 'aal1' });
  });
});

describe('the script of our pages', () => {
  it('is the only one that they allow, and a file of our own', async () => {
    const page = await (await newContext()).newPage();
    const blocked: string[] = [];
    page.on('console', (message) => message.type() === 'error' && blocked.push(message.text()));
    const answer = await page.goto(security());
    expect(answer?.headers()['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self';/);
    expect(await page.locator('script').evaluateAll((all) => all.map((one) => one.outerHTML))).toEqual([
      '<script type="module" src="/auth/passkeys.js"></script>',
    ]);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "injected"';
      document.body.append(script);
    });
    expect(await page.title()).toBe('Sign in');
    expect(blocked.join()).toMatch(/Content Security Policy/);
  });

  it('is sent again only when it changed', async () => {
    const first = await fetch(`${origin}/auth/passkeys.js`);
    expect(first.headers.get('content-type')).toMatch(/^text\/javascript/);
    const etag = first.headers.get('etag') ?? '';
    const second = await fetch(`${origin}/auth/passkeys.js`, { headers: { 'if-none-match': etag } });
    expect(second.status).toBe(304);
  });
});
