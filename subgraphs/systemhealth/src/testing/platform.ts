// For tests only: systemhealth, in any number of copies, on the real backing services, with short intervals.
import { type RunningSubgraph, startSubgraph } from '@supergraph/chassis/subgraph';
import {
  eventually,
  execute,
  type GraphqlResult,
  heard,
  subscribe,
  testEnvironment,
  testViewer,
} from '@supergraph/chassis/testing';
import { healthChangedTopic } from '../checks/live.ts';
import type { PlatformTarget } from '../config.ts';
import type { SystemHealth } from '../context.ts';
import { definition } from '../definition.ts';

export type Copy = RunningSubgraph<SystemHealth>;
type Viewer = ReturnType<typeof testViewer>;

const fast = {
  PLATFORM_INTERVAL_MS: '100',
  PLATFORM_TIMEOUT_MS: '1000',
  PLATFORM_DOWN_AFTER_MS: '150',
  ALERT_POLL_MS: '20',
  SLO_MEASURE_MS: '50',
  KEY_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
};

/** May do everything in its tenant. */
export function operatorOf(tenantId: string): Viewer {
  const permissions = [
    ...['service:read', 'service:write', 'check:read', 'check:write'],
    ...[
      'alert:read',
      'alert:acknowledge',
      'alert-rule:read',
      'alert-rule:write',
      'silence:read',
      'silence:write',
    ],
    ...['maintenance-window:read', 'maintenance-window:write', 'inhibition:read', 'notification-policy:read'],
    ...['notification-channel:read', 'notification-channel:write', 'notification:read'],
    ...['metric:read', 'metric:write'],
    ...['slo:read', 'slo:write', 'incident:read', 'incident:write', 'incident:acknowledge'],
    ...['status-page:read', 'status-page:write'],
  ];
  return testViewer({ tenantId, permissions });
}

export interface TestPlatform {
  /** Starts one more copy on the same data, with other variables where given. */
  start(extra?: Record<string, string>): Promise<Copy>;
  /** Asks for the tenant's default checks as arthemiz would, and waits until it has a service for each part (default: target). */
  createTenant(copy: Copy, tenantId: string, parts?: number): Promise<void>;
  execute(
    copy: Copy,
    request: { query: string; variables?: object; viewer: Viewer | null },
  ): Promise<GraphqlResult>;
  /** The events of healthChanged, from the moment that the subscription stands. */
  watch(copy: Copy, request: { viewer: Viewer; serviceId?: string; selection?: string }): Promise<Watch>;
  /** Variables of a copy in a process of its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly environment: Awaited<ReturnType<typeof testEnvironment>>;
  stop(): Promise<void>;
}

export interface Watch {
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
  next(): Promise<any>;
  close(): Promise<void>;
}

export async function testPlatform(
  targets: readonly PlatformTarget[],
  extra: Record<string, string> = {},
): Promise<TestPlatform> {
  const environment = await testEnvironment({ service: 'systemhealth' });
  const copies: Copy[] = [];
  const watches: Watch[] = [];

  const env = { ...environment.env, ...fast, PLATFORM_TARGETS: JSON.stringify(targets), ...extra };

  return {
    env,
    environment,
    async start(more = {}) {
      const copy = await startSubgraph(definition, { ...env, ...more });
      copies.push(copy);
      return copy;
    },
    async createTenant(copy, tenantId, parts = targets.length) {
      await copy.consuming;
      const step = {
        subgraph: 'systemhealth',
        step: 'default-checks',
        action: 'provision',
        sequence: 1,
      } as const;
      await copy.service.events.publish('tenancy.step.requested.v1', {
        tenantId,
        data: { ...step, tenantId, slug: tenantId.replaceAll('_', '-'), name: tenantId },
      });
      const query = '{ services(first: 100) { nodes { checks { id } } } }';
      await eventually(async () => {
        const { data } = await execute({ url: copy.url, environment, query, viewer: operatorOf(tenantId) });
        return data.services.nodes.length === parts;
      });
    },
    execute: (copy, { query, variables = {}, viewer }) =>
      execute({ url: copy.url, environment, query, variables: { ...variables }, viewer }),
    async watch(copy, { viewer, serviceId, selection = 'id status previousStatus message' }) {
      const before = await subscribers(copy);
      const query = `subscription ($serviceId: ID) { healthChanged(serviceId: $serviceId) { ${selection} } }`;
      const variables = serviceId === undefined ? {} : { serviceId };
      const events = await subscribe({ url: copy.url, environment, query, variables, viewer });
      const first = events.next(); // opens it
      await eventually(async () => (await subscribers(copy)) > before);
      await heard(copy.service.live, { topic: healthChangedTopic, tenantId: viewer.tenantId ?? '' });
      let pending: Promise<IteratorResult<GraphqlResult>> | null = first;
      const watch: Watch = {
        async next() {
          const { value } = await (pending ?? events.next());
          pending = null;
          if (value.errors !== undefined) throw new Error(JSON.stringify(value.errors));
          return value.data.healthChanged;
        },
        async close() {
          await events.return?.();
        },
      };
      watches.push(watch);
      return watch;
    },
    async stop() {
      await Promise.all(watches.map((watch) => watch.close()));
      await Promise.all(copies.map((copy) => copy.stop()));
      await environment.dispose();
    },
  };
}

async function subscribers(copy: Copy): Promise<number> {
  return sumOf(copy, 'live_subscribers');
}

/** A metric's values over all labels together. */
export async function sumOf(copy: Copy, name: string): Promise<number> {
  const metric = await copy.service.metrics.getSingleMetric(name)?.get();
  return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}
