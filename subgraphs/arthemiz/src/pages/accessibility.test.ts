// Our own pages in a real Chromium: axe finds nothing in light and in dark, and the sign-in speaks the browser's language.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { accessibilityFaults } from '../../../../infra/local/testing/accessibility.ts';
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
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const signIn = async () => {
      await page.getByLabel('E-mail address').fill(person.email);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    };
    await page.goto(`${origin}/auth/account/security`);
    await signIn();
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
    await page.context().clearCookies();
    await page.goto(`${origin}/auth/account/security`);
    await signIn();
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
});
