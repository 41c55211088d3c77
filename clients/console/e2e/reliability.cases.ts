// Incidents, objectives and the public status page: what people promise, what goes wrong, and what everybody may see of it.
import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { phoneViewport } from '../../../gateway/e2e/browser/browser.ts';
import { accessibilityFaults } from '../../../infra/local/testing/accessibility.ts';
import type { Desk } from './dashboards.cases.ts';
import { onStage } from './stage.ts';

export function reliabilityCases(at: () => Desk): void {
  const { step, expectAccessible, expectUsable, isLive, onPhone } = onStage(at);

  it('adds an objective by its document, says where a wrong one is wrong, and shows its budget', () =>
    step('add an objective', async ({ desk, browser: { page } }) => {
      await desk.open('/slos');
      await page.getByText('There is no objective yet.').waitFor();
      await desk.press('Add an objective');
      const dialog = page.getByRole('dialog');
      const field = dialog.getByLabel('OpenSLO document');
      await field.waitFor();
      const document = await field.inputValue();
      await field.fill(document.replace('0.999', '1.5'));
      await dialog.getByRole('button', { name: 'Add an objective' }).click();
      await dialog.getByText(/must be above 0 and below 1/).waitFor();
      await expectAccessible();
      await field.fill(document);
      await dialog.getByRole('button', { name: 'Add an objective' }).click();
      await page.getByRole('heading', { level: 1, name: 'Availability' }).waitFor();
      await isLive();
      await page.getByRole('row').filter({ hasText: '1 h / 5 min' }).filter({ hasText: 'a page' }).waitFor();
      await page.getByText(/good of \d+/).waitFor();
      await page.getByRole('img', { name: /known days/ }).waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
    }));

  it('works on an incident: opens it, gives a role, tells how it goes, and leaves a postmortem', () =>
    step('work on an incident', async ({ desk, browser: { page } }) => {
      await desk.open('/incidents');
      await page.getByText('There was no incident yet.').waitFor();
      await desk.press('Open an incident');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('What is wrong').fill('The cart is slow');
      await expectAccessible();
      await dialog.getByRole('button', { name: 'Open an incident' }).click();
      await page.getByRole('heading', { level: 1, name: 'The cart is slow' }).waitFor();
      await isLive();
      await desk.press('Acknowledge');
      await page.getByRole('row').filter({ hasText: 'somebody takes care of it' }).waitFor();
      await desk.press('Give a role');
      await dialog.getByLabel('Who').selectOption({ index: 1 });
      await dialog.getByRole('button', { name: 'Give a role' }).click();
      await page.getByRole('row').filter({ hasText: 'role: Commander' }).waitFor();
      await desk.press('Post an update');
      await dialog.getByLabel('Status', { exact: true }).selectOption('IDENTIFIED');
      await dialog.getByLabel('Message', { exact: true }).fill('An index is missing; we add it.');
      await dialog.getByLabel('Show this on the public status page').check();
      await dialog.getByRole('button', { name: 'Post' }).click();
      await page
        .getByRole('row')
        .filter({ hasText: 'An index is missing' })
        .filter({ hasText: 'public' })
        .waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
      await desk.press('Change');
      await desk.fill({ 'Who noticed what': 'Buyers waited for a minute.' });
      await dialog.getByRole('button', { name: 'Add something to do' }).click();
      await desk.fill({ 'What is to be done': 'Add the index' });
      await dialog.getByLabel('Who, 1').selectOption({ label: 'Olivia Ortega' });
      await expectUsable();
      await dialog.getByRole('button', { name: 'Change' }).click();
      await desk.row('Add the index').getByText('Olivia Ortega').waitFor();
      const downloading = page.waitForEvent('download');
      await desk.press('Save the postmortem');
      const download = await downloading;
      expect(download.suggestedFilename()).toBe('postmortem-the-cart-is-slow.md');
      expect(await readFile(await download.path(), 'utf8')).toMatch(
        /^# Postmortem: The cart is slow.*Buyers waited for a minute.*Add the index/s,
      );
    }));

  it('shows everybody a status page once the tenant says so, and changes it as it happens', () =>
    step('publish a status page', async ({ desk, platform, browser: { page } }) => {
      await desk.open('/status-page');
      await page.getByText('There is no public page.').waitFor();
      await page.getByLabel('Address').fill('acme');
      await page.getByLabel('Name of the page').fill('Acme status');
      await page.getByRole('checkbox').first().check();
      await page.getByLabel('The page is public').check();
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('link', { name: `${platform.stack.origin}/status/acme` }).waitFor();
      await expectUsable();

      // Somebody whom nobody knows.
      const browser = page.context().browser();
      if (browser === null) throw new Error('The page is of no browser.');
      const outside = await browser.newContext({ viewport: phoneViewport });
      try {
        const visitor = await outside.newPage();
        await visitor.goto(`${platform.stack.origin}/status/acme`);
        await visitor.getByRole('heading', { level: 1, name: 'Acme status' }).waitFor();
        await visitor.getByText('An index is missing; we add it.').waitFor();
        expect(await accessibilityFaults(visitor)).toEqual([]);
        const feed = await visitor.locator('head link[type="application/atom+xml"]').getAttribute('href');
        const told = await fetch(new URL(feed ?? '', platform.stack.origin));
        expect([told.status, told.headers.get('content-type'), told.headers.get('cache-control')]).toEqual([
          ...[200, 'application/atom+xml; charset=utf-8', 'public, max-age=60'],
        ]);
        expect(await told.text()).toContain('Identified: The cart is slow');
        await desk.open('/incidents');
        await page.getByRole('link', { name: 'The cart is slow' }).click();
        await desk.press('Post an update');
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Status', { exact: true }).selectOption('RESOLVED');
        await dialog.getByLabel('Message', { exact: true }).fill('It is fast again.');
        await dialog.getByLabel('Show this on the public status page').check();
        await dialog.getByRole('button', { name: 'Post' }).click();
        await visitor.getByText('It is fast again.').waitFor();
        await visitor.goto(`${platform.stack.origin}/status/nobody`);
        await visitor.getByText('There is no such page.').waitFor();
      } finally {
        await outside.close();
      }
    }));
}
