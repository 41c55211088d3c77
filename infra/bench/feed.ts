// How smooth the console's security feed is while events come in: the frames that Chromium draws of it, at rest and at
// so many events a second. Events are pushed where sentinel pushes those that it has stored.
import { openLive } from '@supergraph/chassis/live';
import { createLogger } from '@supergraph/chassis/logging';
import { chromium, type Page } from 'playwright-core';
import { Registry } from 'prom-client';
import { ConsolePage } from '../../clients/console/e2e/console-page.ts';
import {
  type SecurityEventPush,
  securityEventStoredTopic,
} from '../../subgraphs/sentinel/src/security-events/live.ts';
import { chromiumArguments, resolveChromium } from '../local/chromium.ts';
import { buildClient } from '../local/client-build.ts';
import { root } from '../local/private-platform.ts';
import type { Benchmark } from './benchmark.ts';
import { startQuietPlatform } from './quiet-platform.ts';
import { quantile } from './rounds.ts';

export interface FeedBenchmarkSize {
  eventsPerSecond: number;
  seconds: number;
}

interface Smoothness {
  eventsPerSecond: number;
  /** Rows that were drawn in the time. */
  rows: number;
  framesPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  longestMs: number;
}

const owner = 'owner@acme.test';
const pushEveryMs = 20;

export const feedBenchmark = (size: FeedBenchmarkSize): Benchmark => ({
  summary: `milliseconds between frames of the console's security feed in Chromium, at rest and at ${size.eventsPerSecond} events a second`,
  async run(context) {
    const { progress, env, signal } = context;
    await buildClient(root, 'console', env);
    const executablePath = await resolveChromium({ env, progress });
    const platform = await startQuietPlatform(context);
    const browser = await chromium.launch({ executablePath, args: chromiumArguments });
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const desk = new ConsolePage(page, platform.stack.origin);
      await desk.open('/security');
      await desk.signIn({ email: owner, password: platform.passwordOf(owner) });
      await page.locator('.fresh[data-phase="live"]').waitFor();
      const tenantId = await tenantOf(platform.stack.origin, await platform.signIn(owner));
      const measured: Smoothness[] = [];
      for (const eventsPerSecond of [0, size.eventsPerSecond]) {
        const events = openEvents(platform.stack.env.sentinel, tenantId);
        measured.push(
          await progress.task(`${eventsPerSecond} events a second`, async () => {
            // As much again before it, not counted: until all that is compiled is compiled.
            const made = events.make({ perSecond: eventsPerSecond, seconds: size.seconds * 2, signal });
            await framesOf(page, size.seconds);
            const frames = await framesOf(page, size.seconds);
            await made;
            return { eventsPerSecond, ...frames };
          }),
        );
        await events.close();
      }
      const [atRest] = measured;
      return {
        rows: [
          [
            'events a second',
            'rows',
            'frames a second',
            'p50 ms',
            'p95 ms',
            'p99 ms',
            'longest ms',
            'p95, to rest',
          ],
          ...measured.map(({ eventsPerSecond, rows, framesPerSecond, p50Ms, p95Ms, p99Ms, longestMs }) => [
            ...[eventsPerSecond, rows, Math.round(framesPerSecond)].map(String),
            ...[p50Ms, p95Ms, p99Ms, longestMs].map((value) => value.toFixed(1)),
            `${(p95Ms / (atRest?.p95Ms ?? Number.NaN)).toFixed(2)}×`,
          ]),
        ],
        figures: { ...size, measured },
      };
    } finally {
      await browser.close();
      await platform.stop();
    }
  },
});

async function tenantOf(origin: string, token: string): Promise<string> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: '{ tenant { id } }' }),
    signal: AbortSignal.timeout(10_000),
  });
  const { data } = (await response.json()) as { data: { tenant: { id: string } } }; // what was asked for
  return data.tenant.id;
}

/** Pushes events of a tenant as sentinel does. */
function openEvents(env: Record<string, string | undefined>, tenantId: string) {
  const live = openLive({
    ...{ url: env.REDIS_URL ?? '', namespace: env.NAMESPACE ?? '', service: 'sentinel' },
    logger: createLogger({ service: 'bench', level: 'warn' }),
    metrics: new Registry(),
    logs: { [securityEventStoredTopic]: {} },
  });
  let count = 0;
  const event = (): SecurityEventPush => {
    const at = new Date().toISOString();
    count += 1;
    return {
      ...{ _id: `sev_bench_${count}`, tenantId, type: 'SIGN_IN_FAILED', occurredAt: at, receivedAt: at },
      ...{ actorId: null, clientId: 'explorer', email: 'a***@acme.test', ipAddress: '203.0.113.7' },
      ...{ userAgent: 'bench', reason: 'wrong-password', operationName: null, coordinates: [] },
      ...{ requestId: null, count: 1 },
    };
  };
  return {
    async make({ perSecond, seconds, signal }: { perSecond: number; seconds: number; signal: AbortSignal }) {
      const startedAt = performance.now();
      let made = 0;
      while (perSecond > 0 && performance.now() - startedAt < seconds * 1_000) {
        signal.throwIfAborted();
        const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
        const pushes = Array.from({ length: due - made }, () =>
          live.publish(securityEventStoredTopic, event(), { tenantId }),
        );
        made = due;
        await Promise.all(pushes);
        await new Promise((resolve) => setTimeout(resolve, pushEveryMs));
      }
    },
    close: () => live.close(),
  };
}

/** Looks at each frame for so long. */
async function framesOf(page: Page, seconds: number): Promise<Omit<Smoothness, 'eventsPerSecond'>> {
  const { gaps, rows } = await page.evaluate(async (forMs) => {
    let rows = 0;
    const watch = new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) if (node instanceof HTMLTableRowElement) rows += 1;
    });
    watch.observe(document.body, { childList: true, subtree: true });
    const gaps: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    const end = last + forMs;
    while (last < end) {
      const now = await new Promise<number>(requestAnimationFrame);
      gaps.push(now - last);
      last = now;
    }
    watch.disconnect();
    return { gaps, rows };
  }, seconds * 1_000);
  gaps.sort((one, other) => one - other);
  return {
    rows,
    framesPerSecond: gaps.length / seconds,
    p50Ms: quantile(gaps, 0.5),
    p95Ms: quantile(gaps, 0.95),
    p99Ms: quantile(gaps, 0.99),
    longestMs: quantile(gaps, 1),
  };
}
