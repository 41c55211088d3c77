// For the console's tests: a browser before a whole private platform, with a second region to move a tenant to, and what
// every case does there.
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { backingUrl, newNamespace } from '@supergraph/chassis/testing/data-fixture';
import { dropNamespace } from '@supergraph/chassis/testing/drop-namespace';
import { type ObservedBrowser, openBrowser, phoneViewport } from '../../../gateway/e2e/browser/browser.ts';
import { buildClient } from '../../../infra/local/client-build.ts';
import { type PrivatePlatform, root, startPrivatePlatform } from '../../../infra/local/private-platform.ts';
import {
  accessibilityFaults,
  layoutFaults,
  unreachableByKeyboard,
} from '../../../infra/local/testing/accessibility.ts';
import { type DnsServer, startDns } from '../../../subgraphs/arthemiz/src/testing/dns.ts';
import { ConsolePage } from './console-page.ts';

export interface Stage {
  platform: PrivatePlatform;
  browser: ObservedBrowser;
  desk: ConsolePage;
  /** As whom arthemiz asks about domains. */
  dns: DnsServer;
}

const viewport = { width: 1200, height: 800 };
/** The same on every page. */
const navigation = '.shell > nav';
/** With the first page of a file of tests. */
let isNavigationSeen = false;

/** Is there while the file's tests run. */
export function openStage(): () => Stage {
  const namespace = newNamespace();
  const opened: Partial<Stage> = {};
  beforeAll(async () => {
    opened.dns = await startDns();
    opened.platform = await startPrivatePlatform({
      env: {
        ...process.env,
        ...{ HOME_REGION: 'eu', MONGODB_URIS: JSON.stringify({ us: backingUrl('MONGODB_URI') }) },
        NAMESPACE: namespace,
        DNS_SERVERS: JSON.stringify([opened.dns.address]),
        TENANT_TARGET_NETWORKS: JSON.stringify(['127.0.0.1/32']),
      },
      prepare: () => buildClient(root, 'console', process.env),
      catchesMail: true,
    });
    opened.browser = await openBrowser(join(root, 'coverage', 'browser'));
    await opened.browser.page.setViewportSize(viewport);
    opened.desk = new ConsolePage(opened.browser.page, opened.platform.stack.origin);
  }, 480_000);
  afterAll(async () => {
    await opened.browser?.close();
    await opened.platform?.stop();
    await opened.dns?.stop();
    await dropNamespace({
      namespace,
      MONGODB_URI: backingUrl('MONGODB_URI'),
      REDIS_URL: backingUrl('REDIS_URL'),
      AMQP_URL: backingUrl('AMQP_URL'),
    });
  }, 480_000);
  return () => opened as Stage; // complete once the first hook is done, before which nobody asks
}

export interface Asked {
  /** A demo account's e-mail address. */
  as: string;
  variables?: object;
}

/** What every case does on a stage that is open by the time of its tests. */
export function onStage<Desk extends Omit<Stage, 'dns'>>(at: () => Desk) {
  const tokens = new Map<string, Promise<string>>();
  /** Accounts that are asked as here stay signed in. */
  const tokenOf = (email: string) => {
    const token = tokens.get(email) ?? at().platform.signIn(email);
    tokens.set(email, token);
    return token;
  };

  /** Asks the platform past the console. */
  async function send(query: string, { as, variables = {} }: Asked): Promise<Response> {
    return fetch(`${at().platform.stack.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(as)}` },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(10_000),
    });
  }

  async function query<Data>(text: string, asked: Asked): Promise<Data> {
    const { data, errors } = (await (await send(text, asked)).json()) as { data?: Data; errors?: unknown };
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** For a page or a dialog whose kind has been walked through by keyboard before. */
  async function expectAccessible(): Promise<void> {
    const { page } = at().browser;
    expect(await accessibilityFaults(page, isNavigationSeen ? { except: navigation } : {})).toEqual([]);
    isNavigationSeen ||= (await page.locator(navigation).count()) > 0;
  }

  async function expectUsable(): Promise<void> {
    await expectAccessible();
    expect(await unreachableByKeyboard(at().browser.page)).toEqual([]);
  }

  return {
    send,
    query,
    expectAccessible,
    expectUsable,
    isLive: () => at().browser.page.locator('.fresh[data-phase="live"]').first().waitFor(),

    /** With evidence of what was seen when it fails. */
    step(name: string, work: (desk: Desk) => Promise<void>): Promise<void> {
      const here = at();
      return here.browser.step(name, () => work(here));
    },

    /** What is open and was found usable on a wide window: fits a phone too. Its parts are the same. */
    async onPhone(work: (fits: () => Promise<void>) => Promise<void>): Promise<void> {
      const { page } = at().browser;
      await page.setViewportSize(phoneViewport);
      try {
        await work(async () => expect(await layoutFaults(page)).toEqual([]));
      } finally {
        await page.setViewportSize(viewport);
      }
    },
  };
}
