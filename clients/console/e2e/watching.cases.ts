// What people set up to be told, and not to be: channels and escalation, maintenance and inhibitions, rules, suppressions,
// canaries; and what the month came to.
import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import type { Desk } from './dashboards.cases.ts';
import { onStage } from './stage.ts';

export function watchingCases(at: () => Desk): void {
  const { step, query, expectAccessible, expectUsable, onPhone } = onStage(at);

  it('adds a channel, shows its secret once, tests it, and has a policy escalate to it', () =>
    step('add a channel', async ({ desk, platform, browser: { page } }) => {
      await desk.goTo('Notifications');
      await page.getByText('There is no channel').waitFor();
      await desk.press('Add a channel');
      await desk.dialog.getByLabel('How', { exact: true }).selectOption('webhook');
      await desk.fill({ Name: 'Pager', URL: `${platform.stack.origin}/nobody` });
      await expectUsable();
      await desk.submit('Add a channel');
      const secret = (await desk.dialog.locator('code.secret').textContent()) ?? '';
      expect(secret).toMatch(/^whsec_/);
      await desk.submit('Close');
      expect(await page.content()).not.toContain(secret);
      await desk.press('Send a test: Pager');
      await desk.submit('Send a test');
      await desk.told('A test is on its way; the delivery log says how it went.');
      const log = page.getByRole('region', { name: 'Notifications, newest first' });
      await log.getByRole('row').filter({ hasText: 'Pager' }).filter({ hasText: 'a test' }).waitFor();
      await desk.press('Add a policy');
      await desk.fill({ Name: 'At night', 'After minutes': '10' });
      await desk.dialog.getByRole('group', { name: 'At once' }).getByLabel('Pager').check();
      await desk.dialog.getByRole('group', { name: 'If nobody' }).getByLabel('Pager').check();
      await expectAccessible();
      await desk.submit('Add a policy');
      await desk.row('At night').getByText('after 10 min: Pager').waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
      await desk.press('Delete: At night');
      await desk.submit('Delete');
      await desk.press('Delete: Pager');
      await desk.submit('Delete');
      await page.getByText('There is no channel').waitFor();
    }));

  it('announces work and ends it, and lets one alert explain others', () =>
    step('announce work', async ({ desk, browser: { page } }) => {
      await desk.goTo('Maintenance and silences');
      await page.getByText('No work is announced.').waitFor();
      await desk.press('Announce work');
      await desk.fill({ 'What is done': 'New disks' });
      await expectUsable();
      await desk.submit('Announce work');
      await desk.row('New disks').getByText('now', { exact: true }).waitFor();
      await desk.press('Add an inhibition');
      await desk.fill({ 'What explains': 'service', 'What is quiet then': 'service=shop' });
      const source = desk.dialog.getByLabel('What explains');
      expect(await source.evaluate((field: HTMLTextAreaElement) => field.validationMessage)).toMatch(
        /one label a line/,
      );
      await desk.fill({ 'What explains': 'service=database' });
      await expectAccessible();
      await desk.submit('Add an inhibition');
      await desk.row('service=database').getByText('service=shop').waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
      await desk.press('End: New disks');
      await desk.submit('End');
      await desk.row('New disks').getByText('over').waitFor();
      await desk.press('Delete: service=database');
      await desk.submit('Delete');
      await page.getByText('No alert explains another.').waitFor();
    }));

  it('adds a rule that shows by examples what it finds, tries it over the past, and turns it off', () =>
    step('add a detection rule', async ({ desk, browser: { page } }) => {
      await desk.goTo('Detection rules');
      await desk.press('Add a rule');
      const sigma = desk.dialog.getByLabel('Rule as Sigma');
      const text = await sigma.inputValue();
      await sigma.fill(text.replace('level: medium', 'level: dreadful'));
      await desk.submit('Add a rule');
      await desk.dialog.getByRole('alert').waitFor();
      await expectUsable();
      await sigma.fill(text);
      await desk.submit('Add a rule');
      await desk.heading('A program signs in from another country').waitFor();
      await page.getByText('the tenant’s own').waitFor();
      await desk.press('Try it over the past');
      await page.getByText(/events were looked at, and nothing would have been found/).waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
      await desk.press('Turn off');
      await desk.submit('Turn off');
      await page.locator('dd', { hasText: /^off$/ }).waitFor();
      await desk.goTo('Detection rules');
      await desk.row('A program signs in from another country').getByText('off').waitFor();
      await expectAccessible();
      await desk.open('/detection-rules/rul_none');
      await page.getByText('There is no such rule').waitFor();
    }));

  it('suppresses what nobody wants to be told, with an end', () =>
    step('suppress something', async ({ desk, browser: { page } }) => {
      await desk.goTo('Suppressions');
      await desk.press('Suppress something');
      await desk.fill({ Field: 'actor.user.uid', Value: 'per_robot', Why: 'Our own scanner' });
      await desk.fill({ 'Until; empty: for good': '2099-01-01T00:00' });
      await expectAccessible();
      await desk.submit('Suppress something');
      const row = page.getByRole('row').filter({ hasText: 'Our own scanner' });
      await row.getByText('actor.user.uid=per_robot').waitFor();
      await row.getByText('2099').waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
      await desk.press('End: Our own scanner');
      await desk.submit('End');
      await row.waitFor({ state: 'detached' });
    }));

  it('lays out a canary', () =>
    step('add a canary', async ({ desk, browser: { page } }) => {
      await desk.goTo('Canaries');
      await page.getByText('Nothing is laid out.').waitFor();
      await desk.press('Add a canary');
      await desk.dialog.getByLabel('What', { exact: true }).selectOption('a field');
      await desk.fill({ Name: 'Nobody reads this', Which: 'Finding.title' });
      await expectAccessible();
      await desk.submit('Add a canary');
      await desk.row('Nobody reads this').getByText('Finding.title').waitFor();
      await expectUsable();
      await onPhone((fits) => fits());
      await desk.press('Remove: Nobody reads this');
      await desk.submit('Remove');
      await page.getByText('Nothing is laid out.').waitFor();
    }));

  it('shows what a month came to, by its address, and saves it', () =>
    step('look at a month', async ({ desk, email, browser: { page } }) => {
      const month = new Date().toISOString().slice(0, 7);
      const { slaReport } = await query<{ slaReport: { parts: { name: string }[] } | null }>(
        'query ($month: String!) { slaReport(month: $month) { parts { name } } }',
        { as: email, variables: { month } },
      );
      await desk.open('/sla?month=2020-01');
      await page.getByText('Nothing was promised for this month').waitFor();
      await page.getByLabel('Month').fill(month);
      await page.waitForURL(`**/sla?month=${month}`);
      const [part] = slaReport?.parts ?? [];
      if (part !== undefined) {
        await desk.row(part.name).waitFor();
        const downloading = page.waitForEvent('download');
        await desk.press('Save as CSV');
        const download = await downloading;
        expect(download.suggestedFilename()).toBe(`sla-${month}.csv`);
        expect(await readFile(await download.path(), 'utf8')).toContain(part.name);
      }
      await expectUsable();
      await onPhone((fits) => fits());
    }));

  it('adds a service by hand', () =>
    step('add a service', async ({ desk, browser: { page } }) => {
      await desk.goTo('Overview');
      await desk.press('Add a service');
      await desk.fill({ 'What people call it': 'Warehouse' });
      await desk.submit('Add a service');
      await desk.heading('Warehouse').waitFor();
      await page.getByText('Nothing watches this service yet').waitFor();
    }));
}
