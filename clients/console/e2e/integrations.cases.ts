// What a tenant's owner connects it with, on the console's pages: domains, identity providers, directories, programs.
// Each is used for what it is for, past the console: DNS, SCIM, the token endpoint, the registration.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  type IdentityProvider,
  idpClient,
  startIdentityProvider,
} from '../../../subgraphs/arthemiz/src/testing/identity-provider.ts';
import { startSamlProvider } from '../../../subgraphs/arthemiz/src/testing/saml-provider.ts';
import { onStage, type Stage } from './stage.ts';

export interface Desk extends Stage {
  /** Of who is signed in at the desk. */
  email: string;
}

export function integrationCases(at: () => Desk): void {
  let idp: IdentityProvider;
  beforeAll(async () => {
    idp = await startIdentityProvider(() => []);
  });
  afterAll(() => idp?.stop());

  const { step, expectAccessible } = onStage(at);
  const focused = (name: string) => at().browser.page.locator(`:focus[aria-label="${name}"]`).waitFor();
  const send = async (path: string, init: RequestInit = {}) =>
    (await fetch(`${at().platform.stack.origin}${path}`, init)).status;
  const sendJson = (path: string, token: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return send(path, { method: 'POST', headers, body: JSON.stringify(body) });
  };

  it('proves a domain by the record that it shows, once DNS has it', () =>
    step('verify a domain', async ({ desk, dns, browser: { page } }) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await desk.goTo('Domains');
      await page.getByText('There are no domains yet').waitFor();
      await desk.press('Add a domain');
      await desk.fill({ Domain: 'people.acme.test' });
      await desk.submit('Add a domain');
      await desk.dialog.getByRole('heading', { name: 'Prove that people.acme.test is yours' }).waitFor();
      await expectAccessible();
      await desk.submit('Look for it');
      await desk.dialog.getByRole('alert').waitFor();
      await desk.submit('Copy: Value');
      await page.getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
      const value = await page.evaluate(() => navigator.clipboard.readText());
      dns.records.set('_arthemiz.people.acme.test', value);
      await desk.submit('Look for it');
      await desk.told('people.acme.test is verified.');
      await desk.row('people.acme.test').getByText('verified', { exact: true }).waitFor();
      await expectAccessible();
    }));

  it('connects an identity provider, gives its groups roles, and says why it can’t be the only way in yet', () =>
    step('connect by OpenID', async ({ desk, browser: { page } }) => {
      await desk.goTo('Single sign-on');
      await desk.press('New connection');
      const provider = { 'Client ID': idpClient.clientId, 'Client secret': idpClient.clientSecret };
      await desk.fill({ Name: 'Staff', Issuer: 'https://nobody.acme.test', ...provider }, [
        'people.acme.test',
      ]);
      await expectAccessible();
      await desk.submit('New connection');
      await desk.dialog.getByRole('alert').waitFor();
      await desk.fill({ Issuer: idp.issuer });
      await desk.submit('New connection');
      await desk.heading('Staff').waitFor();
      await page
        .getByText(/\/auth\/sso\/sso_.+\/callback$/)
        .first()
        .waitFor();
      await expectAccessible();

      await desk.press('People and groups');
      await desk.dialog.getByRole('button', { name: 'Add a group' }).focus();
      await page.keyboard.press('Enter');
      await focused('Group 1');
      await page.keyboard.type('night');
      await page.keyboard.press('Tab');
      await focused('Role 1');
      await desk.dialog.getByLabel('Role 1').selectOption('Night shift');
      await desk.dialog.getByRole('button', { name: 'Add a group' }).click();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await focused('Remove 2');
      await page.keyboard.press('Enter');
      await page.locator(':focus', { hasText: 'Add a group' }).waitFor();
      await expectAccessible();
      await desk.submit('Save');
      await desk.told('Staff has changed.');
      await desk.row('night').getByText('Night shift').waitFor();

      await desk.press('Make it the only way');
      await desk.submit('Make it the only way');
      await desk.dialog.getByRole('alert').waitFor();
      await page.keyboard.press('Escape');
      await desk.press('Turn off');
      await desk.submit('Turn off');
      await page.getByText('off', { exact: true }).waitFor();
      await desk.press('Delete');
      await desk.submit('Delete');
      await desk.heading('Single sign-on').waitFor();
      await page.getByText('There are no connections yet').waitFor();
    }));

  it('connects one by SAML, and shows the metadata to give it', () =>
    step('connect by SAML', async ({ desk, browser: { page } }) => {
      const { settings } = await startSamlProvider('https://saml.acme.test/sign-on');
      await desk.press('New connection');
      await desk.dialog.getByLabel('Protocol').selectOption('SAML 2.0');
      await desk.fill({
        ...{ Name: 'Works', 'Entity ID': settings.entityId, 'Sign-on address': settings.signOnUrl },
        Certificates: settings.certificates.join('\n'),
      });
      await expectAccessible();
      await desk.submit('New connection');
      await desk.heading('Works').waitFor();
      const metadata = page.getByText(/\/auth\/sso\/sso_.+\/metadata$/).first();
      expect(await send(new URL((await metadata.textContent()) ?? '').pathname)).toBe(200);
      await page.getByText('1 certificate').click();
      await expectAccessible();
      await page.getByRole('main').getByRole('link', { name: 'Single sign-on' }).click();
      await desk.row('Works').getByText('SAML 2.0').waitFor();
      await expectAccessible();
    }));

  it('gives a directory a token, by which it reads the people', () =>
    step('make a token for SCIM', async ({ desk, browser: { page } }) => {
      await desk.goTo('Provisioning (SCIM)');
      await page.getByText(`${at().platform.stack.origin}/auth/scim/v2`).waitFor();
      await desk.press('New token');
      await desk.fill({ 'What it is for': 'Directory' });
      await desk.submit('New API key');
      const secret = (await desk.dialog.locator('code').textContent()) ?? '';
      await desk.submit('Close');
      const headers = { authorization: `Bearer ${secret}` };
      expect(await send('/auth/scim/v2/Users', { headers })).toBe(200);
      await desk.row('Directory').getByText('scim:write').waitFor();
      await expectAccessible();
    }));

  const tokenStatus = (clientId: string, secret: string) => {
    const authorization = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    return send('/auth/token', { method: 'POST', headers: { authorization }, body });
  };

  it('makes a service client, whose secrets overlap when they change, and which keys replace', () =>
    step('make a service client', async ({ desk, browser: { page } }) => {
      await desk.goTo('Service clients');
      await desk.press('New service client');
      await desk.fill({ 'What it is for': 'Nightly import' }, ['viewer']);
      await expectAccessible();
      await desk.submit('New service client');
      const secret = desk.dialog.locator('code.secret');
      const first = (await secret.textContent()) ?? '';
      const clientId = (await desk.dialog.getByText(/^cli_/).textContent()) ?? '';
      await expectAccessible();
      await desk.submit('Close');
      expect(await page.content()).not.toContain(first);
      await desk.press('New secret: Nightly import');
      await desk.submit('New secret');
      const second = (await secret.textContent()) ?? '';
      await desk.submit('Close');
      for (const good of [first, second]) expect(await tokenStatus(clientId, good)).toBe(200);
      await desk.row('Nightly import').getByText('the one before until').waitFor();

      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const asPasted = (key: typeof publicKey) =>
        JSON.stringify({ keys: [{ ...key.export({ format: 'jwk' }), kid: 'import-1' }] });
      await desk.press('Set keys: Nightly import');
      await desk.fill({ 'Public keys': asPasted(privateKey) });
      await desk.submit('Save');
      const keys = desk.dialog.locator('textarea');
      expect(await keys.evaluate((field: HTMLTextAreaElement) => field.validationMessage)).toMatch(
        /private key/,
      );
      await desk.fill({ 'Public keys': asPasted(publicKey) });
      await expectAccessible();
      await desk.submit('Save');
      await desk.row('Nightly import').getByText('import-1').waitFor();
      expect(await tokenStatus(clientId, second)).toBe(401);
      await expectAccessible();
      await desk.press('Delete: Nightly import');
      await desk.submit('Delete');
      await desk.told('Nightly import is gone.');
    }));

  it('shows the applications that registered, and removes them', () =>
    step('remove an application', async ({ desk, platform, email, browser: { page } }) => {
      const token = await platform.signIn(email);
      const wanted = { client_name: 'Ticket desk', redirect_uris: ['https://desk.example/callback'] };
      expect(await sendJson('/auth/register', token, wanted)).toBe(201);
      await desk.goTo('Applications');
      await desk.row('Ticket desk').getByText('https://desk.example/callback').waitFor();
      await expectAccessible();
      await desk.press('Remove: Ticket desk');
      await expectAccessible();
      await desk.submit('Remove');
      await desk.told('Ticket desk is removed.');
      await page.getByText('No application has registered yet.').waitFor();
    }));

  it('keeps duties apart, unless somebody holds them together', () =>
    step('keep duties apart', async ({ desk, browser: { page } }) => {
      await desk.goTo('Separation of duties');
      await desk.press('Keep duties apart');
      await desk.fill({ Name: 'Keys and roles' }, ['api-key:write', 'role:write']);
      await expectAccessible();
      await desk.submit('Keep duties apart');
      await desk.dialog.getByRole('alert').waitFor();
      await desk.dialog.getByRole('checkbox', { name: /^role:write/ }).uncheck();
      await desk.fill({}, ['tenant:delete']);
      await desk.submit('Keep duties apart');
      await desk.row('Keys and roles').getByText('tenant:delete').waitFor();
      await expectAccessible();
      await desk.press('Delete: Keys and roles');
      await desk.submit('Delete');
      await page.getByText('Nothing is kept apart.').waitFor();
    }));
}
