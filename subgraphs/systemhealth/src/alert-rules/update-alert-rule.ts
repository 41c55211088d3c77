import { requestEvaluation } from '../alerts/requesting.ts';
import { alertRuleNotFound, invalidInput, policyNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { ruleChange } from './input.ts';
import type { AlertRuleRow } from './model.ts';

export const updateAlertRule: MutationResolvers['updateAlertRule'] = (_, { input }, { models, service }) => {
  const { id: _id, ...wanted } = input;
  const parsed = ruleChange.safeParse(wanted);
  if (!parsed.success) return { alertRule: null, errors: invalidInput(parsed.error) };
  const change = parsed.data;
  return service.transaction(async () => {
    const rule = await models.AlertRule.findOne({ _id }).lean<AlertRuleRow>();
    if (rule === null) return { alertRule: null, errors: [alertRuleNotFound] };
    const policyId = change.notificationPolicyId;
    if (policyId && !(await models.NotificationPolicy.exists({ _id: policyId })))
      return { alertRule: null, errors: [policyNotFound] };
    // What began while it was disabled is looked at as if the rule were new.
    const isBack = change.isEnabled === true && !rule.isEnabled;
    const update = { ...change, ...(isBack && { isUnseen: true }) };
    await models.AlertRule.updateOne({ _id }, { $set: update });
    await requestEvaluation(service);
    return { alertRule: { ...rule, ...update }, errors: [] };
  });
};
