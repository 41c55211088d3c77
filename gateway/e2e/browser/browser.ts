// A real Chromium with a fresh profile, and evidence of what it saw when a step fails.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumArguments } from '../../../infra/local/chromium.ts';

const stepTimeoutMs = 20_000;

/** Tall enough for the editor to keep every line of an answer in the document: it draws only what is in view. */
export const wideViewport = { width: 1400, height: 2000 };
export const phoneViewport = { width: 390, height: 844 };

export interface ObservedBrowser {
  page: Page;
  /** The GraphQL requests so far that were answered with a 5xx status. */
  readonly serverErrors: readonly string[];
  /** Runs one step; when it fails, saves a screenshot and adds the page's console to the error. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @param evidenceDir where screenshots of failed steps go; made when the first is needed */
export async function openBrowser(evidenceDir: string): Promise<ObservedBrowser> {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: chromiumArguments,
  });
  const page = await browser.newPage({ viewport: wideViewport });
  page.setDefaultTimeout(stepTimeoutMs);
  const log: string[] = [];
  page.on('console', (message) => log.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => log.push(`uncaught: ${error.message}`));
  page.on('framenavigated', (frame) => log.push(`at: ${withoutQuery(frame.url())}`));
  page.on('requestfailed', (request) =>
    log.push(`failed: ${request.method()} ${withoutQuery(request.url())}`),
  );
  const serverErrors: string[] = [];
  page.on('response', (response) => {
    if (response.status() < 500 || new URL(response.url()).pathname !== '/graphql') return;
    serverErrors.push(`${response.status()} for ${response.request().postData() ?? response.url()}`);
  });

  return {
    page,
    serverErrors,
    async step(name, work) {
      try {
        return await work();
      } catch (error) {
        const screenshot = join(evidenceDir, `${name.replaceAll(/\W+/g, '-')}.png`);
        await mkdir(evidenceDir, { recursive: true });
        await page.screenshot({ path: screenshot }).catch(() => undefined);
        const body = await page
          .locator('body')
          .ariaSnapshot({ timeout: 2_000 })
          .catch(() => '(no page)');
        const evidence = [`screenshot: ${screenshot}`, ...log.slice(-40), '', body.slice(0, 2_000)];
        throw new Error(`could not ${name}\n${evidence.join('\n')}`, { cause: error });
      }
    },
    close: () => browser.close(),
  };
}

/** Codes and tokens ride in the query: they have no business in a log. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*/, '');
}
