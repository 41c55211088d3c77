// Letting in a device that can't show a sign-in page (RFC 8628), with an independent client as the device.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import type { Browser } from '../testing/browser.ts';
import { audience, type Fixture, issuer, password, signIn, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

async function newPerson() {
  const tenant = await fixture.tenant();
  return { tenant, person: await fixture.person({ tenants: [tenant] }) };
}

/** A device that shows a code. */
async function newDevice() {
  const config = await fixture.configure('cli');
  const shown = await client.initiateDeviceAuthorization(config, {
    scope: 'openid offline_access',
    resource: audience,
  });
  return { config, shown, ask: () => askFor(shown.device_code) };
}

/** One poll of the token endpoint; the independent client waits for seconds between two. */
async function askFor(deviceCode: string, clientId = 'cli') {
  const answer = await fixture.publicFetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: clientId,
      device_code: deviceCode,
    }),
  });
  return answer.json();
}

/** Opens the page and types the code. */
async function typeCode(browser: Browser, code: string) {
  await browser.open(`${issuer}/device`);
  return browser.submit({ user_code: code });
}

describe('a device without a browser', () => {
  it('is let in by a person who types its code and signs in', async () => {
    const { person, tenant } = await newPerson();
    const { config, shown, ask } = await newDevice();
    expect(shown.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(shown).toMatchObject({ verification_uri: `${issuer}/device`, expires_in: 600 });
    expect(await ask()).toMatchObject({ error: 'authorization_pending' });

    const browser = fixture.browser();
    const page = await browser.open(shown.verification_uri);
    expect(page.text).toMatch(/<label for="user_code">/);
    expect(page.text).not.toMatch(/<script/);
    // As people type it.
    const asked = await browser.submit({ user_code: shown.user_code.toLowerCase().replace('-', ' ') });
    expect(asked.text).toContain(shown.user_code);
    expect(asked.text).toMatch(/Command line asks/);
    expect(asked.text).toContain('198.51.100.1');
    expect((await browser.submit()).text).toMatch(/current-password/);
    expect(await ask()).toMatchObject({ error: 'authorization_pending' });
    const done = await browser.submit({ email: person.email, password });
    expect(done.text).toMatch(/Your device is connected/);

    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...shown, interval: 0.001 });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      sub: person._id,
      tenant: tenant._id,
      aud: audience,
      client_id: 'cli',
    });
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
  });

  it('needs no second sign-in of a person who is signed in, but their word', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const { shown, ask } = await newDevice();
    await typeCode(browser, shown.user_code);
    expect(await ask()).toMatchObject({ error: 'authorization_pending' });
    expect((await browser.submit()).text).toMatch(/Your device is connected/);
    expect(await ask()).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
  });

  it('gets nothing when the person says that it is not theirs, at either page', async () => {
    const { person } = await newPerson();
    const first = await newDevice();
    const browser = fixture.browser();
    await typeCode(browser, first.shown.user_code);
    expect((await browser.submit({ abort: 'yes' })).text).toMatch(/The device gets no access/);
    expect(await first.ask()).toMatchObject({ error: 'access_denied' });

    const second = await newDevice();
    await typeCode(browser, second.shown.user_code);
    await browser.submit();
    const page = await browser.submit({ action: 'cancel', email: person.email });
    expect(page.text).toMatch(/The device gets no access/);
    expect(await second.ask()).toMatchObject({ error: 'access_denied' });
  });
});

describe('the code of a device', () => {
  it('gives tokens once, and its second use ends what the first one gave', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const { config, shown, ask } = await newDevice();
    await typeCode(browser, shown.user_code);
    await browser.submit();
    const { refresh_token: refreshToken } = await ask();
    expect(await ask()).toMatchObject({ error: 'invalid_grant' });
    await expect(client.refreshTokenGrant(config, refreshToken)).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  it('can be typed once', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const { shown } = await newDevice();
    await typeCode(browser, shown.user_code);
    await browser.submit();
    expect((await typeCode(browser, shown.user_code)).text).toMatch(/used already/);
  });

  it.each(['', 'BBBB-BBBB', '<script>alert(1)</script>'])(
    'that nobody shows is refused: %j',
    async (code) => {
      const page = await typeCode(fixture.browser(), code);
      expect(page.status).toBe(400);
      expect(page.text).toMatch(/role="alert"/);
      expect(page.text).not.toMatch(/<script/);
    },
  );

  it('is of no use to another client', async () => {
    const { shown } = await newDevice();
    expect(await askFor(shown.device_code, 'explorer')).toMatchObject({ error: expect.any(String) });
  });

  it('is stored as a digest, which is worth nothing itself', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const { shown, ask } = await newDevice();
    await typeCode(browser, shown.user_code);
    await browser.submit();
    const rows = await fixture.models.OidcArtifact.find({ kind: 'DeviceCode' }).lean();
    expect(JSON.stringify(rows)).not.toContain(shown.device_code);
    for (const { _id } of rows) expect(await askFor(_id)).toMatchObject({ error: 'invalid_grant' });
    expect(await ask()).toMatchObject({ token_type: 'Bearer' });
  });

  it('is not confirmed by a form of another site', async () => {
    const { person } = await newPerson();
    const { browser } = await signIn(fixture, person.email);
    const { shown, ask } = await newDevice();
    await browser.open(`${issuer}/device`);
    await browser.submit({ user_code: shown.user_code, confirm: 'yes', xsrf: 'forged' });
    expect(await ask()).toMatchObject({ error: 'authorization_pending' });
  });
});
