// How long a total outage takes to be told, at the settings that there are unless one says other ones: to a subscriber and to
// who is paged, of a part of the platform and of a tenant's own check; and to a burn-rate alert after hours that were good.
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createPassportMint } from '@supergraph/chassis/passport';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, execute, type GraphqlResult, subscribe } from '@supergraph/chassis/testing';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { definition } from '../../subgraphs/systemhealth/src/definition.ts';
import { operatorOf } from '../../subgraphs/systemhealth/src/testing/platform.ts';
import { startReceiver } from '../../subgraphs/systemhealth/src/testing/receiver.ts';
import { openPorts } from '../local/ports.ts';
import { root } from '../local/private-platform.ts';
import type { Benchmark } from './benchmark.ts';
import { startNode } from './contestants/ours.ts';
import { startQuietPlatform } from './quiet-platform.ts';

export interface BurnBenchmarkSize {
  /** What share of runs should be good. */
  target: number;
  /** Hours before the outage in which all runs were good: the windows of burn rates must be full. */
  hours: number;
}

const tenantId = 'ten_bench';
const [minuteMs, hourMs] = [60_000, 3_600_000];
/** By default the platform's parts are asked every two seconds. */
const runsAMinute = 30;
/** The fastest pair of windows of Google's SRE workbook. */
const [factor, longMs] = [14.4, hourMs];
const longestMs = 180_000;

