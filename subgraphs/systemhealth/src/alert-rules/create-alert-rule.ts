import { requestEvaluation } from '../alerts/requesting.ts';
import {
  alertRuleNotFound,
  checkNotFound,
  invalidInput,
  limitReached,
  policyNotFound,
  serviceNotFound,
  sloNotFound,
} from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { newRule } from './input.ts';

const mostPerTenant = 100;

export const createAlertRule: MutationResolvers['createAlertRule'] = (_, { input }, { models, service }) => {
  const parsed = newRule.safeParse(input);
  if (!parsed.success) return { alertRule: null, errors: invalidInput(parsed.error) };
  const { condition, notificationPolicyId } = parsed.data;
  const { checkStatus, composite, burnRate } = condition;
  const { serviceIds = [], checkIds = [] } = checkStatus ?? {};
  const { allOf = [], anyOf = [], noneOf = [] } = composite ?? {};
  const ruleIds = [...new Set([...allOf, ...anyOf, ...noneOf])];
  return service.transaction(async () => {
    const refused = <E>(error: E) => ({ alertRule: null, errors: [error] });
    if (burnRate && !(await models.Slo.exists({ _id: burnRate.sloId }))) return refused(sloNotFound);
    const services = await models.Service.countDocuments({ _id: { $in: serviceIds } });
    if (services < serviceIds.length) return refused(serviceNotFound);
    const checks = await models.Check.countDocuments({ _id: { $in: checkIds } });
    if (checks < checkIds.length) return refused(checkNotFound);
    // They were there before it, so that no rule is about itself.
    if ((await models.AlertRule.countDocuments({ _id: { $in: ruleIds } })) < ruleIds.length)
      return refused(alertRuleNotFound);
    if (notificationPolicyId && !(await models.NotificationPolicy.exists({ _id: notificationPolicyId })))
      return refused(policyNotFound);
    if ((await models.AlertRule.countDocuments()) >= mostPerTenant)
      return { alertRule: null, errors: [limitReached('alert rules', mostPerTenant)] };
    const [created] = await models.AlertRule.create([{ ...parsed.data, createdAt: new Date() }]);
    await requestEvaluation(service);
    return { alertRule: created?.toObject() ?? null, errors: [] };
  });
};
