// For the console's tests: a browser before a whole private platform, with a second region to move a tenant to.
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { backingUrl, newNamespace } from '@supergraph/chassis/testing/data-fixture';
import { dropNamespace } from '@supergraph/chassis/testing/drop-namespace';
import { type ObservedBrowser, openBrowser } from '../../../gateway/e2e/browser/browser.ts';
import { buildClient } from '../../../infra/local/client-build.ts';
import { type PrivatePlatform, root, startPrivatePlatform } from '../../../infra/local/private-platform.ts';
import { type DnsServer, startDns } from '../../../subgraphs/arthemiz/src/testing/dns.ts';
import { ConsolePage } from './console-page.ts';

export interface Stage {
  platform: PrivatePlatform;
  browser: ObservedBrowser;
  desk: ConsolePage;
  /** As whom arthemiz asks about domains. */
  dns: DnsServer;
}

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
    await opened.browser.page.setViewportSize({ width: 1200, height: 800 });
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
