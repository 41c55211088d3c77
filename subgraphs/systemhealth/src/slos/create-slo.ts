import { isDuplicateKey } from '@supergraph/chassis/database';
import { requestEvaluation } from '../alerts/requesting.ts';
import type { SystemHealth } from '../context.ts';
import { invalidInput, limitReached, sloNameTaken } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { newSlo } from './input.ts';
import type { SloRow } from './model.ts';
import { askLatencies, planOf } from './planning.ts';

const mostPerTenant = 100;

export const createSlo: MutationResolvers['createSlo'] = (_, { input }, { models, service }) => {
  const parsed = newSlo.safeParse(input);
  if (!parsed.success) return { slo: null, errors: invalidInput(parsed.error) };
  const { document, policy, hasAlerts } = parsed.data;
  const make = () =>
    service.transaction(async () => {
      const { plan, errors } = await planOf(models, document);
      if (plan === null) return { slo: null, errors };
      if ((await models.Slo.countDocuments()) >= mostPerTenant)
        return { slo: null, errors: [limitReached('objectives', mostPerTenant)] };
      if (await models.Slo.exists({ name: plan.name })) return { slo: null, errors: [sloNameTaken] };
      const now = new Date();
      const given = { ...plan, policy, createdAt: now, measureAt: now };
      const [created] = await models.Slo.create([given]);
      const slo: SloRow | null = created?.toObject() ?? null;
      await askLatencies(models, plan.indicator.serviceId);
      if (slo && hasAlerts) await makeRules(service, slo);
      return { slo, errors: [] };
    });
  return make().catch((error: unknown) => {
    if (isDuplicateKey(error)) return { slo: null, errors: [sloNameTaken] };
    throw error;
  });
};

/** By the SRE workbook: what burns fast wakes somebody, what burns slowly is a ticket. */
async function makeRules(service: SystemHealth, slo: SloRow): Promise<void> {
  const { _id: sloId } = slo;
  const name = (slo.displayName ?? slo.name).slice(0, 60);
  const both = { forMs: 0, recoverForMs: 0, labels: [], createdAt: slo.createdAt };
  await service.models.AlertRule.insertMany([
    {
      ...{ ...both, name: `${name} burns its error budget fast`, severity: 'CRITICAL' as const },
      condition: { burnRate: { sloId, kind: 'PAGE' as const } },
    },
    {
      ...{ ...both, name: `${name} burns its error budget`, severity: 'WARNING' as const },
      condition: { burnRate: { sloId, kind: 'TICKET' as const } },
    },
  ]);
  await requestEvaluation(service);
}
