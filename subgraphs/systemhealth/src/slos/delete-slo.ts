import { requestEvaluation } from '../alerts/requesting.ts';
import { sloNotFound, sloProtected } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { askLatencies } from './planning.ts';

export const deleteSlo: MutationResolvers['deleteSlo'] = (_, { input }, { models, service }) =>
  service.transaction(async () => {
    const slo = await models.Slo.findOneAndDelete({ _id: input.id, builtIn: null }).lean();
    if (slo === null) {
      const isThere = await models.Slo.exists({ _id: input.id });
      return { deletedSloId: null, errors: [isThere === null ? sloNotFound : sloProtected] };
    }
    await models.SloDay.deleteMany({ sloId: slo._id });
    await models.AlertRule.deleteMany({ 'condition.burnRate.sloId': slo._id });
    await askLatencies(models, slo.indicator.serviceId);
    await requestEvaluation(service);
    return { deletedSloId: slo._id, errors: [] };
  });
