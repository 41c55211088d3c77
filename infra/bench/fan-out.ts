// What a gateway with a core of its own makes of 100 events a second for 1,000 subscribers: from the push of an event,
// which follows its commit, to the frame at each of them. Whatever else takes part, the subscribers included, shares
// the other core.
import { loadavg } from 'node:os';
import type { Benchmark } from './benchmark.ts';
import { openHealthChanges, tenantOf } from './health-changes.ts';
import { startLoneGateway } from './lone-gateway.ts';
import { onCore } from './measured-process.ts';
import { atRate, measurePace, rowsOf } from './paces.ts';

export interface FanOutBenchmarkSize {
  /** A multiple of 50. */
  subscribers: number;
  seconds: number;
  /** At the same pace before that, not counted. */
  warmingSeconds: number;
  eventsPerSecond: number;
}

export const fanOutBenchmark = (size: FanOutBenchmarkSize): Benchmark => ({
  summary: `${size.eventsPerSecond} events a second at ${size.subscribers.toLocaleString('en')} subscribers of a gateway on a core of its own`,
  run: (context) =>
    // What is started here stays there, but for the gateway.
    onCore(1, async () => {
      const { eventsPerSecond: perSecond } = size;
      const loadBefore = loadavg()[0] ?? Number.NaN;
      const lone = await startLoneGateway(context);
      try {
        const token = await lone.platform.signIn('owner@acme.test');
        const { push } = await openHealthChanges(lone.systemhealth, { tenantId: tenantOf(token), checks: 1 });
        const { process, url } = lone.gateway;
        const cpuBefore = { seconds: 0, at: 0 };
        const pace = await measurePace(
          {
            ...size,
            token,
            folder: lone.folder,
            title: `${perSecond} a second, joined with two subgraphs`,
            origin: new URL(url).origin,
            make: async (seconds) => {
              cpuBefore.seconds = process.cpuSeconds();
              cpuBefore.at = performance.now();
              return atRate({ make: push, perSecond, signal: context.signal })(seconds);
            },
          },
          context,
        );
        const busy =
          ((process.cpuSeconds() - cpuBefore.seconds) * 1_000) / (performance.now() - cpuBefore.at);
        const [heading = [], ...rows] = rowsOf([pace]);
        return {
          rows: [[...heading, 'gateway’s core %'], ...rows.map((row) => [...row, (busy * 100).toFixed(0)])],
          figures: { ...size, loadBefore, gatewayCore: busy, ...pace },
        };
      } finally {
        await lone.stop();
      }
    }),
});
