// Who and what is never blocked. An entry wins over each block, and lifts those that it covers.
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import type { AccessRuleRow } from './access-rule-model.ts';
import { dropAccessRule, makeAccessRule, mostEntries, takeTurn } from './access-rules.ts';
import { end } from './carrying-out.ts';
import { invalidResponseInput, responseLimitReached, responseNotFound, wrongInput } from './refusals.ts';
import type { ResponseRow } from './response-model.ts';
import { covers, type Target, targetKinds } from './rules.ts';
import { targetProblem } from './targets.ts';

const entryInput = z.object({
  kind: z.enum(targetKinds),
  value: z.string().trim().min(1).max(100),
  reason: z.string().trim().min(1).max(500),
  until: z
    .date()
    .refine((until) => until.getTime() > Date.now(), { error: 'lies in the future' })
    .nullish(),
});

export const addToAllowList: MutationResolvers['addToAllowList'] = async (_, { input }, context) => {
  const parsed = entryInput.safeParse(input);
  if (!parsed.success) return refused(...invalidResponseInput(parsed.error));
  const { kind, value, reason, until = null } = parsed.data;
  const problem = targetProblem({ kind, value });
  if (problem !== null) return refused(wrongInput('value', problem));
  const { service, models, viewer } = context;
  return service.transaction(async (unit) => {
    await takeTurn(service);
    const before = await models.AccessRule.findOne({ effect: 'ALLOW', kind, value }).lean<AccessRuleRow>();
    if (before !== null) await dropAccessRule(service, unit, before._id);
    else if ((await models.AccessRule.countDocuments({ effect: 'ALLOW' })) >= mostEntries)
      return refused(responseLimitReached(mostEntries, 'entries on its allow-list'));
    const said = { effect: 'ALLOW', kind, value, reason, until, createdBy: viewer.subject } as const;
    const entry = await makeAccessRule(service, unit, said);
    const liftedBlocks = await lift(context, unit, { kind, value });
    return { entry, liftedBlocks, errors: [] };
  });
};

export const removeFromAllowList: MutationResolvers['removeFromAllowList'] = (
  _,
  { input },
  { service, models },
) =>
  service.transaction(async (unit) => {
    await takeTurn(service);
    const _id = input.id;
    const entry = await models.AccessRule.findOne({ _id, effect: 'ALLOW' }).lean<AccessRuleRow>();
    if (entry === null) return refused(responseNotFound('entry'));
    await dropAccessRule(service, unit, _id);
    return { entry, liftedBlocks: 0, errors: [] };
  });

/** Blocks that hold, and those that somebody proposed. @returns how many held */
async function lift(
  { service, models, viewer }: Context,
  unit: Parameters<typeof end>[1],
  entry: Target,
): Promise<number> {
  const about = { kind: 'BLOCK', targetKind: entry.kind, isLive: true } as const;
  const blocks = await models.Response.find(about).lean<ResponseRow[]>();
  let lifted = 0;
  for (const response of blocks) {
    if (!covers(entry, { kind: response.targetKind, value: response.target })) continue;
    const status = response.status === 'APPLIED' ? 'UNDONE' : 'FAILED';
    const note = 'It was put on the allow-list.';
    await end(service, unit, { response, step: { status, by: viewer.subject, note } });
    if (status === 'UNDONE') lifted += 1;
  }
  return lifted;
}

type Refusal =
  | ReturnType<typeof wrongInput>
  | ReturnType<typeof responseNotFound>
  | ReturnType<typeof responseLimitReached>;

function refused(...errors: Refusal[]) {
  return { entry: null, liftedBlocks: 0, errors };
}
