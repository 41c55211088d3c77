// The newcomer's first minutes, in a real browser against a whole private platform.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildClient } from '../../../infra/local/client-build.ts';
import { type PrivatePlatform, root, startPrivatePlatform } from '../../../infra/local/private-platform.ts';
import type { Stack } from '../../../infra/local/stack.ts';
import { type ObservedBrowser, openBrowser, phoneViewport, wideViewport } from './browser.ts';
import { ExplorerPage } from './explorer-page.ts';

const owner = 'owner@acme.test';
const operator = 'operator@acme.test';
const viewer = 'viewer@acme.test';

let platform: PrivatePlatform;
let stack: Stack;
let browser: ObservedBrowser;
let explorer: ExplorerPage;

beforeAll(async () => {
  platform = await startPrivatePlatform({ prepare: () => buildClient(root, 'explorer', process.env) });
  stack = platform.stack;
  browser = await openBrowser(join(root, 'coverage', 'browser'));
  explorer = new ExplorerPage(browser.page, stack.origin);
}, 480_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
}, 480_000);

describe('the explorer, for somebody new', () => {
  it('says what to do before anyone has signed in', () =>
    browser.step('open the explorer', () => explorer.open()));

  it('signs in on the real sign-in page and shows the account with its tenant', () =>
    browser.step('sign in', async () => {
      await explorer.signIn({ email: owner, password: platform.passwordOf(owner) });
      await explorer.account.filter({ hasText: /acme/i }).waitFor();
    }));

  it('opens on a query that three subgraphs answer together', () =>
    browser.step('run the opening query', async () => {
      await explorer.openTab('Welcome');
      await explorer.runUntil([/"name":\s*"Acme/i, /"status":\s*"UP"/, /"SIGN_IN_SUCCEEDED"/], 60_000);
    }));

  it('documents the schema', () =>
    browser.step('open the documentation', async () => {
      await explorer.showDocumentation();
      await explorer.documentation.getByRole('link', { name: 'Query', exact: true }).waitFor();
      await explorer.hideDocumentation();
    }));

  it('shows the plan of the query in the editor: who is asked for what, after what', () =>
    browser.step('open the plan', async () => {
      const plan = await explorer.openPanel('Query plan');
      await plan.getByText(/query Welcome, costs at most \d+ of 10,000/).waitFor();
      for (const subgraph of ['arthemiz', 'systemhealth', 'sentinel'])
        await plan.locator('summary', { hasText: subgraph }).first().waitFor();
      await plan.getByText('At the same time').waitFor();
      // It was run just before.
      await plan.locator('.duration', { hasText: /\d ms/ }).first().waitFor();
      await plan.getByLabel('Timings of the last run').getByText('authorize').waitFor();
      await plan.getByText('securityEvents(first: 5)').waitFor();
      await explorer.closePanel('Query plan');
    }));

  it('tells of the field at the cursor who answers it and what it takes', () =>
    browser.step('put the cursor into a field', async () => {
      await explorer.putCursorInto('securityEvents');
      await explorer.fieldAtCursor
        .filter({
          hasText: /Tenant\.securityEvents\s*sentinel\s*takes security-event:read\s*counts as 20 items/,
        })
        .waitFor();
      await explorer.putCursorInto('services');
      await explorer.fieldAtCursor.filter({ hasText: /Tenant\.services\s*systemhealth/ }).waitFor();
    }));

  it('draws the schema, and fetches the drawing’s program no sooner', () =>
    browser.step('open the schema graph', async () => {
      const drawn = () =>
        browser.page.evaluate(() =>
          performance.getEntriesByType('resource').some(({ name }) => name.includes('GraphCanvas')),
        );
      expect(await drawn()).toBe(false);
      const graph = await explorer.openPanel('Schema graph');
      await graph.getByRole('heading', { name: /Tenant$/ }).waitFor();
      expect(await drawn()).toBe(true);
      await graph.getByRole('combobox', { name: 'Start at' }).selectOption('Mutation');
      await graph.getByRole('heading', { name: /CreateServicePayload$/ }).waitFor();
      await explorer.closePanel('Schema graph');
    }));

  it('shows the editor and the answer below it on a phone', () =>
    browser.step('use a phone', async () => {
      await browser.page.setViewportSize(phoneViewport);
      try {
        const { editor, response, page } = await explorer.widths();
        expect(editor).toBeGreaterThan(300);
        expect(response).toBeGreaterThan(300);
        expect(page).toBe(phoneViewport.width);
        await explorer.runUntil([/"name":\s*"Acme/i], 60_000);
        for (const name of ['Query plan', 'Schema graph'] as const) {
          const panel = await explorer.openPanel(name);
          expect((await panel.boundingBox())?.width).toBeGreaterThan(300);
          expect((await explorer.widths()).page).toBe(phoneViewport.width);
          await explorer.closePanel(name);
        }
      } finally {
        await browser.page.setViewportSize(wideViewport);
      }
    }));

  it('says in a sentence that the platform is away, and answers once it is back', () =>
    browser.step('query while nginx is away', async () => {
      await stack.services.nginx.kill();
      try {
        const answer = await explorer.run();
        expect(answer).toMatch(/"message":\s*"The\s*platform\s*does\s*not\s*answer/);
        expect(answer).not.toMatch(/stack|Failed/);
      } finally {
        await stack.services.nginx.start();
      }
      await explorer.runUntil([/"name":\s*"Acme/i], 60_000);
    }));

  it('says that the live connection is lost while the gateway is away, and that it is back', () =>
    browser.step('lose the live connection', async () => {
      await explorer.openTab('HealthChanges');
      await explorer.subscribe();
      await explorer.liveStatus(/^Live$/).waitFor();
      await stack.processes.gateway.kill();
      try {
        await explorer.liveStatus(/lost.*Reconnecting/).waitFor();
      } finally {
        await stack.processes.gateway.start();
      }
      await explorer.liveStatus(/^Live again since/).waitFor({ timeout: 30_000 });
    }));

  it('sees over the restored connection a subgraph go down when its process is killed, and up when it is back', () =>
    browser.step('watch health change', async () => {
      await stack.processes.sentinel.kill();
      await explorer.sees([/"status":\s*"DOWN"/, /"name":\s*"Sentinel"/, /"name":\s*"Acme/], 60_000);
      await stack.processes.sentinel.start();
      await explorer.sees([/"status":\s*"UP"/, /"previousStatus":\s*"DOWN"/, /"name":\s*"Sentinel"/], 60_000);
    }));

  it('marks what somebody else may not see, and plans nothing for it', () =>
    browser.step('look at a query as an operator', async () => {
      await explorer.signOut();
      await explorer.signIn({ email: operator, password: platform.passwordOf(operator) });
      await explorer.write('query Roles { tenant { name roles { name } } }');
      await explorer.deniedMarks.first().waitFor();
      const plan = await explorer.openPanel('Query plan');
      await plan.getByText('Tenant.roles takes role:read').waitFor();
      expect(await plan.locator('summary').count()).toBe(1);
      await plan.getByRole('button', { name: 'line 1' }).click();
      await explorer.fieldAtCursor.filter({ hasText: /Tenant\.roles.*denied to you/ }).waitFor();
      await explorer.closePanel('Query plan');
    }));

  it('says what somebody lacks who may not learn the schema', () =>
    browser.step('look at the plan as a viewer', async () => {
      await explorer.signOut();
      await explorer.signIn({ email: viewer, password: platform.passwordOf(viewer) });
      await explorer.fieldAtCursor.filter({ hasText: /takes schema:read/ }).waitFor();
      for (const name of ['Query plan', 'Schema graph'] as const) {
        const panel = await explorer.openPanel(name);
        await panel.filter({ hasText: /schema.*takes schema:read/ }).waitFor();
        await explorer.closePanel(name);
      }
    }));

  it('was never answered with a server error', () => expect(browser.serverErrors).toEqual([]));

  it('signs out so that the next sign-in asks for the password again', () =>
    browser.step('sign out', async () => {
      await explorer.signOut();
      await explorer.goToSignIn();
    }));
});
