import { addressGuard, isTargetAllowed } from '@supergraph/chassis/addresses';
import { z } from 'zod';
import { tenantKinds } from '../probes/kinds.ts';
import { invalidInput, limitReached, serviceNotFound, targetRefused } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { askLatencies } from '../slos/planning.ts';
import { policyOf, storedState } from './model.ts';
import { unobserved } from './rules.ts';
import { targetProblem } from './target.ts';

const mostPerTenant = 1_000;

const milliseconds = (minimum: number, maximum: number, preset: number) =>
  z
    .number()
    .int()
    .min(minimum)
    .max(maximum)
    .nullish()
    .transform((value) => value ?? preset);

const inputSchema = z
  .object({
    serviceId: z.string().max(64),
    name: z.string().trim().min(1).max(100),
    kind: z.enum(tenantKinds, { error: 'Only HTTP and TCP checks can be created.' }),
    target: z.string().max(2_000),
    intervalMs: milliseconds(5_000, 86_400_000, 30_000),
    timeoutMs: milliseconds(100, 30_000, 5_000),
    downAfterMs: milliseconds(0, 3_600_000, 3_000),
    upAfterMs: milliseconds(0, 3_600_000, 0),
  })
  .superRefine(({ kind, target, intervalMs, timeoutMs }, context) => {
    const problem = targetProblem(kind, target);
    if (problem !== null) context.addIssue({ code: 'custom', path: ['target'], message: problem });
    if (timeoutMs > intervalMs) {
      context.addIssue({ code: 'custom', path: ['timeoutMs'], message: 'is longer than the interval' });
    }
  });

export const createCheck: MutationResolvers['createCheck'] = async (
  _,
  { input },
  { models, loaders, service },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { check: null, errors: invalidInput(parsed.error) };
  const { serviceId, ...settings } = parsed.data;
  if ((await loaders.service.load(serviceId)) === null) return { check: null, errors: [serviceNotFound] };
  const guard = addressGuard(service.config.TENANT_TARGET_NETWORKS);
  if (!(await isTargetAllowed(settings.target, guard))) return { check: null, errors: [targetRefused] };
  return service.transaction(async () => {
    if ((await models.Check.countDocuments()) >= mostPerTenant) {
      return { check: null, errors: [limitReached('checks', mostPerTenant)] };
    }
    const createdAt = new Date();
    const state = storedState(unobserved(createdAt.getTime()), null, policyOf(settings));
    const [created] = await models.Check.create([
      { ...settings, ...state, serviceId, createdAt, dueAt: createdAt },
    ]);
    await askLatencies(models, serviceId);
    return { check: created?.toObject() ?? null, errors: [] };
  });
};
