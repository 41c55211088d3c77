// What is to be done by itself. A policy approves in advance, so it takes what approving takes.
import { z } from 'zod';
import type { Context } from '../context.ts';
import { shownRules } from '../detections/shown.ts';
import { severities } from '../findings/rules.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { takeTurn } from './access-rules.ts';
import { minutesInput } from './by-hand.ts';
import type { ResponsePolicyRow } from './policy-model.ts';
import { invalidResponseInput, responseLimitReached, responseNotFound, wrongInput } from './refusals.ts';
import { isFor, responseKinds, responseModes, targetKinds } from './rules.ts';

const mostPolicies = 50;
const defaultMinutes = 60;

const policyInput = z
  .object({
    name: z.string().trim().min(1).max(100),
    kind: z.enum(responseKinds),
    targetKinds: z.array(z.enum(targetKinds)).min(1).max(3),
    minimumSeverity: z.enum(severities),
    ruleIds: z.array(z.string().min(1).max(64)).max(50),
    mode: z.enum(responseModes),
    minutes: minutesInput.nullish(),
    isEnabled: z.boolean(),
  })
  .refine(({ kind, targetKinds: kinds }) => kinds.every((target) => isFor(kind, target)), {
    path: ['targetKinds'],
    error: 'are people alone for sessions and second factors',
  })
  .transform(({ minutes, ...policy }) => ({
    ...policy,
    minutes: policy.kind === 'END_SESSIONS' ? null : (minutes ?? defaultMinutes),
  }));
const replacement = z.object({ id: z.string().max(64), policy: policyInput });

export const createResponsePolicy: MutationResolvers['createResponsePolicy'] = async (
  _,
  { input },
  { service, models, viewer },
) => {
  const parsed = policyInput.safeParse(input);
  if (!parsed.success) return { policy: null, errors: invalidResponseInput(parsed.error) };
  if (!(await areRules(models, parsed.data.ruleIds)))
    return { policy: null, errors: [noSuchRule('ruleIds')] };
  return service.transaction(async () => {
    await takeTurn(service);
    if ((await models.ResponsePolicy.countDocuments()) >= mostPolicies)
      return { policy: null, errors: [responseLimitReached(mostPolicies, 'response policies')] };
    const now = new Date();
    const [policy] = await models.ResponsePolicy.create([
      { ...parsed.data, createdAt: now, changedAt: now, changedBy: viewer.subject },
    ]);
    return { policy: policy?.toObject() ?? null, errors: [] };
  });
};

export const updateResponsePolicy: MutationResolvers['updateResponsePolicy'] = async (
  _,
  { input },
  { service, models, viewer },
) => {
  const parsed = replacement.safeParse(input);
  if (!parsed.success) return { policy: null, errors: invalidResponseInput(parsed.error) };
  if (!(await areRules(models, parsed.data.policy.ruleIds)))
    return { policy: null, errors: [noSuchRule('policy.ruleIds')] };
  const change = { ...parsed.data.policy, changedAt: new Date(), changedBy: viewer.subject };
  return service.transaction(async () =>
    outcomeOf(
      await models.ResponsePolicy.findOneAndUpdate(
        { _id: parsed.data.id },
        { $set: change },
        { returnDocument: 'after' },
      ).lean<ResponsePolicyRow>(),
    ),
  );
};

export const deleteResponsePolicy: MutationResolvers['deleteResponsePolicy'] = (
  _,
  { input },
  { service, models },
) =>
  service.transaction(async () =>
    outcomeOf(await models.ResponsePolicy.findOneAndDelete({ _id: input.id }).lean<ResponsePolicyRow>()),
  );

const noSuchRule = (field: string) => wrongInput(field, 'names a rule that the tenant has not');

async function areRules(models: Context['models'], ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const known = new Set((await shownRules(models)).map(({ id }) => id));
  return ids.every((id) => known.has(id));
}

function outcomeOf(policy: ResponsePolicyRow | null) {
  return { policy, errors: policy === null ? [responseNotFound('policy')] : [] };
}
