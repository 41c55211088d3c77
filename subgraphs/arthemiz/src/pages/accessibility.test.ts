// Our own pages in a real Chromium: axe finds nothing in light and in dark, and the sign-in speaks the browser's language.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { accessibilityFaults } from '../../../../infra/local/testing/accessibility.ts';
import type { TenantRow } from '../tenants/model.ts';
import { planOf, roleIdsOf } from '../testing/acting.ts';
import { Authenticator } from '../testing/authenticator.ts';
import { Device, launchChromium, publicEnvironment } from '../testing/chromium.ts';
import { type Fixture, password, startFixture } from '../testing/fixture.ts';
import { idpClient, startIdentityProvider } from '../testing/identity-provider.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';
import { openRegistration } from '../testing/registration-client.ts';

let fixture: Fixture;
let mailbox: Mailbox;
let chromium: Browser;
let origin: string;
const contexts: BrowserContext[] = [];
beforeAll(async () => {
  const environment = await publicEnvironment();
  origin = environment.origin;
  mailbox = await startMailbox();
  const extra = {
    ...environment.extra,
    ...{ SMTP_URL: mailbox.url, MAIL_POLL_MS: '10', TENANT_TARGET_NETWORKS: '["127.0.0.0/8"]' },
  };
  [fixture, chromium] = await Promise.all([startFixture(extra), launchChromium()]);
});
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close();
});
afterAll(async () => {
  await chromium?.close();
  await fixture?.stop();
  await mailbox?.stop();
});

async function open(locale: string): Promise<Page> {
  const context = await chromium.newContext({ locale });
  contexts.push(context);
  return (await Device.open(context)).page;
}

/** Waits for the page of this heading, and has axe look at it. */
async function expectAccessible(page: Page, heading: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
}

