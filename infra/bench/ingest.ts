// How many access events a second one process of sentinel makes durable while rules look at each, and how long one takes to
// its subscribers. Database, queue and cache share the machine: their time is told beside ours.
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBroker } from '@supergraph/chassis/broker';
import { loadEventContracts, messageOf } from '@supergraph/chassis/events';
import { openLive } from '@supergraph/chassis/live';
import { createLogger } from '@supergraph/chassis/logging';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { Registry } from 'prom-client';
import { definition as sentinel } from '../../subgraphs/sentinel/src/definition.ts';
import {
  type SecurityEventPush,
  securityEventStoredTopic,
} from '../../subgraphs/sentinel/src/security-events/live.ts';
import { root } from '../local/private-platform.ts';
import { youngGeneration } from '../local/processes.ts';
import { type Stack, startStack } from '../local/stack.ts';
import { accessEvent, addRules } from './access-events.ts';
import type { Benchmark, BenchmarkContext } from './benchmark.ts';
import { atRate, sharedNow } from './changes.ts';
import { cpuSeconds, type MeasuredProcess, startProcess } from './measured-process.ts';
import { quantile } from './rounds.ts';

export interface IngestBenchmarkSize {
  /** How many wait in the queue when the process starts. */
  events: number;
  rules: number;
  /** The pace at which the time to a subscriber is measured, and for how long. */
  perSecond: number;
  seconds: number;
}

const tenantId = 'ten_bench';
const publishedAtOnce = 500;

