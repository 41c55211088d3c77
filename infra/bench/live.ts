// From a committed change to the frame at 1,000 subscribers, through everything that lies between: Redis, the
// subgraph's subscription, the gateway's join with another subgraph, nginx, 1,000 WebSockets.
import { loadavg } from 'node:os';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { decodeJwt } from 'jose';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { commitChanges } from '../../subgraphs/systemhealth/src/checks/changes.ts';
import type { SystemHealth } from '../../subgraphs/systemhealth/src/context.ts';
import { systemhealth } from '../../subgraphs/systemhealth/src/definition.ts';
import { eventually } from '../local/waiting.ts';
import type { Benchmark } from './main.ts';
import { startPrivatePlatform } from './private-platform.ts';

const subscribers = 1_000;
const changes = 100;
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

export const liveBenchmark: Benchmark = {
  summary: `from a committed change to the frame at ${subscribers.toLocaleString('en')} subscribers`,
  async run(context) {
    const { signal, progress } = context;
    const platform = await startPrivatePlatform({ ...context, limits: edgeLimits });
    const sockets: WebSocket[] = [];
    // A copy in this process commits the changes, so that commit and frames are read from one clock. It watches
    // nothing: the platform's own checks are the other copy's work.
    const copy = await startSubgraph(systemhealth, { ...platform.stack.env.systemhealth, PORT: '0' });
    try {
      const token = await platform.token('owner@acme.test');
      const seen = new Map<string, number[]>();
      const note = (eventId: string) => {
        const times = seen.get(eventId) ?? [];
        times.push(performance.now());
        seen.set(eventId, times);
      };
      await progress.task(`${subscribers} subscribers`, async () => {
        for (let opened = 0; opened < subscribers; opened += 50) {
          signal.throwIfAborted();
          const url = `${platform.stack.origin.replace('http', 'ws')}/graphql`;
          const more = Array.from({ length: 50 }, () => subscribe({ url, token, note }));
          sockets.push(...(await Promise.all(more)));
        }
      });
      const { tenant } = z.object({ tenant: z.string() }).parse(decodeJwt(token));
      const change = await changer(copy.service, tenant);
      // The first ones open what is lazy, and show when all subscriptions stand.
      await eventually(
        async () => {
          const { id } = await change();
          await eventually(() => seen.get(id)?.length === subscribers, { timeoutMs: 2_000, intervalMs: 20 });
        },
        { timeoutMs: 60_000 },
      );
      const load = loadavg()[0] ?? Number.NaN;
      const latencies = await progress.task(`${changes} changes`, () => measure({ change, seen, signal }));
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
};

/** Commits a change of one check's status as the scheduler does, back and forth. */
async function changer(
  service: SystemHealth,
  tenantId: string,
): Promise<() => Promise<{ id: string; committedAt: number }>> {
  const check = await inTenant(tenantId, async () => {
    const createdAt = new Date();
    const [watched] = await service.models.Service.create([{ name: 'Benchmark', createdAt }]);
    if (watched === undefined) throw new Error('The service to watch was not made.');
    return { _id: `chk_benchmark`, tenantId, serviceId: watched._id };
  });
  const { HealthEvent } = service.models;
  let isUp = true;
  return async () => {
    const [previousStatus, status] = isUp ? (['UP', 'DOWN'] as const) : (['DOWN', 'UP'] as const);
    isUp = !isUp;
    void HealthEvent;
    void check;
    void previousStatus;
    void status;
    throw new Error('to be written');
  };
}
