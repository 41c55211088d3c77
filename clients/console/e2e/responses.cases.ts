// What is done about findings, from their page on: somebody is blocked and let in again, others approve, and what is never
// blocked, never found, riskiest and reached is shown.
import { beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { Desk } from './dashboards.cases.ts';
import { onStage } from './stage.ts';

export interface ResponseDesk extends Desk {
  /** Somebody of the same tenant who may propose, and not approve. */
  operator: string;
}

const title = 'Somebody asks for what they may not see, again and again';

export function responseCases(at: () => ResponseDesk): void {
  const { step, send, query, expectUsable, isLive, onPhone } = onStage(at);
  /** The viewer's id: whom it is all about. */
  let target: string;
  beforeAll(async () => {
    const { viewer } = await query<{ viewer: { id: string } }>('{ viewer { id } }', { as: at().viewer });
    target = viewer.id;
  });

  const isBlocked = async () => (await send('{ viewer { id } }', { as: at().viewer })).status === 403;
  /** A finding about the viewer, who asks for what they may not see. */
  const openFinding = async () => {
    const { desk, viewer, browser } = at();
    const { page } = browser;
    const tries = Array.from({ length: 24 }, (_, n) =>
      send(`query Tried${n} { viewer { id } securityEvents { nodes { id } } }`, { as: viewer }),
    );
    await Promise.all(tries);
    await desk.goTo('Findings');
    await page.getByRole('link', { name: title }).first().click();
    await desk.heading(title).waitFor();
  };

  it('blocks somebody from the page of what was found of them, and lets them in again', () =>
    step('block and undo', async ({ desk, browser: { page } }) => {
      await openFinding();
      await page.getByText('Nothing yet.').waitFor();
      await desk.press('Evaluate again');
      await page.getByText('The same is found again.').waitFor();
      await desk.press('Do something');
      await expectUsable();
      await desk.dialog.getByLabel('What', { exact: true }).selectOption('BLOCK');
      await desk.fill({ Why: 'It goes on and on.', 'For how many minutes': '30' });
      await desk.submit('Do something');
      await desk.told('It is noted.');
      const row = page.getByRole('row').filter({ hasText: 'Block at the gateway' });
      await row.getByText('done', { exact: true }).waitFor();
      await eventually(() => isBlocked());
      await expectUsable();
      await row.getByRole('button', { name: /^Undo/ }).click();
      await row.getByText('undone', { exact: true }).waitFor();
      await eventually(async () => !(await isBlocked()));
    }));

  it('suppresses a finding from its page', () =>
    step('suppress', async ({ desk }) => {
      await desk.press('Suppress');
      await expectUsable();
      await desk.fill({ Why: 'Known.' });
      await desk.submit('Suppress');
      await desk.told('It is suppressed from now on.');
    }));

  it('approves what somebody else proposed', () =>
    step('approve', async ({ desk, operator, browser: { page } }) => {
      const input = { kind: 'BLOCK', targetKind: 'PERSON', target, reason: 'To be sure', mode: 'APPROVAL' };
      const propose = `mutation ($input: ProposeResponseInput!) {
        proposeResponse(input: $input) { response { id } errors { message } } }`;
      const proposed = await query(propose, { as: operator, variables: { input } });
      expect(proposed).toMatchObject({ proposeResponse: { errors: [] } });
      await desk.goTo('Responses');
      const row = page.getByRole('row').filter({ hasText: 'To be sure' });
      await row.getByText('waits for approval').waitFor();
      await expectUsable();
      await row.getByRole('button', { name: /^Approve/ }).click();
      await row.getByText('done', { exact: true }).waitFor();
      await eventually(() => isBlocked());
    }));

  it('keeps whom the allow-list names from being blocked, and lifts what holds', () =>
    step('allow', async ({ desk, browser: { page } }) => {
      await desk.goTo('Allow-list');
      await page.getByText('Nobody is on the list.').waitFor();
      await desk.press('Add an entry');
      await expectUsable();
      await desk.fill({ Value: target, Why: 'Our auditor' });
      await desk.submit('Add an entry');
      await desk.told('Added. One block was lifted.');
      await eventually(async () => !(await isBlocked()));
      await expectUsable();
      await desk
        .row(target)
        .getByRole('button', { name: /^Remove/ })
        .click();
      await desk.submit('Remove');
      await desk.told('Removed.');
    }));

  it('says what is done by itself', () =>
    step('add a policy', async ({ desk, browser: { page } }) => {
      await desk.goTo('Response policies');
      await page.getByText('Nothing is done by itself.').waitFor();
      await desk.press('Add a policy');
      await expectUsable();
      await desk.fill({ Name: 'Stolen tokens' });
      await desk.submit('Add a policy');
      await desk.told('Stolen tokens: holds from now on.');
      await desk.row('Stolen tokens').getByText('Block at the gateway').waitFor();
      await desk.press('Change: Stolen tokens');
      await desk.dialog.getByLabel('From severity').selectOption('critical');
      await desk.dialog.getByLabel('It holds').uncheck();
      await expectUsable();
      await desk.submit('Change');
      const row = page.getByRole('row').filter({ hasText: 'Stolen tokens' });
      await row.getByText('off', { exact: true }).waitFor();
      await row.getByText('critical').waitFor();
      await expectUsable();
      await row.getByRole('button', { name: /^Delete/ }).click();
      await desk.submit('Delete');
      await desk.told('Stolen tokens: holds no more.');
    }));

  it('shows of whom the worst was found, and who reached what, on a phone too', () =>
    step('look at risk and access', async ({ desk, browser: { page } }) => {
      await desk.goTo('Risk');
      await page.getByRole('link', { name: title }).first().waitFor();
      await isLive();
      await expectUsable();
      await desk.goTo('Access map');
      await page.getByRole('cell', { name: 'Query.securityEvents' }).first().waitFor();
      // Live: what happens now is added without anybody asking.
      await isLive();
      await page.getByLabel('What', { exact: true }).fill('viewer');
      await desk.press('Show');
      await page.getByText('Nothing of the last day is like that.').waitFor();
      expect(new URL(page.url()).search).toBe('?what=viewer');
      await page.goBack();
      await expectUsable();
      await onPhone(async (fits) => {
        for (const path of ['/access-map', '/risk', '/responses', '/response-policies', '/allow-list']) {
          await desk.open(path);
          await page.getByRole('main').locator('table, .empty').first().waitFor();
          await fits();
        }
      });
    }));
}
