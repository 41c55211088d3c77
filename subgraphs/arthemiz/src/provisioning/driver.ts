// Goes on with provisionings whose time has come: retries, requests without an answer, steps that were declared since.
// Every copy looks; what two find at once, one of them does.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { defaultRolesStep } from './default-roles.ts';
import type { ProvisioningStatus } from './rules.ts';
import { adoptTenant, continueProvisioning, declaredSteps, namesOf } from './workflow.ts';

/** Most provisionings in one look. */
const batchSize = 100;

export function createProvisioningDriver(service: Arthemiz): Worker {
  const { logger, config } = service;
  const polling = createPolling({
    name: 'provisioning',
    pauseMs: config.PROVISIONING_POLL_MS,
    look: () => goOn(service),
    onFailure: (error) => logger.warn({ err: error }, 'provisionings were not looked at; trying again'),
  });
  return {
    ...polling,
    async start() {
      await adoptTenants(service);
      await polling.start();
    },
  };
}

/** A tenant that is created while a step is declared may not know of it, so each provisioning says what it knows. */
async function goOn(service: Arthemiz): Promise<void> {
  const declared = namesOf(await declaredSteps(service));
  const open: ProvisioningStatus[] = ['RUNNING', 'SUCCEEDED'];
  const waiting = { status: { $in: open }, declared: { $ne: declared } };
  const found = await acrossTenants('provisionings go on', () =>
    service.models.Provisioning.find({ $or: [{ dueAt: { $lte: new Date() } }, waiting] })
      .limit(batchSize)
      .lean(),
  );
  for (const { tenantId } of found) {
    await inTenant(tenantId, () =>
      service.transaction((unit) => continueProvisioning(service, unit, { tenantId })),
    );
  }
}

/** Tenants from before there were provisionings have their roles; the other steps join as they are declared. */
async function adoptTenants(service: Arthemiz): Promise<void> {
  for await (const { _id: tenantId } of service.models.Tenant.find({ status: null }).lean().cursor()) {
    await inTenant(tenantId, () =>
      service.transaction(() => adoptTenant(service, { tenantId, done: [defaultRolesStep] })),
    ).catch((error: unknown) => {
      // Another copy that starts as well was first.
      if (!isDuplicateKey(error)) throw error;
    });
  }
}
