// The live pages: what happens is shown without asking again, a cut loses nothing, and what is no longer known to be
// true says so.
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { WebSocketRoute } from 'playwright-core';
import type { ObservedBrowser } from '../../../gateway/e2e/browser/browser.ts';
import { startTarget, type Target } from '../../../subgraphs/systemhealth/src/testing/target.ts';
import { onStage, type Stage } from './stage.ts';

export interface Desk extends Stage {
  /** Of who is signed in at the desk: an owner. */
  email: string;
  /** Somebody of the same tenant who may see no security events. */
  viewer: string;
}

export function dashboardCases(at: () => Desk): void {
  let target: Target;
  const line = new Line();
  beforeAll(async () => {
    target = await startTarget();
    await line.lead(at().browser);
    // A sign-in would be counted among what happens.
    await query('{ viewer { id } }', { as: at().viewer });
  });
  afterAll(async () => {
    await target?.stop();
  });

  const { step, query, expectUsable, isLive, onPhone } = onStage(at);
  const tile = (name: string) => at().browser.page.getByRole('link', { name: new RegExp(`^${name}`) });
  /** Operations of different names are told apart, or they would be counted as one within a second. */
  const beDenied = (n: number) =>
    query(`query Denied${n} { viewer { id } securityEvents { nodes { id } } }`, { as: at().viewer });
  const happenings = async (most: number) => {
    const asked = await query<{ securityEvents: { nodes: { id: string }[] } }>(
      'query ($most: Int) { securityEvents(first: $most) { nodes { id } } }',
      { as: at().email, variables: { most } },
    );
    return asked.securityEvents.nodes.length;
  };

  it('shows every service as it stands, and each change at once', () =>
    step('watch the wall', async ({ desk, email, browser: { page } }) => {
      const { createService } = await query<{ createService: { service: { id: string } } }>(
        'mutation { createService(input: { name: "Shop" }) { service { id } } }',
        { as: email },
      );
      const input = {
        ...{ serviceId: createService.service.id, name: 'Front door', kind: 'HTTP', target: target.url },
        ...{ intervalMs: 5_000, timeoutMs: 1_000, downAfterMs: 0 },
      };
      const made = await query(
        `mutation ($input: CreateCheckInput!) { createCheck(input: $input) { check { id } errors { message } } }`,
        { as: email, variables: { input } },
      );
      expect(made).toMatchObject({ createCheck: { errors: [] } });
      await desk.open('/health');
      await desk.heading('Overview').waitFor();
      await isLive();
      await tile('Shop').filter({ hasText: 'up' }).waitFor();
      await expectUsable();
      await target.stop();
      await tile('Shop').filter({ hasText: 'down' }).waitFor();
      // What needs somebody comes first.
      expect(
        await page.getByRole('list', { name: 'Services' }).getByRole('link').first().textContent(),
      ).toMatch(/^Shop/);
      await target.start();
      await tile('Shop').filter({ hasText: 'up' }).waitFor();
    }));

  it('shows a service’s checks run by run, and what has changed', () =>
    step('watch a service', async ({ browser: { page } }) => {
      await tile('Shop').click();
      await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor();
      await isLive();
      const beats = page.locator('.heartbeats > span');
      const before = await beats.count();
      await eventually(async () => expect(await beats.count()).toBeGreaterThan(before));
      await page.getByRole('img', { name: /^Latency: last .* ms, p50 .* ms/ }).waitFor();
      await page.getByRole('row').filter({ hasText: 'down' }).first().waitFor();
      await expectUsable();
    }));

  it('shows a service by its address alone, and says when there is none', () =>
    step('open deep links', async ({ desk, browser: { page } }) => {
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Shop' }).waitFor();
      await desk.open('/services/svc_none');
      await page.getByText('There is no such service').waitFor();
      await page.getByRole('link', { name: 'To the overview' }).click();
      await desk.heading('Overview').waitFor();
    }));

  it('misses nothing of what happens during a cut, and says meanwhile that it is not the present', () =>
    step('cut the line', async ({ desk, browser: { page } }) => {
      await desk.goTo('Security feed');
      await isLive();
      const before = await happenings(100);
      const rows = page.getByRole('table').locator('tbody tr');
      await eventually(async () => expect(await rows.count()).toBe(before));
      await line.cut();
      try {
        await page.getByText(/^Connection lost at .* was true then/).waitFor();
        await Promise.all(Array.from({ length: 12 }, (_, n) => beDenied(n)));
        await eventually(async () => expect(await happenings(100)).toBe(before + 12));
        expect(await rows.count()).toBe(before);
      } finally {
        line.mend();
      }
      await isLive();
      await eventually(async () => expect(await rows.count()).toBe(before + 12));
      await expectUsable();
    }));

  it('shows a part of the feed by its address', () =>
    step('filter the feed', async ({ desk, browser: { page } }) => {
      await page.getByLabel('Show').selectOption('SIGN_IN_SUCCEEDED');
      await page.getByRole('rowheader', { name: 'signed in' }).first().waitFor();
      expect(new URL(page.url()).search).toBe('?type=SIGN_IN_SUCCEEDED');
      await page.reload();
      await page.getByRole('rowheader', { name: 'signed in' }).first().waitFor();
      expect(await page.getByRole('rowheader', { name: 'access denied' }).count()).toBe(0);
      await desk.press('Hold still');
      await desk.press('Go on');
    }));

  it('fires an alert for what is down, and shows who takes care of it until it is over', () =>
    step('follow an alert', async ({ desk, browser: { page } }) => {
      await desk.goTo('Alerts');
      await isLive();
      await target.stop();
      const firing = page.getByRole('row', { name: /Front door/ }).filter({ hasText: 'firing' });
      await firing.waitFor({ timeout: 60_000 });
      await expectUsable();
      await firing.getByRole('link').click();
      await desk.press('Acknowledge');
      await desk.fill({ 'What to say about it': 'On my way.' });
      await desk.submit('Acknowledge');
      await desk.told('It is yours.');
      await page.locator('dd', { hasText: /On my way\.$/ }).waitFor();
      await desk.press('Silence');
      await desk.fill({ Why: 'Known.' });
      await desk.submit('Silence');
      await page.locator('dd', { hasText: /^silenced$/ }).waitFor();
      await target.start();
      await page.locator('dd', { hasText: /^resolved$/ }).waitFor({ timeout: 60_000 });
      await page.getByRole('rowheader', { name: 'it is over' }).waitFor();
      await expectUsable();
    }));

  it('shows who did what to whom, and finds it by its address', () =>
    step('search the audit trail', async ({ desk, email, browser: { page } }) => {
      await desk.goTo('Audit trail');
      await page.getByLabel('Action').fill('systemhealth.alert.acknowledged.v1');
      await desk.press('Search');
      expect(new URL(page.url()).search).toContain('action=systemhealth.alert.acknowledged.v1');
      await page.getByText('There is no such record.').waitFor();
      await expectUsable();
      await query(
        'mutation { createRole(input: { name: "Audited", permissions: ["tenant:read"] }) { errors { message } } }',
        { as: email },
      );
      await eventually(
        async () => {
          await desk.open('/audit');
          await page.getByRole('table', { name: 'Audit records' }).waitFor({ timeout: 10_000 });
        },
        { timeoutMs: 120_000 },
      );
      await expectUsable();
    }));

  it('shows what rules find the moment they find it, and takes a finding to its end', () =>
    step('follow a finding', async ({ desk, browser: { page } }) => {
      await desk.goTo('Findings');
      await isLive();
      await page.getByText('Nothing was found.').waitFor();
      await Promise.all(Array.from({ length: 12 }, (_, n) => beDenied(12 + n)));
      const title = 'Somebody asks for what they may not see, again and again';
      await page.getByRole('rowheader', { name: title }).waitFor();
      await expectUsable();
      await page.getByLabel('State').selectOption('resolved');
      await page.getByText('Nothing that was found is like that.').waitFor();
      await desk.open('/findings?status=NEW');
      await page.getByRole('link', { name: title }).click();
      await desk.heading(title).waitFor();
      await page.getByRole('table', { name: 'Events that it is made of' }).waitFor();
      await desk.press('Assign to me');
      await desk.told('It is yours.');
      await page.getByText('Olivia Ortega', { exact: true }).first().waitFor();
      await desk.press('Resolve');
      await page.locator('dd', { hasText: /^resolved$/ }).waitFor();
      await page.getByRole('button', { name: 'Open again' }).waitFor();
      await expectUsable();
    }));

  it('fits on a phone', () =>
    step('use a phone', ({ desk }) =>
      onPhone(async (fits) => {
        for (const name of ['Overview', 'Alerts', 'Findings', 'Security feed']) {
          await desk.goTo(name);
          await isLive();
          await fits();
        }
        await expectUsable();
      }),
    ));
}

/** The way of the page's WebSockets, to be cut. */
class Line {
  #isCut = false;
  readonly #open = new Set<WebSocketRoute>();

  async lead({ page }: ObservedBrowser): Promise<void> {
    await page.routeWebSocket(/\/graphql$/, async (socket) => {
      if (this.#isCut) {
        await socket.close({ code: 1001 });
        return;
      }
      socket.connectToServer();
      this.#open.add(socket);
    });
  }

  async cut(): Promise<void> {
    this.#isCut = true;
    await Promise.all([...this.#open].map((socket) => socket.close({ code: 1001 })));
    this.#open.clear();
  }

  mend(): void {
    this.#isCut = false;
  }
}