async function signIn(page: Page, { email }: { email: string }): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** As the tenant's owner, unless told. @returns the mutation's payload */
async function change(
  tenant: TenantRow,
  mutation: string,
  input: object,
  actor: { _id: string; tenantId?: string } = { _id: 'per_admin' },
) {
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const selections: Record<string, string> = {
    approveDomain: 'domain { id }',
    createOidcConnection: 'ssoConnection { redirectUris }',
  };
  const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${selections[mutation] ?? ''} errors { message } } }`;
  const permissions = [...planOf('owner'), 'tenant:create', 'tenant:suspend'];
  const viewer = { subject: actor._id, tenantId: actor.tenantId ?? tenant._id, permissions };
  const { data, errors } = await fixture.execute(query, { viewer, variables: { input } });
  expect(errors).toBeUndefined();
  expect(data[mutation].errors).toEqual([]);
  return data[mutation];
}

/** @returns the member of the answer */
async function post(path: string, member: string, init: RequestInit): Promise<string> {
  const response = await fetch(`${origin}/auth${path}`, { method: 'POST', ...init });
  return z.string().parse(z.looseObject({}).parse(await response.json())[member]);
}

/** One transparent pixel, as a PNG. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const operator = { _id: 'per_op', tenantId: 'ten_platform' };

const goOn = (page: Page, name = 'Continue') => page.getByRole('button', { name, exact: true }).click();

async function personOfTwoTenants() {
  return fixture.person({ tenants: [await fixture.tenant(), await fixture.tenant()] });
}

describe('the pages', () => {
  it('of the sign-in are accessible in English, and by keyboard alone', async () => {
    const page = await open('en-GB');
    const person = await personOfTwoTenants();
    await page.goto(`${origin}/auth/account/security`);
    await expectAccessible(page, 'Sign in');
    await page.keyboard.type(person.email);
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'did not work' }).waitFor();
    await expectAccessible(page, 'Sign in');
    // The address is kept, and the password is where the focus is.
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await expectAccessible(page, 'Choose a tenant');
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await expectAccessible(page, /account|security/i);
  });

  it('of the sign-in are accessible in Portuguese', async () => {
    const page = await open('pt-PT');
    const person = await personOfTwoTenants();
    await page.goto(`${origin}/auth/account/security`);
    await expectAccessible(page, 'Entrar');
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
    await page.getByLabel('Endereço de e-mail').fill(person.email);
    await page.getByLabel('Senha').fill('wrong');
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'não funcionaram' }).waitFor();
    await page.getByLabel('Senha').fill(password);
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await expectAccessible(page, 'Escolha uma organização');
    await page.getByRole('radio').first().check();
    await page.getByRole('button', { name: 'Continuar' }).click();
    await expectAccessible(page, 'Segurança');
    expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
    await page.getByRole('link', { name: 'Onde você está conectado' }).click();
    await expectAccessible(page, 'Onde você está conectado');
    await page.goto(`${origin}/auth/account/data`);
    await expectAccessible(page, 'Baixar seus dados');
    // The only one who could administer both tenants.
    await page.goto(`${origin}/auth/account/delete`);
    await expectAccessible(page, 'Excluir sua conta');
    await page.goto(`${origin}/auth/account/security/add-app`);
    await page.getByLabel('Sua senha').fill(password);
    await page.getByRole('button', { name: 'Continuar' }).click();
    await expectAccessible(page, 'Configure seu aplicativo autenticador');
    await page.goto(`${origin}/auth/sign-in/unknown`);
    await expectAccessible(page, 'Esta entrada expirou');
    await page.goto(`${origin}/auth/authorize?client_id=unknown`);
    await expectAccessible(page, 'Isso não funcionou');
    await page.goto(`${origin}/auth/logout`);
    await expectAccessible(page, 'Sair?');
  });

  it('of somebody’s account, and the second factor that is asked for then, are accessible', async () => {
    const page = await open('en-US');
    const tenant = await fixture.tenant();
    const person = await fixture.person({ tenants: [tenant] });
    await page.goto(`${origin}/auth/account/security`);
    await signIn(page, person);
    await page.getByRole('link', { name: 'Add a passkey' }).click();
    await page.getByLabel('Your password').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Your password').fill(password);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByLabel('What you call it').fill('Laptop');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create the passkey' }).click();
    await expectAccessible(page, 'Your recovery codes');
    await page.goto(`${origin}/auth/account/security`);
    await page.getByRole('link', { name: 'Add a passkey' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await fixture.member(tenant);
    await page.getByRole('link', { name: 'Delete your account' }).click();
    await page.getByLabel(`type your address: ${person.email}`).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.context().clearCookies();
    await page.goto(`${origin}/auth/account/security`);
    await signIn(page, person);
    await expectAccessible(page, 'Confirm that it is you');
  });

  it('that mails and devices lead to are accessible', async () => {
    const page = await open('pt-BR');
    for (const [path, heading] of [
      ['/password/forgotten', 'Senha esquecida'],
      ['/password/reset?link=gone', 'Este link não vale mais'],
      ['/invitation?link=gone', 'Este convite não vale mais'],
      ['/device', 'Conectar um aparelho'],
      ['/sso/sso_x/callback', 'Esta entrada expirou'],
      ['/account/security?error=access_denied', 'Você não está conectado'],
    ] as const) {
      await page.goto(`${origin}/auth${path}`);
      await expectAccessible(page, heading);
    }
  });

  it('of somebody’s profile and address are accessible, and need no mouse', async () => {
    const page = await open('en-GB');
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    await page.goto(`${origin}/auth/account/profile`);
    await signIn(page, person);
    await expectAccessible(page, 'Profile');
    await page.getByRole('radio', { checked: true }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'Tab', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('status').filter({ hasText: 'Salvo.' }).waitFor();
    await expectAccessible(page, 'Perfil');
    await page.getByRole('link', { name: 'Mudar o endereço de e-mail' }).press('Enter');
    await expectAccessible(page, 'Mudar o endereço de e-mail');
    const to = 'elsewhere@acme.test';
    for (const text of [password, to]) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await expectAccessible(page, 'Veja seus e-mails');
    const link = linkIn(await mailbox.to(to));
    await page.goto(link.href);
    await expectAccessible(page, 'Confirmar o endereço');
    await page.keyboard.press('Enter');
    await page.getByText(to).waitFor();
    await page.goto(link.href);
    await page.getByRole('alert').waitFor();
    await expectAccessible(page, 'Confirmar o endereço');
  });

  it('of what one changes about one’s account are accessible', async () => {
    const page = await open('en-GB');
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const security = `${origin}/auth/account/security`;
    await page.goto(security);
    await signIn(page, person);
    await page.getByRole('link', { name: 'Add an authenticator app' }).click();
    await page.getByLabel('Your password').fill(password);
    await goOn(page);
    const app = new Authenticator((await page.locator('code.secret').textContent()) ?? '');
    await page.getByLabel('The code that your app shows now').fill(app.wrong());
    await goOn(page, 'Confirm');
    await expectAccessible(page, 'Set up your authenticator app');
    await page.getByLabel('The code that your app shows now').fill(app.present());
    await goOn(page, 'Confirm');
    await expectAccessible(page, 'Your recovery codes');
    for (const [path, heading] of [
      ['/remove-app', 'Remove the authenticator app'],
      ['/recovery-codes', 'Make new recovery codes'],
      ['/change-password', 'Change the password'],
      ['/nowhere', 'There is no such page'],
    ] as const) {
      await page.goto(`${security}${path}`);
      await expectAccessible(page, heading);
    }
    await page.goto(`${origin}/auth/logout`);
    await goOn(page, 'Sign out');
    await expectAccessible(page, 'You are signed out');
  });

  it('that a person goes through on the way into a tenant are accessible', async () => {
    const page = await open('en-GB');
    const [strict, suspended] = [await fixture.tenant(), await fixture.tenant()];
    await change(strict, 'updateTenantCompliance', { secondFactorRequired: true });
    const person = await fixture.person({ tenants: [strict] });
    await page.goto(`${origin}/auth/account/security`);
    await signIn(page, person);
    await expectAccessible(page, 'Set up your authenticator app');

    await change(suspended, 'suspendTenant', { tenantId: suspended._id, reason: 'Not paid.' }, operator);
    for (const [tenants, heading] of [
      [[suspended], 'Your organization is suspended'],
      [[], 'You have no tenant yet'],
    ] as const) {
      await page.context().clearCookies();
      await page.goto(`${origin}/auth/account/security`);
      await signIn(page, await fixture.person({ tenants: [...tenants] }));
      await expectAccessible(page, heading);
    }
  });

  it('that links in mails lead to are accessible', async () => {
    const page = await open('en-GB');
    const tenant = await fixture.tenant();
    const owner = await fixture.member(tenant);
    const { viewer } = await roleIdsOf(fixture, tenant);
    const known = await fixture.person({ tenants: [] });
    for (const email of ['fresh@acme.test', known.email])
      await change(tenant, 'invitePerson', { email, roleIds: [viewer] }, owner);
    await page.goto(linkIn(await mailbox.to('fresh@acme.test')).href);
    await expectAccessible(page, 'Join Acme');
    await page.getByLabel('Your name').fill('Nora Nowak');
    await page.getByLabel('New password').fill('short');
    await page.getByLabel('The same again').fill('short');
    await goOn(page, 'Join');
    await page.getByRole('alert').waitFor();
    await expectAccessible(page, 'Join Acme');
    await page.goto(linkIn(await mailbox.to(known.email)).href);
    await page.getByLabel('Password').fill(password);
    await expectAccessible(page, 'Join Acme');
    await goOn(page, 'Join');
    await expectAccessible(page, 'You have joined Acme');

    await page.goto(`${origin}/auth/password/forgotten`);
    await page.getByLabel('E-mail address').fill(known.email);
    await goOn(page, 'Send the link');
    await expectAccessible(page, 'Look into your mails');
    await page.goto(linkIn(await mailbox.to(known.email, 2)).href);
    await expectAccessible(page, 'Choose a new password');
    await page.getByLabel('New password').fill('seven purple teapots');
    await page.getByLabel('The same again').fill('seven purple teapots');
    await goOn(page, 'Change the password');
    await expectAccessible(page, 'Your password is changed');
  });

  it('by which devices and others’ applications are let in are accessible', async () => {
    const page = await open('en-GB');
    const { tenant, secret } = await openRegistration(fixture);
    const person = await fixture.person({ tenants: [tenant] });
    const userCode = await post('/device-authorization', 'user_code', {
      body: new URLSearchParams({ client_id: 'cli', scope: 'openid' }),
    });
    await page.goto(`${origin}/auth/device`);
    await page.getByLabel('Code that your device shows').fill('WRONGONE');
    await goOn(page);
    await page.getByRole('alert').waitFor();
    await expectAccessible(page, 'Connect a device');
    await page.getByLabel('Code that your device shows').fill(userCode);
    await goOn(page);
    await expectAccessible(page, 'Is this your device?');
    await goOn(page);
    await signIn(page, person);
    await expectAccessible(page, 'Your device is connected');

    const clientId = await post('/register', 'client_id', {
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: 'Ticket desk', redirect_uris: [`${origin}/desk`] }),
    });
    const asked = new URLSearchParams({
      ...{ client_id: clientId, response_type: 'code', scope: 'openid profile email' },
      ...{ redirect_uri: `${origin}/desk`, code_challenge_method: 'S256' },
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    });
    const looks = { displayName: 'Desk & Sons', accentColour: '#ffd400', logo: pixel };
    await change(tenant, 'updateTenantBranding', looks);
    await page.goto(`${origin}/auth/authorize?${asked}`);
    await expectAccessible(page, 'Allow Ticket desk?');
    const logo = page.locator('.brand', { hasText: 'Desk & Sons' }).locator('img');
    // It is shown, and by no other server.
    expect(await logo.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
    const accent = await page
      .getByRole('button', { name: 'Allow' })
      .evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(accent).not.toBe('rgb(5, 80, 174)');
    await page.context().clearCookies();
    await page.goto(`${origin}/auth/authorize?${asked}`);
    await signIn(page, await fixture.person({ tenants: [await fixture.tenant()] }));
    await expectAccessible(page, 'You can’t sign in to Ticket desk');
  });

  it('of single sign-on are accessible', async () => {
    const page = await open('en-GB');
    const redirectUris: string[] = [];
    const idp = await startIdentityProvider(() => redirectUris);
    try {
      const tenant = await fixture.tenant();
      const { domain } = await change(
        tenant,
        'approveDomain',
        { tenantId: tenant._id, name: 'acme-sso.test' },
        operator,
      );
      const { ssoConnection } = await change(tenant, 'createOidcConnection', {
        ...{ name: 'Acme ID', oidc: { issuer: idp.issuer, ...idpClient }, domainIds: [domain.id] },
        provisionsPeople: true,
      });
      redirectUris.push(...ssoConnection.redirectUris);
      const person = await fixture.person({ tenants: [], email: 'taken@acme-sso.test' });
      for (const [email, heading] of [
        ['nora@elsewhere.test', 'You are not admitted'],
        [person.email, 'Is this account yours?'],
        ['nora@acme-sso.test', 'Your organization signs you in'],
      ] as const) {
        idp.signInAs({ sub: email, email });
        await page.context().clearCookies();
        await page.goto(`${origin}/auth/account/security`);
        await page.getByLabel('E-mail address').fill('nora@acme-sso.test');
        await page.getByRole('button', { name: 'Use single sign-on' }).click();
        await expectAccessible(page, heading);
      }
    } finally {
      await idp.stop();
    }
  });
});
