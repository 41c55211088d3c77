// Evaluates tenants of whom something was observed or whose time has come. It holds no state of its own: what is to be
// evaluated stands in MongoDB, so that a restart loses nothing and any number of copies share the work.
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../context.ts';
import { evaluateTenant } from './evaluation.ts';

const mostTenants = 200;

/** One in each region, so that a region that is away holds up its own alone. */
export function createAlertEvaluator(service: SystemHealth): Worker {
  const polls = service.regions.map(({ name: region }) =>
    createPolling({
      name: `alerts ${region}`,
      pauseMs: service.config.ALERT_POLL_MS,
      look: () => acrossTenants('evaluating alerts', () => evaluateDue(service), { region }),
      onFailure: (err) => service.logger.warn({ err }, 'alerts could not be evaluated; trying again'),
    }),
  );
  return {
    name: 'alerts',
    async start() {
      for (const poll of polls) await poll.start();
    },
    async stop() {
      await Promise.all(polls.map((poll) => poll.stop()));
    },
  };
}

async function evaluateDue(service: SystemHealth): Promise<void> {
  const { models, logger } = service;
  // Whose, and not which: thousands of changes of one tenant hide nobody else's.
  const observed = await models.HealthEvent.distinct('tenantId', { isEvaluated: false });
  const due = await models.KnownTenant.find({ evaluateAt: { $lte: new Date() } }, { _id: 1 })
    .sort({ evaluateAt: 1 })
    .limit(mostTenants)
    .lean();
  const tenants = new Set([...observed, ...due.map(({ _id }) => _id)]);
  for (const tenantId of tenants) {
    // One tenant's trouble is no other's; what it has more of waits for the next look, so that nobody has to wait for it.
    await evaluateTenant(service, tenantId).catch((error: unknown) =>
      logger.warn({ err: error, tenantId }, 'alerts of a tenant could not be evaluated; trying again'),
    );
  }
}
