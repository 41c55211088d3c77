// What subscribers cost who wait: memory of one gateway's process with 10,000 of them, each another person. They are
// there: at the end one change reaches all.
import { eventually } from '../local/waiting.ts';
import type { Benchmark } from './benchmark.ts';
import { openHealthChanges } from './health-changes.ts';
import { startIssuer } from './issuer.ts';
import { startLoneGateway } from './lone-gateway.ts';
import { heapOf } from './observation.ts';
import { startSubscribers } from './subscribers.ts';

export interface IdleBenchmarkSize {
  subscribers: number;
}

const batch = 100;
const tenantId = 'ten_idle';
/** Nothing that a database would be asked for once for each subscriber. */
const subscription = {
  query: 'subscription Idle { healthChanged { id status occurredAt message } }',
  markedBy: 'message',
};

export const idleBenchmark = (size: IdleBenchmarkSize): Benchmark => ({
  summary: `memory of a gateway with ${size.subscribers.toLocaleString('en')} subscribers who wait, each another person`,
  async run(context) {
    const { progress, env, flags, signal } = context;
    const { connections: subscribers = size.subscribers } = flags;
    const issuer = await startIssuer();
    const lone = await startLoneGateway(context, issuer.env);
    const { gateway, folder } = lone;
    const heard = startSubscribers({ folder, env });
    try {
      const before = await heapOf(gateway.process);
      const authorizations = await Promise.all(
        Array.from({ length: subscribers }, async (_, index) => {
          const claims = { subject: `per_${index}`, tenantId, permissions: ['service:read'] };
          return `Bearer ${await issuer.token(claims)}`;
        }),
      );
      const url = gateway.url;
      await progress.task(`${subscribers} subscribers`, () =>
        heard.open({ url, ...subscription, authorizations, batch }),
      );
      const source = await openHealthChanges(lone.systemhealth, { tenantId, checks: 1 });
      // The first one may come before the last subscriptions stand.
      const reachedMs = await progress.task('a change for all', async () => {
        let reached = Number.NaN;
        const reachAll = async () => {
          const { mark, at } = await source.commit();
          const demandEverywhere = async () => {
            const count = await heard.count(mark);
            if (count !== subscribers) throw new Error(`it reached ${count} of ${subscribers}`);
          };
          await eventually(demandEverywhere, { timeoutMs: 30_000, intervalMs: 200, signal });
          reached = (await heard.latencies([{ mark, at }])).longestMs;
        };
        await eventually(reachAll, { timeoutMs: 180_000, signal });
        return reached;
      });
      // What the process takes from the system as it is, then what of it is in use.
      const residentMb = gateway.process.residentBytes() / 1e6;
      const after = await heapOf(gateway.process);
      const kbEach = (after.usedBytes - before.usedBytes) / subscribers / 1e3;
      return {
        rows: [
          [
            'subscribers',
            'RSS before MB',
            'RSS MB',
            'heap in use MB',
            'heap each KB',
            'a change reaches all in ms',
          ],
          [
            String(subscribers),
            (before.residentBytes / 1e6).toFixed(0),
            residentMb.toFixed(0),
            (after.usedBytes / 1e6).toFixed(0),
            kbEach.toFixed(1),
            reachedMs.toFixed(0),
          ],
        ],
        figures: { subscribers, residentMb, heapMb: after.usedBytes / 1e6, kbEach, reachedMs },
      };
    } finally {
      await heard.stop();
      await lone.stop();
      issuer.stop();
    }
  },
});
