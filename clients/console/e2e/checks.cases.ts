// Checks that people make and change on a service's page: of what kind, with what conditions, and a heartbeat's URL once.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { startTarget, type Target } from '../../../subgraphs/systemhealth/src/testing/target.ts';
import type { Desk } from './dashboards.cases.ts';
import { onStage } from './stage.ts';

export function checkCases(at: () => Desk): void {
  const { step, query, expectAccessible, expectUsable, onPhone } = onStage(at);
  let target: Target;
  let serviceId: string;
  beforeAll(async () => {
    target = await startTarget();
    const { createService } = await query<{ createService: { service: { id: string } } }>(
      'mutation { createService(input: { name: "Press" }) { service { id } } }',
      { as: at().email },
    );
    serviceId = createService.service.id;
  });
  afterAll(async () => {
    await target?.stop();
  });

  const check = (name: string) => at().browser.page.getByRole('region', { name, exact: true });

  it('adds a check with a condition, and shows what it finds', () =>
    step('add a check', async ({ desk, browser: { page } }) => {
      await desk.open(`/services/${serviceId}`);
      await page.getByText('Nothing watches this service yet').waitFor();
      await page.getByRole('button', { name: 'Add a check' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a check' });
      await dialog.getByLabel('Name', { exact: true }).fill('Front door');
      await dialog.getByLabel('Target').fill(`${target.url}/door`);
      await dialog.getByLabel('Seconds from run to run').fill('5');
      await dialog.getByLabel('Seconds until a run counts as failed').fill('1');
      await dialog.getByRole('button', { name: 'Add a condition' }).click();
      await dialog.getByRole('group', { name: 'Condition 1' }).getByLabel('Value').fill('fine');
      await expectUsable();
      await dialog.getByRole('button', { name: 'Add a check' }).click();
      await check('Front door').getByText('up', { exact: true }).waitFor();
      await expectUsable();
    }));

  it('says what is wrong with what was typed, and keeps it', () =>
    step('be refused', async ({ browser: { page } }) => {
      await page.getByRole('button', { name: 'Add a check' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a check' });
      await dialog.getByLabel('Name', { exact: true }).fill('Cache');
      await dialog.getByLabel('What to look at').selectOption('Redis');
      await dialog.getByLabel('Target').fill('redis://10.0.0.1');
      await dialog.getByRole('button', { name: 'Add a check' }).click();
      await dialog.getByText('not on a public address').waitFor();
      expect(await dialog.getByLabel('Name', { exact: true }).inputValue()).toBe('Cache');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }));

  it('changes a check, whose next run goes by the change', () =>
    step('change a check', async ({ browser: { page } }) => {
      await page.getByRole('button', { name: 'Change Front door' }).click();
      const dialog = page.getByRole('dialog', { name: 'Change the check' });
      const condition = dialog.getByRole('group', { name: 'Condition 1' });
      await condition.waitFor();
      expect(await condition.getByLabel('Value').inputValue()).toBe('fine');
      await condition.getByLabel('Value').fill('bad');
      await expectAccessible();
      await dialog.getByRole('button', { name: 'Change the check' }).click();
      await check('Front door').getByText('the body does not contain “bad”').waitFor();
    }));

  it('pauses a check, resumes it, and deletes it', () =>
    step('pause a check', async ({ desk }) => {
      await desk.press('Pause: Front door');
      await desk.submit('Pause');
      await check('Front door').getByText('paused', { exact: true }).waitFor();
      await desk.press('Resume: Front door');
      await desk.submit('Resume');
      await check('Front door').getByText('paused', { exact: true }).waitFor({ state: 'detached' });
      await desk.press('Delete: Front door');
      await desk.submit('Delete');
      await check('Front door').waitFor({ state: 'detached' });
    }));

  it('shows a heartbeat’s URL once, and its calls', () =>
    step('add a heartbeat', async ({ browser: { page } }) => {
      await page.getByRole('button', { name: 'Add a check' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a check' });
      await dialog.getByLabel('Name', { exact: true }).fill('Backup');
      await dialog.getByLabel('What to look at').selectOption('HEARTBEAT');
      await expectAccessible();
      await dialog.getByRole('button', { name: 'Add a check' }).click();
      const secret = page.locator('code.secret');
      await secret.waitFor();
      const url = (await secret.textContent()) ?? '';
      expect(url.startsWith(`${at().platform.stack.origin}/health/heartbeats/`)).toBe(true);
      await expectUsable();
      await page.getByRole('button', { name: 'Close' }).click();
      await check('Backup').getByText('unknown', { exact: true }).waitFor();
      // Through the public edge.
      await eventually(async () => expect((await fetch(url, { method: 'POST' })).status).toBe(200));
      await check('Backup').getByText('up', { exact: true }).waitFor();
      expect(await page.content()).not.toContain(url.split('/').at(-1));
    }));

  it('can be changed on a phone', () =>
    step('use a phone', ({ browser: { page } }) =>
      onPhone(async (fits) => {
        await fits();
        await page.getByRole('button', { name: 'Add a check' }).click();
        await page.getByRole('dialog', { name: 'Add a check' }).waitFor();
        await fits();
        await page.keyboard.press('Escape');
      }),
    ));
}
