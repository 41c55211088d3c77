// The pages of metrics: charts that go on by themselves, any metric by its address, and rules about them.
import { expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { Desk } from './dashboards.cases.ts';
import { onStage } from './stage.ts';

export function metricCases(at: () => Desk): void {
  const { step, query, expectUsable, onPhone } = onStage(at);
  const record = async (
    value: number,
    {
      ageMs = 0,
      metric = 'rabbitmq_queue_messages_ready',
      label: [name, of] = ['queue', 'mails'],
    }: { ageMs?: number; metric?: string; label?: [string, string] } = {},
  ) => {
    const labels = [{ name, value: of }];
    const when = new Date(Date.now() - ageMs).toISOString();
    const samples = [{ metric, labels, at: when, value }];
    const recorded = await query(
      'mutation ($input: RecordMetricsInput!) { recordMetrics(input: $input) { errors { message } } }',
      { as: at().email, variables: { input: { samples } } },
    );
    expect(recorded).toEqual({ recordMetrics: { errors: [] } });
  };
  const line = (latest: string) =>
    at().browser.page.getByRole('img', { name: new RegExp(`messages_ready.*queue=mails: ${latest}$`) });

  it('shows queues as they are measured, and each sample as it comes', () =>
    step('watch queues', async ({ desk, browser: { page } }) => {
      for (const minutes of [9, 6, 3, 1]) await record(minutes * 100, { ageMs: minutes * 60_000 });
      await desk.goTo('Queues and caches');
      await page.getByRole('heading', { level: 2, name: 'Queues' }).waitFor();
      await line('100').waitFor();
      await record(7);
      await line('7').waitFor();
      await page.getByText('As a table').first().click();
      await page.getByRole('columnheader', { name: 'queue=mails' }).waitFor();
      await expectUsable();
    }));

  it('shows any metric, by its address too', () =>
    step('explore metrics', async ({ desk, browser: { page } }) => {
      await desk.goTo('Metrics');
      await page.getByLabel('Metric').selectOption('rabbitmq_queue_messages_ready');
      await page.getByLabel('Of each step').selectOption('MAX');
      await page.getByLabel('Range').selectOption('hours6');
      await eventually(() => {
        const { searchParams } = new URL(page.url());
        expect(Object.fromEntries(searchParams)).toEqual({
          ...{ metric: 'rabbitmq_queue_messages_ready', aggregation: 'MAX', range: 'hours6' },
        });
      });
      await page.reload();
      await page.getByRole('img', { name: /^rabbitmq_queue_messages_ready, up to 900/ }).waitFor();
      await expectUsable();
    }));

  it('makes a rule about a metric, says what it says, and takes it back', () =>
    step('make a rule', async ({ desk, browser: { page } }) => {
      await desk.goTo('Alert rules');
      await desk.row('A check is DOWN').waitFor();
      await desk.press('Add a rule');
      await expectUsable();
      await desk.fill({ Name: 'Mails pile up', Metric: 'rabbitmq_queue_messages_ready' });
      await desk.fill({ 'Window in seconds': '3600', Threshold: '5000.5' });
      await desk.dialog.getByLabel('Of the samples').selectOption('MAX');
      await desk.submit('Add a rule');
      await desk.told('Mails pile up is looked for from now on.');
      await desk
        .row('Mails pile up')
        .getByText('MAX(rabbitmq_queue_messages_ready, 3600 s) > 5000.5')
        .waitFor();
      await eventually(async () => {
        await page.reload();
        await desk.row('Mails pile up').getByText('clear').waitFor({ timeout: 10_000 });
      });
      await desk.press('Add a rule');
      await desk.dialog.getByLabel('Kind').selectOption('composite');
      await desk.fill({ Name: 'Both' });
      await desk.dialog.getByRole('checkbox', { name: 'Mails pile up' }).first().check();
      await expectUsable();
      await desk.submit('Add a rule');
      await desk.told('Both is looked for from now on.');
      await desk.row('Both').getByRole('button', { name: 'Delete' }).click();
      await desk.submit('Delete');
      await desk.row('Both').waitFor({ state: 'detached' });
      await desk.row('Mails pile up').getByRole('button', { name: 'Disable' }).click();
      await desk.submit('Disable');
      await desk.row('Mails pile up').getByText('disabled').waitFor();
      await expectUsable();
    }));

  it('recommends what a workload should ask for', () =>
    step('look at right-sizing', async ({ desk, browser: { page } }) => {
      await desk.goTo('Right-sizing');
      await page.getByText('No use is recorded yet.').waitFor();
      const label: [string, string] = ['workload', 'shop'];
      await record(1, { metric: 'cpu_usage_cores', label });
      await record(4, { metric: 'cpu_request_cores', label });
      await page.reload();
      await desk
        .row('shop')
        .getByText(/^1\.1[4-8]$/)
        .waitFor();
      await expectUsable();
    }));

  it('fits on a phone', () =>
    step('look at metrics on a phone', ({ desk, browser: { page } }) =>
      onPhone(async (fits) => {
        for (const name of ['Queues and caches', 'Metrics', 'Alert rules', 'Right-sizing']) {
          await desk.goTo(name);
          await page.getByRole('main').locator('figure, table').first().waitFor();
          await fits();
        }
      }),
    ));
}
