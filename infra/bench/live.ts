// From a committed change to the frame at 1,000 subscribers, through everything that lies between: Redis, the
// subgraph's subscription, the gateway's join with another subgraph, nginx, 1,000 WebSockets.
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt } from 'jose';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { commitChanges } from '../../subgraphs/systemhealth/src/checks/changes.ts';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { definition as systemhealth } from '../../subgraphs/systemhealth/src/definition.ts';
import { eventually } from '../local/waiting.ts';
import type { Benchmark } from './benchmark.ts';
import { startQuietPlatform } from './quiet-platform.ts';

export interface LiveBenchmarkSize {
  /** A multiple of 50. */
  subscribers: number;
  changes: number;
}

/** Opened at once. */
const batch = 50;
/** Between two changes: longer than an event takes to reach everybody, so that none waits for the one before. */
const pauseMs = 200;
const query =
  'subscription Health { healthChanged { id status previousStatus occurredAt message service { name } tenant { name } } }';
const edgeLimits = {
  graphqlRate: '10000r/s',
  graphqlBurst: 2_000,
  connections: 2_000,
  authRate: '100r/s',
  authBurst: 100,
};

export const liveBenchmark = ({ subscribers, changes }: LiveBenchmarkSize): Benchmark => ({
  summary: `from a committed change to the frame at ${subscribers.toLocaleString('en')} subscribers`,
  async run(context) {
    const { signal, progress } = context;
    const platform = await startQuietPlatform({ ...context, limits: edgeLimits });
    const sockets: WebSocket[] = [];
    // A copy in this process commits the changes, so that commit and frames are read from one clock.
    const copy = await startSubgraph(systemhealth, {
      ...platform.stack.env.systemhealth,
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    try {
      const token = await platform.signIn('owner@acme.test');
      const seen = new Map<string, number[]>();
      const note = (message: string) => {
        const times = seen.get(message) ?? [];
        times.push(performance.now());
        seen.set(message, times);
      };
      await progress.task(`${subscribers} subscribers`, async () => {
        for (let opened = 0; opened < subscribers; opened += batch) {
          signal.throwIfAborted();
          const url = `${platform.stack.origin.replace('http', 'ws')}/graphql`;
          const more = Array.from({ length: batch }, () => subscribe({ url, token, note }));
          sockets.push(...(await Promise.all(more)));
        }
      });
      const { tenant } = z.object({ tenant: z.string() }).parse(decodeJwt(token));
      const change = await changer(copy.service, tenant);
      // The first ones open what is lazy, and show when all subscriptions stand.
      await eventually(
        async () => {
          const { message } = await change();
          const isEverywhere = () => seen.get(message)?.length === subscribers;
          await eventually(isEverywhere, { timeoutMs: 2_000, intervalMs: 20 });
        },
        { timeoutMs: 60_000 },
      );
      const load = loadavg()[0] ?? Number.NaN;
      const latencies = await progress.task(`${changes} changes`, () =>
        measure({ change, seen, signal, subscribers, changes }),
      );
      const figures = {
        subscribers,
        changes,
        frames: latencies.length,
        p50Ms: quantile(latencies, 0.5),
        p99Ms: quantile(latencies, 0.99),
        longestMs: quantile(latencies, 1),
        loadBefore: load,
      };
      return {
        rows: [
          ['subscribers', 'changes', 'p50 ms', 'p99 ms', 'longest ms', 'load (1 min) before'],
          [
            String(subscribers),
            String(changes),
            figures.p50Ms.toFixed(1),
            figures.p99Ms.toFixed(1),
            figures.longestMs.toFixed(1),
            load.toFixed(2),
          ],
        ],
        figures,
      };
    } finally {
      for (const socket of sockets) socket.terminate();
      await copy.stop();
      await platform.stop();
    }
  },
});

/** A change that was committed: what its event says, and when the commit was known. */
interface Change {
  message: string;
  committedAt: number;
}

/** Commits changes of one check's status as the scheduler does, back and forth. */
async function changer(service: SystemHealth, tenantId: string): Promise<() => Promise<Change>> {
  const { Check, Service } = service.models;
  const createdAt = new Date();
  const settings = { name: 'Benchmark', kind: 'HTTP', target: 'http://benchmark.invalid/' };
  const schedule = { intervalMs: 86_400_000, timeoutMs: 5_000, downAfterMs: 0, upAfterMs: 0 };
  const check = await inTenant(tenantId, async () => {
    const watched = await new Service({ name: 'Benchmark', createdAt }).save();
    // Paused: nothing but this changes it.
    const state = { status: 'UP', statusSince: createdAt, dueAt: createdAt, isPaused: true };
    const made = new Check({ ...settings, ...schedule, ...state, serviceId: watched._id, createdAt });
    await made.save();
    return { _id: made._id, tenantId, serviceId: watched._id };
  });
  let count = 0;
  return async () => {
    const [previousStatus, status] = count % 2 === 0 ? (['UP', 'DOWN'] as const) : (['DOWN', 'UP'] as const);
    count += 1;
    const message = `change ${count}`;
    const change = { previousStatus, status, occurredAt: Date.now(), message, latencyMs: null };
    await commitChanges(service, {
      check,
      filter: { _id: check._id },
      update: { $set: { status, statusSince: new Date() } },
      changes: [change],
    });
    return { message, committedAt: performance.now() };
  };
}

async function measure(
  given: LiveBenchmarkSize & {
    change: () => Promise<Change>;
    seen: ReadonlyMap<string, number[]>;
    signal: AbortSignal;
  },
): Promise<number[]> {
  const { change, seen, signal, subscribers, changes } = given;
  const made: Change[] = [];
  for (let number = 0; number < changes; number += 1) {
    signal.throwIfAborted();
    made.push(await change());
    await pause(pauseMs);
  }
  const isComplete = ({ message }: Change) => seen.get(message)?.length === subscribers;
  await eventually(() => made.every(isComplete), { timeoutMs: 10_000 });
  return made.flatMap(({ message, committedAt }) => (seen.get(message) ?? []).map((at) => at - committedAt));
}

/** One WebSocket with one subscription, in the protocol itself: a client library would be measured too. */
function subscribe(given: {
  url: string;
  token: string;
  note: (message: string) => void;
}): Promise<WebSocket> {
  const { url, token, note } = given;
  const socket = new WebSocket(url, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) => reject(new Error(`a subscriber was closed: ${code} ${reason}`)));
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    socket.on('message', (data) => {
      const frame = frameShape.parse(JSON.parse(String(data)));
      if (frame.type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        resolve(socket);
      }
      const message = frame.payload?.data?.healthChanged.message;
      if (message) note(message);
    });
  });
}

const frameShape = z.object({
  type: z.string(),
  payload: z
    .object({ data: z.object({ healthChanged: z.object({ message: z.string().nullable() }) }).optional() })
    .optional(),
});

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
