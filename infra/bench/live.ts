// From a committed change to the frame at 1,000 subscribers: through everything that lies between (the outbox's
// neighbour Redis, the subgraph's subscription, the gateway's join with another subgraph, nginx, 1,000 WebSockets), one
// change at a time and at 100 changes a second. All of it shares this machine with the database and the subscribers.
import { loadavg } from 'node:os';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { definition as systemhealth } from '../../subgraphs/systemhealth/src/definition.ts';
import type { Benchmark } from './benchmark.ts';
import { atRate, oneByOne } from './changes.ts';
import { openHealthChanges, tenantOf } from './health-changes.ts';
import { measurePace, rowsOf } from './paces.ts';
import { startQuietPlatform } from './quiet-platform.ts';

export interface LiveBenchmarkSize {
  /** A multiple of 50. */
  subscribers: number;
  /** At each of the two paces. */
  seconds: number;
  /** At the same pace before that, not counted. */
  warmingSeconds: number;
  /** Of the faster pace. */
  changesPerSecond: number;
}

const subscription = {
  query:
    'subscription Health { healthChanged { id status previousStatus occurredAt message service { name } tenant { name } } }',
  markedBy: 'message',
};
/** Between two changes: longer than an event takes to reach everybody, so that none waits for the one before. */
const pauseMs = 200;
/** Changes under way at once. */
const checks = 50;
const edgeLimits = {
  graphqlRate: '10000r/s',
  graphqlBurst: 2_000,
  connections: 2_000,
  authRate: '100r/s',
  authBurst: 100,
};

export const liveBenchmark = (size: LiveBenchmarkSize): Benchmark => ({
  summary: `from a committed change to the frame at ${size.subscribers.toLocaleString('en')} subscribers`,
  async run(context) {
    const { changesPerSecond: perSecond } = size;
    const loadBefore = loadavg()[0] ?? Number.NaN;
    const platform = await startQuietPlatform({ ...context, limits: edgeLimits });
    const { stack } = platform;
    // A copy in this process commits the changes, so that it is known when.
    const copy = await startSubgraph(systemhealth, {
      ...stack.env.systemhealth,
      PORT: '0',
      LOG_LEVEL: 'silent',
    });
    try {
      const token = await platform.signIn('owner@acme.test');
      const { commit } = await openHealthChanges(copy.service, { tenantId: tenantOf(token), checks });
      const making = { make: commit, signal: context.signal };
      const given = { ...size, subscription, authorization: `Bearer ${token}`, folder: stack.dataDir };
      const paces = [
        await measurePace(
          {
            ...given,
            title: 'one at a time, through nginx',
            origin: stack.origin,
            make: oneByOne({ ...making, pauseMs }),
          },
          context,
        ),
        await measurePace(
          {
            ...given,
            title: `${perSecond} a second, at the gateway`,
            origin: stack.processes.gateway.url,
            make: atRate({ ...making, perSecond }),
          },
          context,
        ),
      ];
      return { rows: rowsOf(paces), figures: { ...size, loadBefore, paces } };
    } finally {
      await copy.stop();
      await platform.stop();
    }
  },
});
