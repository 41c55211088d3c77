// For tests only: sentinel, in any number of copies, on the real backing services, and those who tell it of accesses.
import { openBroker } from '@supergraph/chassis/broker';
import {
  type AnyCloudEvent,
  type EventData,
  type EventType,
  loadEventContracts,
  messageOf,
} from '@supergraph/chassis/events';
import { createLogger } from '@supergraph/chassis/logging';
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
import type { Sentinel } from '../context.ts';
import { definition } from '../definition.ts';
import { findingChangedTopic } from '../findings/live.ts';
import { responseChangedTopic } from '../responses/response-changed.ts';
import { securityEventStoredTopic } from '../security-events/live.ts';

export type Copy = RunningSubgraph<Sentinel>;
type Viewer = ReturnType<typeof testViewer>;
type AccessEventType = Extract<
  EventType,
  | `arthemiz.sign-in.${string}`
  | 'arthemiz.refresh-token.reused.v1'
  | 'arthemiz.token.exchanged.v1'
  | 'arthemiz.consent.given.v1'
  | 'gateway.field.denied.v1'
  | 'gateway.address.denied.v1'
  | 'arthemiz.code.reused.v1'
>;

const permissions = [
  ...['security-event:read', 'finding:read', 'finding:write'],
  ...['detection-rule:read', 'detection-rule:write'],
  ...['suppression:read', 'suppression:write', 'canary:read', 'canary:write'],
  ...['response:read', 'response:write', 'response:approve'],
  ...['response-policy:read', 'response-policy:write', 'allow-list-entry:read', 'allow-list-entry:write'],
];

/** May see the tenant's security events, and what is found in them. */
export function operatorOf(tenantId: string): Viewer {
  return testViewer({ tenantId, permissions });
}

export interface TestPlatform {
  /** Starts one more copy on the same data, with other variables where given. */
  start(extra?: Record<string, string>): Promise<Copy>;
  /** Tells of an access, as its type's publisher would; a test gives what it is about. */
  tell<T extends AccessEventType>(type: T, given: Told<T>): Promise<AnyCloudEvent>;
  /** Tells of something else that the subgraph hears of. */
  publish<T extends EventType>(
    type: T,
    given: { tenantId: string; data: EventData[T]; time?: string },
  ): Promise<void>;
  /** Delivers the very same event once more. */
  redeliver(event: AnyCloudEvent): Promise<void>;
  execute(
    copy: Copy,
    request: { query: string; variables?: object; viewer: Viewer | null },
  ): Promise<GraphqlResult>;
  /** Posts a body to a route of a copy. */
  post(copy: Copy, path: string, request: Posted): Promise<Response>;
  /** The events of `securityEvent`, from the moment that the subscription stands. */
  watch(copy: Copy, request: { viewer: Viewer; types?: string[]; selection?: string }): Promise<Watch>;
  /** The events of `findingChanged`, likewise. */
  watchFindings(copy: Copy, request: { viewer: Viewer }): Promise<Watch>;
  /** The events of `responseChanged`, likewise. */
  watchResponses(copy: Copy, request: { viewer: Viewer }): Promise<Watch>;
  stop(): Promise<void>;
}

interface Told<T extends AccessEventType> {
  tenantId: string;
  data?: Partial<EventData[T]>;
  /** When it happened. Default: now. */
  time?: string;
  /** How many alike the event stands for. */
  sampledrate?: number;
}

interface Posted {
  viewer: Viewer;
  body: string | Uint8Array<ArrayBuffer> | ReadableStream;
  headers?: Record<string, string>;
}

export interface Watch {
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
  next(): Promise<any>;
}

const signIn = {
  personId: 'per_olivia',
  clientId: 'explorer',
  email: 'o***@acme.test',
  ipAddress: '203.0.113.7',
  userAgent: 'Mozilla/5.0',
};

/** What an access looks like where a test does not care. */
const defaults: { [T in AccessEventType]: EventData[T] } = {
  'arthemiz.sign-in.succeeded.v1': { ...signIn, reason: null },
  'arthemiz.sign-in.failed.v1': { ...signIn, reason: 'wrong-password' },
  'arthemiz.refresh-token.reused.v1': {
    personId: 'per_olivia',
    clientId: 'explorer',
    ipAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0',
    signedInAt: '2026-11-28T08:00:00.000Z',
    firstUsedAt: '2026-11-28T08:14:30.000Z',
  },
  'arthemiz.token.exchanged.v1': {
    ...{ personId: 'per_olivia', clientId: 'svc_till', sessionId: 'ses_olivia', scope: 'openid' },
    ...{ expiresAt: '2026-11-28T08:05:00.000Z', ipAddress: '203.0.113.7', userAgent: 'till/1.4' },
  },
  'arthemiz.consent.given.v1': {
    ...{ personId: 'per_olivia', clientId: 'app_desk', scope: 'openid profile' },
    ...{ ipAddress: '203.0.113.7', userAgent: 'Mozilla/5.0' },
  },
  'arthemiz.code.reused.v1': {
    personId: 'per_olivia',
    clientId: 'explorer',
    ipAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0',
    kind: 'authorization',
    firstUsedAt: '2026-11-28T08:14:30.000Z',
  },
  'gateway.field.denied.v1': {
    subject: 'per_olivia',
    clientId: 'explorer',
    isAnonymous: false,
    operationName: 'Welcome',
    coordinates: ['SecurityEvent.type'],
    requestId: '0190f5fe-7c00-7a00-8000-000000000003',
  },
  'gateway.address.denied.v1': {
    subject: 'per_olivia',
    clientId: 'explorer',
    ipAddress: '192.0.2.7',
    requestId: '0190f5fe-7c00-7a00-8000-000000000003',
  },
};

