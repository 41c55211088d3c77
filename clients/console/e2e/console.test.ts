// The console in a real browser against a whole private platform: a tenant's owner, an operator, a viewer and somebody
// who runs the platform do there what they may.
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { ObservedBrowser } from '../../../gateway/e2e/browser/browser.ts';
import { integrationCases } from './integrations.cases.ts';
import { onStage, openStage, type Stage } from './stage.ts';

const owner = 'owner@acme.test';
const operator = 'operator@acme.test';
const viewer = 'viewer@acme.test';
const platformOperator = 'operator@platform.test';

const stage = openStage();
let { platform, browser, desk, dns }: Stage = {} as Stage; // there is one before the first test
let page: ObservedBrowser['page'];
beforeAll(() => {
  ({ platform, browser, desk, dns } = stage());
  ({ page } = browser);
});

const signIn = (email: string, tenant?: string) =>
  desk.signIn({ email, password: platform.passwordOf(email), tenant });
const { expectAccessible, expectUsable, onPhone } = onStage(stage);
const panel = (name: string) =>
  page.locator('section.panel', { has: page.getByRole('heading', { name, exact: true }) });

describe('the console', () => {
  it('leads somebody who is signed out to the sign-in, and then to the page that they had asked for', () =>
    browser.step('sign in to a deep link', async () => {
      await desk.open('/people');
      await desk.heading('Sign in to your tenant’s console').waitFor();
      await expectAccessible();
      await signIn(owner);
      await desk.heading('People').waitFor();
      expect(new URL(page.url()).pathname).toBe('/console/people');
      await page.getByText(viewer).waitFor();
      await expectAccessible();
    }));

  it('shows who somebody is and what they may do', () =>
    browser.step('look at the account', async () => {
      await desk.goTo('Your account');
      await page.getByText(owner).waitFor();
      await desk.row('role:write').getByText('Change roles and groups, and give them to people').waitFor();
      await desk.row('Chrome on Linux').getByText('this one').waitFor();
      await expectUsable();
    }));

  it('ends the sessions that somebody has elsewhere', () =>
    browser.step('end the other sessions', async () => {
      const elsewhere = await platform.signIn(owner);
      expect(await statusOf(elsewhere)).toBe(200);
      await page.reload();
      await desk.press('End all others');
      await expectAccessible();
      await desk.submit('End all others');
      await desk.told('One session has ended.');
      expect(await page.getByRole('row').filter({ hasText: 'this one' }).count()).toBe(1);
      await eventually(async () => expect(await statusOf(elsewhere)).toBe(401));
    }));

  it('invites by mail, and takes an invitation back', () =>
    browser.step('invite somebody', async () => {
      await desk.goTo('People');
      await desk.press('Invite somebody');
      await desk.fill({ 'E-mail address': 'new@acme.test' }, ['viewer']);
      await expectAccessible();
      await desk.submit('Send the invitation');
      await desk.told('new@acme.test is invited.');
      await desk.goTo('Invitations');
      await desk.row('new@acme.test').getByText('open').waitFor();
      await expectAccessible();
      await desk.press('Take back: new@acme.test');
      await desk.submit('Take back');
      await desk.row('new@acme.test').getByText('taken back').waitFor();
    }));

  it('refuses in words, and keeps what was typed', () =>
    browser.step('invite a member', async () => {
      await desk.press('Invite somebody');
      await desk.fill({ 'E-mail address': viewer });
      await desk.submit('Send the invitation');
      await desk.dialog.getByRole('alert').waitFor();
      expect(await desk.dialog.getByLabel('E-mail address').inputValue()).toBe(viewer);
      await page.keyboard.press('Escape');
      await desk.dialog.waitFor({ state: 'hidden' });
      // Whoever works by keyboard is back where they were.
      await page.locator(':focus', { hasText: 'Invite somebody' }).waitFor();
    }));

  it('makes a role that inherits another, and a group that gives it', () =>
    browser.step('make a role and a group', async () => {
      await desk.goTo('Roles');
      await desk.press('New role');
      await desk.fill({ Name: 'Night shift' }, ['role:read', 'viewer']);
      await expectAccessible();
      await desk.submit('New role');
      await desk.told('The role Night shift is there.');
      await desk.row('Night shift').getByText('viewer').waitFor();
      await desk.press('Change: Night shift');
      await desk.fill({}, ['security-event:read']);
      await desk.submit('Save');
      await desk.told('The role Night shift has changed.');
      await desk.row('Night shift').locator('summary').click();
      await desk.row('Night shift').getByText('security-event:read').waitFor();
      await expectAccessible();
      await desk.goTo('Groups');
      await page.getByText('There are no groups yet.').waitFor();
      await desk.press('New group');
      await desk.fill({ Name: 'On call' }, ['Night shift']);
      await desk.submit('New group');
      await desk.row('On call').getByText('Night shift').waitFor();
      await expectAccessible();
    }));

  it('puts somebody into the group, and explains what they may do by it', () =>
    browser.step('assign the group', async () => {
      await desk.goTo('People');
      await desk.row('Otis Park').getByRole('link').click();
      await desk.press('Change groups');
      await desk.fill({}, ['On call']);
      await desk.submit('Save');
      await desk.told('is in other groups now.');
      await page.getByLabel('Permission').selectOption('role:read');
      await desk.press('Explain');
      await page.getByText('the group On call: Night shift').waitFor();
      await page.getByLabel('Permission').selectOption('api-key:write');
      await desk.press('Explain');
      await page.getByText('These roles would give it').waitFor();
      await expectAccessible();
    }));

  it('gives somebody a role on one service alone, and takes it away', () =>
    browser.step('give a role on a service', async () => {
      await page.getByText('No role on a single resource.').waitFor();
      await desk.press('Give roles on a resource');
      await desk.dialog.getByLabel('Resource').selectOption({ index: 0 });
      await desk.fill({}, ['viewer']);
      await expectAccessible();
      await desk.submit('Save');
      await desk.told('has other roles there now.');
      const row = page.getByRole('row').filter({ hasText: /^service / });
      await row.getByText('viewer').waitFor();
      await expectUsable();
      await row.getByRole('button', { name: 'Take away' }).click();
      await desk.submit('Take away');
      await page.getByText('No role on a single resource.').waitFor();
    }));

  it('signs somebody out everywhere, suspends them and lets them back', () =>
    browser.step('suspend somebody', async () => {
      const theirs = await platform.signIn(operator);
      await page.reload();
      await desk.press('End all');
      await desk.submit('End all');
      await desk.told('One session has ended.');
      await page.getByText('Not signed in anywhere.').waitFor();
      await eventually(async () => expect(await statusOf(theirs)).toBe(401));
      await desk.press('Suspend');
      await desk.submit('Suspend');
      await page.getByText(/^Suspended since/).waitFor();
      await expectUsable();
      await desk.press('Let back in');
      await desk.submit('Let back in');
      await desk.told('may act here again.');
      await page.getByText(/^Suspended since/).waitFor({ state: 'hidden' });
    }));

  it('shows the secret of a new API key once: it works, and no more once the key is revoked', () =>
    browser.step('make an API key', async () => {
      await desk.goTo('API keys');
      await desk.press('New API key');
      await desk.fill({ 'What it is for': 'Deploys' }, ['tenant:read']);
      await desk.submit('New API key');
      const secret = (await desk.dialog.locator('code').textContent()) ?? '';
      await expectAccessible();
      await desk.submit('Close');
      expect(await page.content()).not.toContain(secret);
      expect(await statusOf(secret)).toBe(200);
      await expectAccessible();
      await desk.press('Revoke: Deploys');
      await desk.submit('Revoke');
      await desk.told('Deploys is revoked.');
      await desk.row('Deploys').getByText('revoked').waitFor();
      await eventually(async () => expect(await statusOf(secret)).toBe(401));
    }));

  integrationCases(() => ({ platform, dns, browser, desk, email: owner, viewer }));

  it('renames the tenant', () =>
    browser.step('rename the tenant', async () => {
      await desk.goTo('Tenant');
      await page.getByLabel('Name').fill('Acme Works');
      await desk.press('Rename');
      await page.getByRole('heading', { name: 'Acme Works' }).waitFor();
      await expectAccessible();
    }));

  it('says how long records are kept, and how the tenant looks', () =>
    browser.step('change retention and branding', async () => {
      await panel('Retention').getByLabel('Days that records are kept').fill('365');
      await panel('Retention').getByRole('button', { name: 'Save' }).click();
      await desk.told('Saved.');
      const branding = panel('Branding');
      await branding.getByLabel('Colour of buttons and links').fill('#ffd400');
      const png =
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
      const logo = { name: 'logo.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') };
      await branding.getByLabel('Logo').setInputFiles(logo);
      await branding.locator('.preview img').first().waitFor();
      await branding.getByRole('button', { name: 'Save' }).click();
      await branding.locator('.sample[style]').first().waitFor();
      await expectAccessible();
    }));

  it('asks more of everybody, and refuses what would lock the person out', () =>
    browser.step('change the compliance', async () => {
      await page.getByLabel('Minutes after which an unused session ends').fill('600');
      await page.getByLabel('Allowed networks').fill('127.0.0.0/8\n::1/128');
      const save = panel('Compliance').getByRole('button', { name: 'Save' });
      await save.click();
      await desk.told('Saved.');
      await page.getByLabel('Password').uncheck();
      await save.click();
      await page.getByRole('alert').filter({ hasText: 'lock yourself out' }).waitFor();
      await expectAccessible();
      await page.reload();
      await desk.heading('Tenant').waitFor();
      expect(await page.getByLabel('Minutes after which an unused session ends').inputValue()).toBe('600');
      expect(await page.getByLabel('Allowed networks').inputValue()).toBe('127.0.0.0/8\n::1/128');
      expect(await page.getByLabel('Password').isChecked()).toBe(true);
    }));

  it('makes an environment, and shows when it is ready', () =>
    browser.step('make an environment', async () => {
      await page.getByText('There is production alone.').waitFor();
      await desk.press('New environment');
      await desk.fill({ Name: 'try' });
      await desk.dialog.getByLabel('What it is for').selectOption('sandbox');
      await expectAccessible();
      await desk.submit('New environment');
      await desk.told('The environment try is being prepared.');
      const row = page.getByRole('row').filter({ hasText: 'acme-try' });
      await row.getByText('ready').waitFor({ timeout: 30_000 });
    }));

  it('exports all of the tenant, and has the browser save it', () =>
    browser.step('export the tenant', async () => {
      await desk.press('Export all data');
      await desk.submit('Export all data');
      await desk.told('The export has begun.');
      await page.getByRole('button', { name: 'Download: arthemiz' }).waitFor({ timeout: 30_000 });
      await page.getByRole('button', { name: 'Export anew' }).waitFor({ timeout: 30_000 });
      await expectUsable();
      const saved = page.waitForEvent('download');
      await desk.press('Download: arthemiz');
      const file = await saved;
      expect(file.suggestedFilename()).toBe('arthemiz.ndjson.gz');
      expect(gunzipSync(await readFile(await file.path())).toString()).toContain('Acme Works');
    }));

  it('speaks Portuguese and is dark for whoever wants that, also after a reload', () =>
    browser.step('change language and colours', async () => {
      await page.getByLabel('Language').selectOption('Português');
      await page.getByLabel('Cores').selectOption('Escuro');
      await page.reload();
      await desk.heading('Organização').waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
        'rgb(18, 23, 31)',
      );
      await page.getByLabel('Cores').selectOption('Como no sistema');
      await page.getByLabel('Idioma').selectOption('English');
      await desk.heading('Tenant').waitFor();
    }));

  it('is used by keyboard alone', () =>
    browser.step('use the keyboard', async () => {
      await desk.open('/account');
      await desk.heading('Your account').waitFor();
      await page.keyboard.press('Tab');
      await page.locator(':focus', { hasText: 'Skip to the content' }).waitFor();
      await page.keyboard.press('Enter');
      await page.locator('main:focus').waitFor();
      await desk.navigation.getByRole('link', { name: 'People' }).focus();
      await page.keyboard.press('Enter');
      await page.locator('h1:focus', { hasText: 'People' }).waitFor();
    }));

  it('fits a phone', () =>
    browser.step('use a phone', () =>
      onPhone(async (fits) => {
        for (const name of ['People', 'Roles', 'API keys', 'Provisioning (SCIM)', 'Applications']) {
          await desk.goTo(name);
          await page.getByRole('main').locator('table, .empty').first().waitFor();
          await fits();
        }
      }),
    ));

  it('lets somebody ask for a role for a while, and somebody else approve it', () =>
    browser.step('ask for a role', async () => {
      await desk.signOut();
      await signIn(operator);
      await desk.goTo('Elevations');
      await page.getByText('You have asked for no role').waitFor();
      await desk.press('Ask for a role');
      await desk.dialog.getByLabel('Role').selectOption('owner');
      await desk.fill({ Minutes: '30', Reason: 'The invoice of January' });
      await expectAccessible();
      await desk.submit('Ask');
      await desk.row('owner').getByText('waits for an answer').waitFor();
      await desk.signOut();
      // They own the environment too.
      await signIn(owner, 'Acme Works');
      await desk.goTo('Elevations');
      await expectAccessible();
      await desk.press('Approve: owner, Otis Park');
      await desk.row('Otis Park').getByText('active').waitFor();
    }));

  it('removes somebody from the tenant', () =>
    browser.step('remove somebody', async () => {
      await desk.goTo('People');
      await desk.row('Otis Park').getByRole('link').click();
      await desk.press('Remove from the tenant');
      await desk.submit('Remove from the tenant');
      await desk.heading('People').waitFor();
      await desk.row('Otis Park').waitFor({ state: 'hidden' });
    }));

  it('tells somebody whose roles don’t allow a page what it takes, and does not offer it', () =>
    browser.step('look as a viewer', async () => {
      await desk.signOut();
      await signIn(viewer);
      await desk.open('/api-keys');
      await page.getByText('takes the permission api-key:read').waitFor();
      await desk.navigation.waitFor();
      expect(await desk.navigation.getByRole('link', { name: 'API keys' }).count()).toBe(0);
      await desk.open('/nowhere');
      await desk.heading('Nothing here').waitFor();
      await expectAccessible();
    }));

  it('lets somebody leave the tenant, and signs them out with it', () =>
    browser.step('leave the tenant', async () => {
      await desk.goTo('Your account');
      await desk.press('Leave the tenant');
      await desk.fill({ 'The tenant’s short name: acme': 'globex' });
      await desk.submit('Leave the tenant');
      await desk.dialog.getByRole('alert').waitFor();
      await desk.fill({ 'The tenant’s short name: acme': 'acme' });
      await desk.submit('Leave the tenant');
      await desk.heading('Sign in to your tenant’s console').waitFor();
    }));

  it('shows those who run the platform a tenant being provisioned, live', () =>
    browser.step('create a tenant', async () => {
      await signIn(platformOperator);
      await desk.goTo('Tenants');
      await desk.row('Globex Energy').waitFor();
      await desk.press('New tenant');
      await desk.fill({ Name: 'Initech', 'Short name': 'initech' });
      await desk.submit('New tenant');
      await desk.heading('Initech').waitFor();
      await page.getByRole('rowheader', { name: /^default-checks/ }).waitFor();
      await page.locator('dd', { hasText: /^done$/ }).waitFor({ timeout: 30_000 });
      await page.locator('dd', { hasText: /^ready$/ }).waitFor();
      await expectUsable();
    }));

  it('lets them suspend a tenant and open it again, for a reason that is kept', () =>
    browser.step('suspend a tenant', async () => {
      await desk.press('Suspend');
      await desk.fill({ Reason: 'Unpaid since May' });
      await expectAccessible();
      await desk.submit('Suspend');
      await page.getByText('Unpaid since May').waitFor();
      await page.locator('dd', { hasText: /^suspended$/ }).waitFor();
      await desk.press('Open again');
      await desk.submit('Open again');
      await page.locator('dd', { hasText: /^ready$/ }).waitFor();
    }));

  it('lets them move a tenant to another region, and shows it arrive', () =>
    browser.step('move a tenant', async () => {
      await desk.press('Move to another region');
      await desk.dialog.getByLabel('Region to move to').selectOption('us');
      await desk.submit('Move to another region');
      await page.getByRole('heading', { name: 'Move from eu to us' }).waitFor();
      await page.locator('dd', { hasText: /^us$/ }).waitFor({ timeout: 30_000 });
      await desk.row('systemhealth').filter({ hasText: 'moved' }).waitFor();
    }));

  it('lets them delete a tenant by its short name, and change their mind', () =>
    browser.step('delete a tenant', async () => {
      await desk.press('Delete');
      await desk.fill({ 'Its short name: initech': 'acme' });
      await desk.submit('Delete');
      await desk.dialog.getByRole('alert').waitFor();
      await desk.fill({ 'Its short name: initech': 'initech' });
      await desk.submit('Delete');
      await page.locator('dd', { hasText: /^to be deleted$/ }).waitFor();
      await page.getByRole('heading', { name: 'Deletion' }).waitFor();
      await expectUsable();
      await desk.press('Keep');
      await desk.submit('Keep');
      await page.locator('dd', { hasText: /^ready$/ }).waitFor();
    }));

  it('says in a sentence that the platform is away, and goes on once it is back', () =>
    browser.step('lose nginx', async () => {
      await desk.goTo('Tenants');
      await platform.stack.services.nginx.kill();
      try {
        await desk.goTo('People');
        await page.getByRole('alert').filter({ hasText: 'The platform does not answer' }).waitFor();
        await expectAccessible();
      } finally {
        await platform.stack.services.nginx.start();
      }
      await desk.press('Try again');
      await page.getByText(platformOperator).waitFor();
    }));

  it('was never answered with a server error', () => expect(browser.serverErrors).toEqual([]));
});

async function statusOf(secret: string): Promise<number> {
  const response = await fetch(`${platform.stack.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
    signal: AbortSignal.timeout(10_000),
  });
  return response.status;
}
