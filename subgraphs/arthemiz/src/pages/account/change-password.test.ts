// Changing a password by the old one.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as client from 'openid-client';
import { type Fixture, issuer, password, signIn, startFixture } from '../../testing/fixture.ts';
import { type Mailbox, startMailbox } from '../../testing/mailbox.ts';

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

const changePage = `${issuer}/account/security/change-password`;
const newPassword = 'seven purple teapots';
const change = { password, 'new-password': newPassword, again: newPassword };

describe('changing the password', () => {
  it('ends every other sign-in, keeps this one, and tells the person', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const here = await signIn(fixture, person.email);
    const elsewhere = await signIn(fixture, person.email);
    await here.browser.open(changePage);
    const done = await here.browser.submit(change);
    expect(done.url.pathname).toBe('/auth/account/security');
    expect(done.text).toContain(person.email);

    await expect(
      client.refreshTokenGrant(elsewhere.config, elsewhere.tokens.refresh_token ?? ''),
    ).rejects.toThrow();
    expect((await elsewhere.browser.open(changePage)).text).toContain('<h1>Sign in</h1>');
    await client.refreshTokenGrant(here.config, here.tokens.refresh_token ?? '');
    await signIn(fixture, person.email, newPassword);
    expect((await mailbox.to(person.email)).subject).toBe('Your password was changed');
  });

  it('takes the old one, and a new one that is not guessed first', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const { browser } = await signIn(fixture, person.email);
    await browser.open(changePage);
    for (const [given, status, message] of [
      [{ password: 'not the old one at all' }, 401, 'did not work'],
      [{ 'new-password': 'passwordpassword', again: 'passwordpassword' }, 400, 'guessed first'],
      [{ again: 'another one' }, 400, 'passwords differ'],
    ] as const) {
      const page = await browser.submit({ ...change, ...given });
      expect([page.status, page.text.includes(message)]).toEqual([status, true]);
    }
    await signIn(fixture, person.email);
  });
});
