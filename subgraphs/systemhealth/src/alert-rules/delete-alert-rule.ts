import { requestEvaluation } from '../alerts/requesting.ts';
import { alertRuleNotFound, alertRuleProtected } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';

export const deleteAlertRule: MutationResolvers['deleteAlertRule'] = (_, { input }, { models, service }) =>
  service.transaction(async () => {
    const { deletedCount } = await models.AlertRule.deleteOne({ _id: input.id, builtIn: null });
    if (deletedCount === 1) {
      await requestEvaluation(service);
      return { deletedAlertRuleId: input.id, errors: [] };
    }
    const isThere = await models.AlertRule.exists({ _id: input.id });
    return { deletedAlertRuleId: null, errors: [isThere === null ? alertRuleNotFound : alertRuleProtected] };
  });
