// One process of sentinel that takes events, the queue before it, and what came of them. Database, queue and cache share the
// machine: their time is told beside ours.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBroker } from '@supergraph/chassis/broker';
import { type CloudEvent, loadEventContracts, messageOf } from '@supergraph/chassis/events';
import { openLive } from '@supergraph/chassis/live';
import { createLogger } from '@supergraph/chassis/logging';
import { Places } from '@supergraph/chassis/places';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { mongo } from 'mongoose';
import { Registry } from 'prom-client';
import { definition as sentinel } from '../../subgraphs/sentinel/src/definition.ts';
import {
  type SecurityEventPush,
  securityEventStoredTopic,
} from '../../subgraphs/sentinel/src/security-events/live.ts';
import { root } from '../local/private-platform.ts';
import { youngGeneration } from '../local/processes.ts';
import type { Stack } from '../local/stack.ts';
import { eventually } from '../local/waiting.ts';
import { accessEvent, addRules } from './access-events.ts';
import { sharedNow } from './changes.ts';
import { cpuSeconds, type MeasuredProcess, startProcess } from './measured-process.ts';

const publishedAtOnce = 500;
/** The broker refuses beyond 1,000. */
const mostUnderWay = 900;

export interface Intake {
  readonly env: Readonly<Record<string, string>>;
  /** Publishes one event of a tenant, durably. */
  publish(tenantId: string): Promise<CloudEvent>;
  publishMany(tenantIds: readonly string[], count: number, signal: AbortSignal): Promise<void>;
  /** How many are stored, by the database's own count. */
  stored(): Promise<number>;
  /** How many the gap records are about. */
  inGaps(): Promise<number>;
  /** When the push of an event with such a request id came. */
  readonly heardAt: Map<string, number>;
  listen(tenantId: string): void;
  start(profile?: string): Promise<MeasuredProcess>;
  /** Core seconds so far, by who spent them. */
  busy(process: MeasuredProcess): Busy;
  close(): Promise<void>;
}

export type Busy = Record<'ours' | 'mongodb' | 'rabbitmq' | 'redis', number>;

export async function openIntake(
  stack: Stack,
  { tenants, rules }: { tenants: readonly string[]; rules: number },
): Promise<Intake> {
  const env: Record<string, string> = { ...stack.env.sentinel, LOG_LEVEL: 'warn', NODE_ENV: 'production' };
  const logger = createLogger({ service: 'bench', level: 'warn' });
  const shared = { namespace: env.NAMESPACE ?? '', logger };
  // What a busy machine takes to confirm is not what is measured.
  const publishTimeoutMs = 60_000;
  const broker = openBroker({ ...shared, url: env.AMQP_URL ?? '', service: 'bench', publishTimeoutMs });
  const live = openLive({
    ...{ ...shared, url: env.REDIS_URL ?? '', service: 'sentinel', metrics: new Registry() },
    logs: { [securityEventStoredTopic]: {} },
  });
  const contracts = loadEventContracts({ source: 'bench' });
  const database = await mongo.MongoClient.connect(env.MONGODB_URI ?? '');
  const databaseName = `${shared.namespace}_sentinel`;
  const rows = database.db(databaseName).collection('security_events');

  // A copy in this process makes collections, queues and rules.
  const copy = await startSubgraph(sentinel, { ...env, PORT: '0', LOG_LEVEL: 'silent' });
  await copy.consuming;
  for (const tenantId of tenants) await addRules(copy.service, tenantId, rules);
  await copy.stop();

  let place = 0;
  const places = new Places(mostUnderWay);
  const publish = async (tenantId: string) => {
    const event = accessEvent(contracts, { tenantId, place });
    place += 1;
    await places.take(() => broker.publish(event.type, messageOf(event)));
    return event;
  };
  const heardAt = new Map<string, number>();
  const over = new AbortController();
  const listening: Promise<void>[] = [];
  const { services } = stack;
  return {
    ...{ env, publish, heardAt },
    async publishMany(tenantIds, count, signal) {
      for (let done = 0; done < count; done += publishedAtOnce) {
        signal.throwIfAborted();
        const more = Math.min(publishedAtOnce, count - done);
        // In runs, so that each tenant has events of all kinds.
        const tenantOf = (index: number) => tenantIds[Math.floor((done + index) / 10) % tenantIds.length];
        await Promise.all(Array.from({ length: more }, (_, index) => publish(tenantOf(index) ?? '')));
      }
    },
    stored: () => rows.estimatedDocumentCount(),
    async inGaps() {
      const gaps = await database.db(databaseName).collection('event_gaps').find().toArray();
      return gaps.reduce((sum, { count }) => sum + Number(count), 0);
    },
    listen(tenantId) {
      const hear = ({ requestId }: SecurityEventPush) => {
        if (typeof requestId === 'string') heardAt.set(requestId, sharedNow());
      };
      const { signal } = over;
      listening.push(
        inTenant(tenantId, async () => {
          for await (const push of live.subscribe<SecurityEventPush>(securityEventStoredTopic, { signal }))
            hear(push);
        }),
      );
    },
    async start(profile) {
      const folder = join(stack.dataDir, 'bench');
      mkdirSync(folder, { recursive: true });
      const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
      const main = join(root, 'subgraphs', 'sentinel', 'src', 'main.ts');
      const process = startProcess({
        ...{ name: 'sentinel', file: globalThis.process.execPath, env, cwd: root, core: 0, folder },
        args: [...youngGeneration, ...profiling, '--import', 'tsx', main],
      });
      const url = `http://127.0.0.1:${env.PORT}/health/ready`;
      await process.until(async () => (await fetch(url)).status === 200);
      return process;
    },
    busy: (process) => ({
      ours: process.cpuSeconds(),
      mongodb: cpuSeconds(services.mongodb.pid ?? 0),
      rabbitmq: cpuSeconds(services.rabbitmq.pid ?? 0),
      redis: cpuSeconds(services.redis.pid ?? 0),
    }),
    async close() {
      over.abort();
      await Promise.all(listening);
      await Promise.all([broker.close(), live.close(), database.close()]);
    },
  };
}

/** Waits until so many are stored. @returns how many are by then */
export async function untilStored(
  intake: Pick<Intake, 'stored'>,
  { count, signal, timeoutMs = 600_000 }: { count: number; signal: AbortSignal; timeoutMs?: number },
): Promise<number> {
  let stored = 0;
  await eventually(
    async () => {
      stored = await intake.stored();
      return stored >= count;
    },
    { timeoutMs, intervalMs: 50, signal },
  );
  return stored;
}
