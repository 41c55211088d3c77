// How the alerts of each rule are told, with the channels that there are.
import type { AlertRuleRow } from '../alert-rules/model.ts';
import type { SystemHealth } from '../context.ts';
import { defaultPolicy, type Policy } from './rules.ts';

export interface Policies {
  of(rule: Pick<AlertRuleRow, 'notificationPolicyId'>): Policy;
  /** Of these channels those that are still there. */
  existing(channelIds: readonly string[]): string[];
}

export async function loadPolicies(
  { models }: SystemHealth,
  rules: readonly AlertRuleRow[],
): Promise<Policies> {
  const ids = rules.flatMap(({ notificationPolicyId }) => notificationPolicyId ?? []);
  const stored = ids.length === 0 ? [] : await models.NotificationPolicy.find({ _id: { $in: ids } }).lean();
  const channels = await models.NotificationChannel.find({}, { isDefault: 1 }).sort({ _id: 1 }).lean();
  const byDefault = defaultPolicy(channels.filter(({ isDefault }) => isDefault).map(({ _id }) => _id));
  const known = new Set(channels.map(({ _id }) => _id));
  const policies = new Map<string, Policy>(
    stored.map(({ _id: id, repeatEveryMs, ...policy }) => [
      id,
      { ...policy, id, repeatEveryMs: repeatEveryMs ?? null },
    ]),
  );
  return {
    of: ({ notificationPolicyId }) => policies.get(notificationPolicyId ?? '') ?? byDefault,
    existing: (channelIds) => channelIds.filter((id) => known.has(id)),
  };
}
