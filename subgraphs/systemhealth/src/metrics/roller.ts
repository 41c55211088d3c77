// Rolls samples up as their minutes end. Copies take turns by a lease; that two overlap does no harm.
import { createLease } from '@supergraph/chassis/lease';
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../context.ts';
import { rollSome } from './rolling.ts';

const pauseMs = 1_000;
/** A copy that dies hands the work on after so long. */
const leaseMs = 15_000;
/** In one turn: more is left to the next, so that the lease is looked at again. */
const mostGoes = 50;

/** One in each region, so that a region that is away holds up its own alone. */
export function createMetricRoller(service: SystemHealth): Worker {
  const rollers = service.regions.map(({ name: region, connection }) => {
    const lease = createLease({ connection, name: 'metric-rollups', durationMs: leaseMs });
    const look = () =>
      acrossTenants(
        'rolling samples of metrics up',
        async () => {
          if (!(await lease.hold())) return;
          for (let goes = 0; goes < mostGoes; goes += 1) {
            if (!(await rollSome(service, Date.now()))) return;
          }
        },
        { region },
      );
    const onFailure = (err: unknown) =>
      service.logger.warn({ err }, 'samples could not be rolled up; trying again');
    return { lease, poll: createPolling({ name: `metric rollups ${region}`, pauseMs, look, onFailure }) };
  });
  return {
    name: 'metric rollups',
    async start() {
      for (const { poll } of rollers) await poll.start();
    },
    async stop() {
      for (const { lease, poll } of rollers) {
        await poll.stop();
        await lease.release().catch(() => undefined);
      }
    },
  };
}
