// A tenant's own rules are made and replaced, and any rule is disabled and enabled. A rule that fails its own examples is
// not taken.
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { SigmaError } from '../sigma/index.ts';
import { builtInRules } from './built-in/index.ts';
import { mostOwnRules, ownRule } from './catalogue.ts';
import { failedExamples } from './examples.ts';
import { shownDetectors } from './further.ts';
import {
  detectionRuleBuiltIn,
  detectionRuleLimitReached,
  detectionRuleNotFound,
  invalidDetectionInput,
  invalidSigmaRule,
} from './refusals.ts';
import type { DetectionRuleRow } from './rule-model.ts';
import { shownRuleById } from './shown.ts';

/** Most text of a tenant's own rule. */
export const mostSigma = 65_536;

const events = z
  .string()
  .max(65_536)
  .transform((text, context) => {
    const parsed = z.array(z.record(z.string(), z.unknown())).min(1).max(100).safeParse(json(text));
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'is JSON: a list of 1 to 100 objects' });
    return z.NEVER;
  });
const content = z.object({
  sigma: z.string().min(1).max(mostSigma),
  examples: z
    .array(z.object({ name: z.string().trim().min(1).max(200), events, isFound: z.boolean() }))
    .max(20)
    .refine((examples) => new Set(examples.map(({ isFound }) => isFound)).size === 2, {
      error: 'has one at least in which something is found, and one in which nothing is',
    }),
});
const replacement = content.extend({ id: z.string().max(64) });

export const createDetectionRule: MutationResolvers['createDetectionRule'] = async (
  _,
  { input },
  { models, service, viewer },
) => {
  const checked = check(content, input);
  if (checked.data === null) return { rule: null, errors: checked.errors };
  return service.transaction(async () => {
    if ((await models.DetectionRule.countDocuments({ builtInId: null })) >= mostOwnRules) {
      return { rule: null, errors: [detectionRuleLimitReached(mostOwnRules)] };
    }
    const now = new Date();
    const [row] = await models.DetectionRule.create([
      { ...checked.data, isEnabled: true, createdAt: now, changedAt: now },
    ]);
    const made = row?.toObject() ?? null;
    if (made !== null) await keepVersion(models, made, viewer);
    return { rule: ruleOf(made), errors: [] };
  });
};

export const updateDetectionRule: MutationResolvers['updateDetectionRule'] = async (
  _,
  { input },
  { models, service, viewer },
) => {
  const checked = check(replacement, input);
  if (checked.data === null) return { rule: null, errors: checked.errors };
  const { id, ...changes } = checked.data;
  if (isBuiltIn(id)) return { rule: null, errors: [detectionRuleBuiltIn] };
  return service.transaction(async () => {
    const row = await models.DetectionRule.findOneAndUpdate(
      { _id: id, builtInId: null },
      { $set: { ...changes, changedAt: new Date() }, $inc: { version: 1 } },
      { returnDocument: 'after' },
    ).lean<DetectionRuleRow>();
    if (row === null) return { rule: null, errors: [detectionRuleNotFound] };
    await keepVersion(models, row, viewer);
    return { rule: ruleOf(row), errors: [] };
  });
};

/** What is found from now on is explained by this text, whatever the rule says later. */
async function keepVersion(
  { RuleVersion }: Context['models'],
  { _id: ruleId, version, sigma, changedAt }: DetectionRuleRow,
  { subject: createdBy }: Context['viewer'],
): Promise<void> {
  await RuleVersion.create([{ ruleId, version, sigma: sigma ?? '', createdAt: changedAt, createdBy }]);
}

export const enableDetectionRule: MutationResolvers['enableDetectionRule'] = (_, { input }, context) =>
  set(input.id, { isEnabled: true }, context);

export const disableDetectionRule: MutationResolvers['disableDetectionRule'] = (_, { input }, context) =>
  set(input.id, { isEnabled: false }, context);

function set(id: string, { isEnabled }: { isEnabled: boolean }, { models, service }: Context) {
  const now = new Date();
  const change = { isEnabled, changedAt: now };
  return service.transaction(async () => {
    if (isBuiltIn(id)) await sayOfBuiltIn(models, id, change);
    else await models.DetectionRule.updateOne({ _id: id, builtInId: null }, { $set: change });
    const rule = await shownRuleById(models, id);
    return rule === null ? { rule, errors: [detectionRuleNotFound] } : { rule, errors: [] };
  });
}

/** What a tenant says of a rule that everybody has. */
export async function sayOfBuiltIn(
  { DetectionRule }: Context['models'],
  builtInId: string,
  said: Partial<DetectionRuleRow>,
): Promise<void> {
  const before = await DetectionRule.findOneAndUpdate({ builtInId }, { $set: said }).lean();
  if (before === null) await DetectionRule.create([{ ...said, builtInId, createdAt: new Date() }]);
}

function check<Data extends z.output<typeof content>>(schema: z.ZodType<Data>, input: unknown) {
  const parsed = schema.safeParse(input);
  if (!parsed.success) return { data: null, errors: invalidDetectionInput(parsed.error) };
  try {
    const failed = failedExamples(parsed.data.sigma, parsed.data.examples);
    return failed.length > 0 ? { data: null, errors: failed } : { data: parsed.data, errors: [] };
  } catch (error) {
    if (error instanceof SigmaError) return { data: null, errors: [invalidSigmaRule(error)] };
    throw error;
  }
}

function isBuiltIn(id: string): boolean {
  return [...builtInRules, ...shownDetectors].some((rule) => rule.id === id);
}

function ruleOf(row: DetectionRuleRow | null) {
  return (row && ownRule(row)[0]) ?? null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