export const burnBenchmark = (size: BurnBenchmarkSize): Benchmark => ({
  summary: `a total outage to its burn alert at ${size.target * 100} %, to a subscriber and to a page, at default settings`,
  async run(context) {
    const { progress } = context;
    const platform = await startQuietPlatform({ ...context, apps: [] });
    const stops: (() => unknown)[] = [() => platform.stop()];
    try {
      const { env: envs, dataDir } = platform.stack;
      const folder = join(dataDir, 'bench');
      mkdirSync(folder);
      const target = await startTarget();
      const receiver = await startReceiver();
      stops.push(target.stop, receiver.stop);
      const env = {
        ...envs.systemhealth,
        PLATFORM_TARGETS: JSON.stringify([{ slug: 'web', name: 'Web', kind: 'HTTP', url: target.url }]),
        ...{ TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]', LOG_LEVEL: 'warn' },
      };
      // Without its workers: what was before is written by it.
      const writer = await startSubgraph({ ...definition, workers: [] }, { ...env, PORT: '0' });
      stops.push(() => writer.stop());
      const port = await openPorts(folder).of('systemhealth');
      const process = startNode({
        ...{ name: 'systemhealth', imports: ['tsx'], root, folder },
        ...{ script: join(root, 'subgraphs/systemhealth/src/main.ts'), env: { ...env, PORT: String(port) } },
      });
      stops.push(() => process.stop());
      const url = `http://127.0.0.1:${port}`;
      await process.until(async () => (await fetch(`${url}/health/ready`)).status === 200);

      const mint = await createPassportMint({
        privateKey: JSON.parse(envs.gateway.PASSPORT_PRIVATE_KEY ?? ''),
      });
      const asked = {
        ...{ url, viewer: operatorOf(tenantId) },
        environment: { passport: (viewer: Parameters<typeof mint>[0]) => mint(viewer, 'systemhealth') },
      };
      const ask = async (query: string, variables: Record<string, unknown> = {}) => {
        const { data, errors } = await execute({ ...asked, query, variables });
        if (errors) throw new Error(JSON.stringify(errors));
        return data;
      };
      const shop = await progress.task('hours of history', () =>
        arrange({ ask, writer: writer.service, urls: { target: target.url, hook: receiver.url }, size }),
      );

      const told = downTold(
        await subscribe({
          ...asked,
          query: 'subscription { healthChanged { status check { id } } }',
        }),
      );
      const outage = await progress.task('an outage', async () => {
        // The subscription stands before anything is cut.
        await eventually(() => told.isOpen(), { timeoutMs: 30_000 });
        await target.stop();
        const at = Date.now();
        await eventually(() => told.at.has(shop.own) && told.at.has(shop.platform), { timeoutMs: longestMs });
        await told.end();
        const burnt = await eventually(
          async () => {
            const { alerts } = await ask('{ alerts { nodes { severity state summary firedAt } } }');
            const isBurning = (alert: { severity: string; summary: string; state: string }) =>
              alert.severity === 'CRITICAL' && alert.state === 'FIRING' && / burns /.test(alert.summary);
            return alerts.nodes.find(isBurning) ?? false;
          },
          { timeoutMs: longestMs },
        );
        const pages = await eventually(() => pagesOf(receiver.received, shop.names), {
          timeoutMs: longestMs,
        });
        return { at, burntMs: Date.parse(burnt.firedAt) - at, pages };
      });
      const since = (moment: number | undefined) => ((moment ?? Number.NaN) - outage.at) / 1_000;
      const floorSeconds = (factor * (1 - size.target) * longMs) / 1_000;
      const figures = {
        ...size,
        ...{ floorSeconds, burnAlertSeconds: outage.burntMs / 1_000 },
        platform: {
          subscriberSeconds: since(told.at.get(shop.platform)),
          pageSeconds: since(outage.pages.platform),
        },
        own: { subscriberSeconds: since(told.at.get(shop.own)), pageSeconds: since(outage.pages.own) },
      };
      const seconds = (value: number) => value.toFixed(1);
      return {
        rows: [
          ['outage to', 's', 'the least by arithmetic'],
          ['burn alert', seconds(figures.burnAlertSeconds), seconds(floorSeconds)],
          ['subscriber, part of the platform (every 2 s)', seconds(figures.platform.subscriberSeconds), '3'],
          ['page, part of the platform', seconds(figures.platform.pageSeconds), '5'],
          ['subscriber, tenant’s check (every 30 s)', seconds(figures.own.subscriberSeconds), '3 to 33'],
          ['page, tenant’s check', seconds(figures.own.pageSeconds), '5 to 35'],
        ],
        figures,
        remarks: [
          `The least: ${factor} × ${(1 - size.target).toFixed(4)} of an hour of runs are bad; an outage lasts 3 s before it is DOWN, and`,
          'a check’s next run is up to its interval away; alerts of a service are told together after 2 s.',
        ],
      };
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
});

async function startTarget() {
  const server = createServer((_, response) => response.end('fine'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a string
  let isOver = false;
  return {
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      if (isOver) return;
      isOver = true;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Arranging {
  // biome-ignore lint/suspicious/noExplicitAny: it reads what it asked for
  ask(query: string, variables?: Record<string, unknown>): Promise<any>;
  writer: SystemHealth;
  urls: { target: string; hook: string };
  size: BurnBenchmarkSize;
}

/** A tenant with a part of the platform, a check of its own, somebody who is paged, and an objective of the part. */
async function arrange({ ask, writer, urls, size }: Arranging) {
  const step = {
    subgraph: 'systemhealth',
    step: 'default-checks',
    action: 'provision',
    sequence: 1,
  } as const;
  const data = { ...step, tenantId, slug: 'bench', name: 'Bench' };
  await writer.events.publish('tenancy.step.requested.v1', { tenantId, data });
  const [part] = await eventually(
    async () => {
      const { services } = await ask('{ services { nodes { id checks { id status } } } }');
      return services.nodes[0]?.checks[0]?.status === 'UP' && services.nodes;
    },
    { timeoutMs: 60_000 },
  );
  const platform: string = part.checks[0].id;
  await goodHours(writer, { serviceId: part.id, checkId: platform, hours: size.hours });
  await make(ask, 'NotificationChannel', { name: 'On call', kind: 'WEBHOOK', url: urls.hook });
  const { service } = await make(ask, 'Service', { name: 'Shop' }, 'service { id }');
  const { check } = await make(
    ask,
    'Check',
    { serviceId: service.id, name: 'Front page', kind: 'HTTP', target: urls.target },
    'check { id }',
  );
  const document = `
apiVersion: openslo/v1
kind: SLO
metadata: { name: web }
spec:
  service: Web
  indicator:
    spec:
      ratioMetric:
        good: { metricSource: { type: SystemHealth, spec: { measure: successes } } }
        total: { metricSource: { type: SystemHealth, spec: { measure: runs } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ target: ${size.target} }]
`;
  const { slo } = await make(ask, 'Slo', { document }, 'slo { id }');
  await eventually(
    async () => {
      const found = await ask(
        'query ($id: ID!, $check: ID!) { slo(id: $id) { budget { total } } check(id: $check) { status } }',
        { id: slo.id, check: check.id },
      );
      return found.slo.budget?.total > 60 * runsAMinute && found.check.status === 'UP';
    },
    { timeoutMs: 90_000 },
  );
  return {
    platform,
    own: String(check.id),
    names: { platform: 'Web is DOWN', own: 'Front page of Shop is DOWN' },
  };
}

async function make(ask: Arranging['ask'], what: string, input: object, selection = '__typename') {
  const name = `create${what}`;
  const query = `mutation ($input: Create${what}Input!) { ${name}(input: $input) { ${selection} errors { message } } }`;
  const { [name]: made } = await ask(query, { input });
  if (made.errors.length > 0) throw new Error(`${name}: ${JSON.stringify(made.errors)}`);
  return made;
}

function goodHours(
  { models }: SystemHealth,
  { serviceId, checkId, hours }: { serviceId: string; checkId: string; hours: number },
) {
  const now = Date.now();
  return inTenant(tenantId, () =>
    models.CheckHour.insertMany(
      Array.from({ length: hours + 1 }, (_, back) => {
        const at = Math.floor(now / hourMs - back) * hourMs;
        const minutes = Array.from({ length: 60 }, (__, minute) => minute)
          // Of the present minute as much as there was of it.
          .map((minute) => [minute, Math.min(minuteMs, now - at - minute * minuteMs)] as const)
          .filter(([, passedMs]) => passedMs > 0)
          .map(([minute, passedMs]) => {
            const runs = Math.round((passedMs / minuteMs) * runsAMinute);
            return [minute, { good: runs, total: runs }] as const;
          });
        return {
          ...{ _id: `history-${back}`, checkId, serviceId, at: new Date(at), lastAt: new Date(0) },
          ...{ expiresAt: new Date(now + hourMs), minutes: Object.fromEntries(minutes) },
        };
      }),
    ),
  );
}

/** When the subscriber heard of which check that it is DOWN. */
function downTold(changes: AsyncIterableIterator<GraphqlResult>) {
  const at = new Map<string, number>();
  const begun = Date.now();
  const reading = (async () => {
    for await (const { data } of changes) {
      const { status, check } = data.healthChanged;
      if (status === 'DOWN' && !at.has(check.id)) at.set(check.id, Date.now());
    }
  })();
  reading.catch(() => undefined);
  return {
    at,
    /** Subgraphs answer no acknowledgement: a moment is given. */
    isOpen: () => Date.now() - begun > 2_000,
    async end() {
      await changes.return?.();
    },
  };
}

interface Names {
  readonly platform: string;
  readonly own: string;
}

/** When the webhook was told of each; false until both were. */
function pagesOf(
  received: Awaited<ReturnType<typeof startReceiver>>['received'],
  names: Names,
): { platform: number; own: number } | false {
  const at = (name: string) =>
    received.find(({ text }) => text.includes(JSON.stringify(name).slice(1, -1)))?.receivedAt;
  const [platform, own] = [at(names.platform), at(names.own)];
  return platform !== undefined && own !== undefined && { platform, own };
}