export const ingestBenchmark = (size: IngestBenchmarkSize): Benchmark => ({
  summary: `access events a second that one process makes durable with ${size.rules} rules on, and milliseconds to a subscriber`,
  isNamedOnly: true,
  async run(context) {
    const dataDir = await mkdtemp(join(tmpdir(), 'supergraph-ingest-'));
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const stack = await startStack({ root, dataDir, publicPort: 0, apps: [], ...context });
    try {
      return await measure(
        stack,
        { ...size, events: context.flags.count ?? size.events },
        context,
        loadBefore,
      );
    } finally {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
});

async function measure(
  stack: Stack,
  size: IngestBenchmarkSize,
  { progress, signal, flags }: BenchmarkContext,
  loadBefore: number,
) {
  const env: Record<string, string> = { ...stack.env.sentinel, LOG_LEVEL: 'warn', NODE_ENV: 'production' };
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const shared = { namespace: env.NAMESPACE ?? '', logger };
  const broker = openBroker({ ...shared, url: env.AMQP_URL ?? '', service: 'bench' });
  const live = openLive({
    ...{ ...shared, url: env.REDIS_URL ?? '', service: 'sentinel', metrics: new Registry() },
    logs: { [securityEventStoredTopic]: {} },
  });
  const contracts = loadEventContracts({ source: 'bench' });
  let place = 0;
  const publish = async () => {
    const event = accessEvent(contracts, { tenantId, place });
    place += 1;
    await broker.publish(event.type, messageOf(event));
    return event;
  };

  // A copy in this process makes collections, queues and rules, and counts afterwards.
  const copy = await startSubgraph(sentinel, { ...env, PORT: '0', LOG_LEVEL: 'silent' });
  await copy.consuming;
  await addRules(copy.service, tenantId, size.rules);
  await copy.stop();

  await progress.task(`${size.events} events into the queue`, async () => {
    while (place < size.events) {
      signal.throwIfAborted();
      const more = Math.min(publishedAtOnce, size.events - place);
      await Promise.all(Array.from({ length: more }, publish));
    }
  });

  const heardAt = new Map<string, number>();
  let heard = 0;
  const hear = ({ requestId }: SecurityEventPush) => {
    heard += 1;
    if (typeof requestId === 'string') heardAt.set(requestId, sharedNow());
  };
  const over = new AbortController();
  const listening = inTenant(tenantId, async () => {
    for await (const push of live.subscribe<SecurityEventPush>(securityEventStoredTopic, {
      signal: over.signal,
    }))
      hear(push);
  });
  const { services } = stack;
  const busy = () => ({
    mongodb: cpuSeconds(services.mongodb.pid ?? 0),
    rabbitmq: cpuSeconds(services.rabbitmq.pid ?? 0),
    redis: cpuSeconds(services.redis.pid ?? 0),
  });
  const process = startSentinel(env, { folder: join(stack.dataDir, 'bench'), profile: flags.profile });
  try {
    await process.until(
      async () => (await fetch(`http://127.0.0.1:${env.PORT}/health/ready`)).status === 200,
    );
    // What is pushed is committed; nothing is asked meanwhile, which would take of the time.
    const untilHeard = async (events: number) => {
      while (heard < events) {
        signal.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    // The first quarter warms up and does not count.
    await progress.task('until a quarter is stored', () => untilHeard(size.events / 4));
    const before = { at: sharedNow(), stored: heard, ours: process.cpuSeconds(), ...busy() };
    await progress.task('until all are stored', () => untilHeard(size.events));
    const after = { at: sharedNow(), stored: heard, ours: process.cpuSeconds(), ...busy() };
    const seconds = (after.at - before.at) / 1_000;
    const stored = after.stored - before.stored;
    const perThousand = (name: 'ours' | 'mongodb' | 'rabbitmq' | 'redis') =>
      ((after[name] - before[name]) * 1_000_000) / stored;

    heardAt.clear();
    const sentAt = new Map<string, number>();
    await progress.task(`${size.perSecond} events a second`, async () => {
      const make = async () => {
        const at = sharedNow();
        const event = await publish();
        if ('requestId' in event.data && event.data.requestId) sentAt.set(event.data.requestId, at);
        return { mark: '', at };
      };
      await atRate({ make, perSecond: size.perSecond, signal })(flags.seconds ?? size.seconds);
      const deadline = sharedNow() + 30_000;
      while ([...sentAt.keys()].some((id) => !heardAt.has(id)) && sharedNow() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
    });
    const taken = [...sentAt]
      .flatMap(([id, at]) => (heardAt.get(id) ?? Number.NaN) - at)
      .sort((a, b) => a - b);
    const figures = {
      ...{ ...size, loadBefore, stored, seconds, perSecondStored: stored / seconds },
      ours: { cpuMsPerThousand: perThousand('ours'), perCoreSecond: 1_000_000 / perThousand('ours') },
      mongodb: { cpuMsPerThousand: perThousand('mongodb') },
      rabbitmq: { cpuMsPerThousand: perThousand('rabbitmq') },
      redis: { cpuMsPerThousand: perThousand('redis') },
      toSubscriber: {
        events: taken.length,
        p50Ms: quantile(taken, 0.5),
        p99Ms: quantile(taken, 0.99),
      },
    };
    return { rows: rowsOf(figures), figures };
  } finally {
    over.abort();
    await listening;
    await process.stop();
    await Promise.all([broker.close(), live.close()]);
  }
}

interface Figures {
  perSecondStored: number;
  perSecond: number;
  ours: { cpuMsPerThousand: number; perCoreSecond: number };
  mongodb: { cpuMsPerThousand: number };
  rabbitmq: { cpuMsPerThousand: number };
  redis: { cpuMsPerThousand: number };
  toSubscriber: { p50Ms: number; p99Ms: number };
}

function rowsOf({ perSecondStored, perSecond, ours, mongodb, rabbitmq, redis, toSubscriber }: Figures) {
  return [
    ['', ''],
    ['events a second, durable', perSecondStored.toFixed(0)],
    ['events a second of a core of ours', ours.perCoreSecond.toFixed(0)],
    ['core ms for 1,000 events: sentinel', ours.cpuMsPerThousand.toFixed(0)],
    ['… MongoDB, or what stands in', mongodb.cpuMsPerThousand.toFixed(0)],
    ['… RabbitMQ', rabbitmq.cpuMsPerThousand.toFixed(0)],
    ['… Redis', redis.cpuMsPerThousand.toFixed(0)],
    [`p50 ms to a subscriber, at ${perSecond} a second`, toSubscriber.p50Ms.toFixed(1)],
    ['p99 ms', toSubscriber.p99Ms.toFixed(1)],
  ];
}

function startSentinel(
  env: Record<string, string>,
  { folder, profile }: { folder: string; profile: string | undefined },
): MeasuredProcess {
  mkdirSync(folder, { recursive: true });
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return startProcess({
    ...{ name: 'sentinel', file: process.execPath, env, cwd: root, core: 0, folder },
    args: [
      ...youngGeneration,
      ...profiling,
      '--import',
      'tsx',
      join(root, 'subgraphs', 'sentinel', 'src', 'main.ts'),
    ],
  });
}
