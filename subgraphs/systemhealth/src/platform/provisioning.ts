// Every tenant watches the platform it runs on: a service with one check for each of the platform's parts.
import { isDuplicateKey } from '@supergraph/chassis/database';
import type { ProvisioningStep } from '@supergraph/chassis/provisioning';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { requestEvaluation } from '../alerts/requesting.ts';
import { policyOf, storedState } from '../checks/model.ts';
import { unobserved } from '../checks/rules.ts';
import type { PlatformTarget } from '../config.ts';
import type { SystemHealth } from '../context.ts';
import { promise } from '../slos/sla.ts';

export const defaultChecks: ProvisioningStep<SystemHealth> = {
  name: 'default-checks',
  description: 'Watches the parts of the platform for the tenant.',
  provision: ({ service, tenant }) => provisionTenant(service, tenant.id),
  compensate: ({ service, tenant }) => forgetTenant(service, tenant.id),
};

/** Remembers the tenant and makes what it lacks. Doing it again changes nothing. Runs in the tenant's scope. */
async function provisionTenant(service: SystemHealth, tenantId: string): Promise<void> {
  const { KnownTenant } = service.models;
  await KnownTenant.updateOne(
    { _id: tenantId },
    { $setOnInsert: { knownSince: new Date() } },
    { upsert: true },
  );
  await provisionRule(service);
  for (const target of service.config.PLATFORM_TARGETS) await provisionPart(service, target);
}

/** Takes back what was made for the tenant in scope; its own services and checks stay. */
async function forgetTenant({ models }: SystemHealth, tenantId: string): Promise<void> {
  const ofPlatform = { platformSlug: { $type: 'string' as const } };
  await models.Check.deleteMany(ofPlatform);
  await models.Service.deleteMany(ofPlatform);
  await models.AlertRule.deleteMany({ builtIn: { $type: 'string' as const } });
  await models.KnownTenant.deleteOne({ _id: tenantId });
}

/** Brings what earlier starts made into line with this start's environment, and adds what is new, for all tenants. */
export function createProvisioner(service: SystemHealth): Worker {
  return {
    name: 'provisioner',
    async start() {
      for (const { name: region } of service.regions) {
        await acrossTenants('providing for the parts of the platform', () => provideForAll(service), {
          region,
        });
      }
    },
    async stop() {},
  };
}

async function provideForAll(service: SystemHealth): Promise<void> {
  for await (const { _id: tenantId } of service.models.KnownTenant.find().lean().cursor()) {
    await inTenant(tenantId, () => provisionAlone(service, tenantId));
  }
}

/** Two copies that start together may both find a part missing; one makes it, the other looks again. */
async function provisionAlone(service: SystemHealth, tenantId: string): Promise<void> {
  const provision = () => service.transaction(() => provisionTenant(service, tenantId));
  await provision().catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error;
    return provision();
  });
}

/** A check that is DOWN fires an alert, unless the tenant disables that. */
async function provisionRule(service: SystemHealth): Promise<void> {
  const { AlertRule } = service.models;
  const builtIn = 'check-down';
  if ((await AlertRule.exists({ builtIn })) !== null) return;
  const condition = { checkStatus: { statuses: ['DOWN' as const], serviceIds: [], checkIds: [] } };
  const told = { name: 'A check is DOWN', severity: 'CRITICAL' as const, forMs: 0, recoverForMs: 0 };
  await AlertRule.create([{ ...told, builtIn, condition, labels: [], createdAt: new Date() }]);
  await requestEvaluation(service);
}

async function provisionPart({ models, config }: SystemHealth, target: PlatformTarget): Promise<void> {
  const { slug: platformSlug, name, kind } = target;
  const createdAt = new Date();
  const settings = {
    name,
    kind,
    intervalMs: config.PLATFORM_INTERVAL_MS,
    timeoutMs: config.PLATFORM_TIMEOUT_MS,
    downAfterMs: config.PLATFORM_DOWN_AFTER_MS,
    upAfterMs: config.PLATFORM_UP_AFTER_MS,
  };
  const { matchedCount } = await models.Service.updateOne({ platformSlug }, { $set: { name } });
  if (matchedCount === 0) await models.Service.create([{ platformSlug, name, createdAt }]);
  const { matchedCount: checks } = await models.Check.updateOne({ platformSlug }, { $set: settings });
  const service = await models.Service.findOne({ platformSlug }).orFail();
  await promise({ models, config }, { slug: platformSlug, name, serviceId: service._id });
  if (checks > 0) return;
  const state = storedState(unobserved(createdAt.getTime()), null, policyOf(settings));
  await models.Check.create([
    { ...settings, ...state, platformSlug, serviceId: service._id, createdAt, dueAt: createdAt },
  ]);
}