export async function testPlatform(): Promise<TestPlatform> {
  const environment = await testEnvironment({ service: 'sentinel' });
  const { namespace, env } = environment;
  const broker = openBroker({
    url: env.AMQP_URL ?? '',
    namespace,
    service: 'publisher',
    logger: createLogger({ service: 'publisher', level: 'silent' }),
    // On a busy machine a confirmation takes its time, and no test is about that.
    publishTimeoutMs: 60_000,
  });
  const copies: Copy[] = [];
  const watches: AsyncIterableIterator<GraphqlResult>[] = [];

  /** A subscription's events, from the moment that it stands. */
  async function watching(
    copy: Copy,
    { topic, viewer, ...asked }: { query: string; variables: object; viewer: Viewer; topic: string },
  ): Promise<Watch> {
    const before = await sumOf(copy, 'live_subscribers');
    const events = await subscribe({
      url: copy.url,
      environment,
      viewer,
      ...asked,
      variables: { ...asked.variables },
    });
    watches.push(events);
    const first = eventIn(events.next()); // opens it
    let isOver = false;
    first
      .catch(() => undefined)
      .finally(() => {
        isOver = true;
      });
    await eventually(async () => isOver || (await sumOf(copy, 'live_subscribers')) > before);
    if (isOver) await first; // throws why it was refused
    await heard(copy.service.live, { topic, tenantId: viewer.tenantId ?? '' });
    let pending: Promise<unknown> | null = first;
    return {
      next() {
        const event = pending ?? eventIn(events.next());
        pending = null;
        return event;
      },
    };
  }

  return {
    async start(extra = {}) {
      const copy = await startSubgraph(definition, { ...env, ...extra });
      copies.push(copy);
      await copy.consuming;
      return copy;
    },
    async tell(type, { tenantId, data, ...envelope }) {
      const [source = ''] = type.split('.');
      const contracts = loadEventContracts({ source });
      const told = contracts.create(type, { tenantId, data: { ...defaults[type], ...data } });
      const event = contracts.check({ ...told, ...envelope });
      await broker.publish(type, messageOf(event));
      return event;
    },
    async publish(type, { tenantId, data, time }) {
      const [source = ''] = type.split('.');
      const contracts = loadEventContracts({ source });
      const told = contracts.create(type, { tenantId, data });
      await broker.publish(type, messageOf(contracts.check({ ...told, ...(time ? { time } : {}) })));
    },
    redeliver: (event) => broker.publish(event.type, messageOf(event)),
    execute: (copy, { query, variables = {}, viewer }) =>
      execute({ url: copy.url, environment, query, variables: { ...variables }, viewer }),
    async post(copy, path, { viewer, body, headers = {} }) {
      const passport = await environment.passport(viewer);
      return fetch(new URL(path, copy.url), {
        ...{ method: 'POST', body, headers: { ...headers, passport } },
        // A stream is sent while the answer may come.
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      });
    },
    watch(copy, { viewer, types, selection = 'id type' }) {
      const query = `subscription ($types: [SecurityEventType!]) { securityEvent(types: $types) { ${selection} } }`;
      const variables = types === undefined ? {} : { types };
      return watching(copy, { query, variables, viewer, topic: securityEventStoredTopic });
    },
    watchFindings(copy, { viewer }) {
      const query = 'subscription { findingChanged { id ruleId status evidenceCount } }';
      return watching(copy, { query, variables: {}, viewer, topic: findingChangedTopic });
    },
    watchResponses(copy, { viewer }) {
      const query = 'subscription { responseChanged { id status endsAt log { status at } } }';
      return watching(copy, { query, variables: {}, viewer, topic: responseChangedTopic });
    },
    async stop() {
      await Promise.all(watches.map((events) => events.return?.()));
      await Promise.all(copies.map((copy) => copy.stop()));
      await broker.close();
      await environment.dispose();
    },
  };
}

async function eventIn(result: Promise<IteratorResult<GraphqlResult>>): Promise<unknown> {
  const { value } = await result;
  if (value.errors !== undefined) throw new Error(JSON.stringify(value.errors));
  return Object.values(value.data)[0];
}

/** A metric's values together, over all labels or those that carry the given one. */
export async function sumOf(copy: Copy, name: string, label?: string): Promise<number> {
  const metric = await copy.service.metrics.getSingleMetric(name)?.get();
  return (metric?.values ?? [])
    .filter(({ labels }) => label === undefined || Object.values(labels).includes(label))
    .reduce((sum, { value }) => sum + value, 0);
}
