import { isDuplicateKey } from '@supergraph/chassis/database';
import { requestEvaluation } from '../alerts/requesting.ts';
import { invalidInput, sloNameTaken, sloNotFound, sloProtected } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { sloChange } from './input.ts';
import type { SloRow } from './model.ts';
import { askLatencies, planOf } from './planning.ts';

export const updateSlo: MutationResolvers['updateSlo'] = (_, { input }, { models, service }) => {
  const { id: _id, ...wanted } = input;
  const parsed = sloChange.safeParse(wanted);
  if (!parsed.success) return { slo: null, errors: invalidInput(parsed.error) };
  const { document, policy } = parsed.data;
  const change = () =>
    service.transaction(async () => {
      const slo = await models.Slo.findOne({ _id }).lean<SloRow>();
      if (slo === null) return { slo, errors: [sloNotFound] };
      if (slo.builtIn) return { slo: null, errors: [sloProtected] };
      const { plan, errors } = await planOf(models, document ?? slo.document);
      if (plan === null) return { slo: null, errors };
      if (await models.Slo.exists({ name: plan.name, _id: { $ne: _id } }))
        return { slo: null, errors: [sloNameTaken] };
      const isOther = document != null && JSON.stringify(countedBy(plan)) !== JSON.stringify(countedBy(slo));
      const update = {
        ...plan,
        policy: policy ?? slo.policy,
        measureAt: new Date(),
        // What was counted of something else says nothing of this.
        ...(isOther && { settledUntil: null, standing: null, isExhausted: false }),
      };
      await models.Slo.updateOne({ _id }, { $set: update });
      if (isOther) await models.SloDay.deleteMany({ sloId: _id });
      await askLatencies(models, plan.indicator.serviceId);
      if (plan.indicator.serviceId !== slo.indicator.serviceId)
        await askLatencies(models, slo.indicator.serviceId);
      await requestEvaluation(service);
      return { slo: { ...slo, ...update } as SloRow, errors: [] }; // the row with what was just written to it
    });
  return change().catch((error: unknown) => {
    if (isDuplicateKey(error)) return { slo: null, errors: [sloNameTaken] };
    throw error;
  });
};

type Counted = {
  indicator: {
    checkId?: string | null;
    serviceId: string;
    latencyMs?: number | null;
    metrics?: unknown;
  };
  slices?: { sliceMs: number; target: number } | null;
};

function countedBy({ indicator, slices }: Counted) {
  const { checkId = null, serviceId, latencyMs = null, metrics = null } = indicator;
  return [checkId, serviceId, latencyMs, metrics, slices?.sliceMs ?? null, slices?.target ?? null];
}
