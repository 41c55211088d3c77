import { endOf } from '@supergraph/chassis/retention/keeping';
import { z } from 'zod';
import { requestEvaluation } from '../alerts/requesting.ts';
import { invalidInput, limitReached, maintenanceWindowNotFound, serviceNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { tellStatusPage } from '../status-page/live.ts';
import { periodProblem } from './input.ts';
import type { MaintenanceWindowRow } from './maintenance-model.ts';
import { keptDays } from './silencing.ts';

const mostPerTenant = 100;
const dayMs = 86_400_000;

const inputSchema = z
  .object({
    name: z.string().trim().min(1).max(100),
    serviceIds: z
      .array(z.string().max(64))
      .max(50)
      .nullish()
      .transform((given) => [...new Set(given ?? [])]),
    startsAt: z.date().nullish(),
    endsAt: z.date(),
    repeatEveryDays: z.number().int().min(1).max(365).nullish(),
    repeatsUntil: z.date().nullish(),
  })
  .transform(({ startsAt, ...given }) => ({ ...given, startsAt: startsAt ?? new Date() }))
  .superRefine(({ startsAt, endsAt, repeatEveryDays }, context) => {
    const message = periodProblem({ startsAt, endsAt }, new Date());
    if (message !== null) context.addIssue({ code: 'custom', path: ['endsAt'], message });
    if (repeatEveryDays && endsAt.getTime() - startsAt.getTime() > repeatEveryDays * dayMs)
      context.addIssue({ code: 'custom', path: ['repeatEveryDays'], message: 'is shorter than the window' });
  });

export const createMaintenanceWindow: MutationResolvers['createMaintenanceWindow'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { maintenanceWindow: null, errors: invalidInput(parsed.error) };
  const { serviceIds, repeatEveryDays, repeatsUntil, endsAt } = parsed.data;
  return service.transaction(async ({ push }) => {
    const services = await models.Service.countDocuments({ _id: { $in: serviceIds } });
    if (services < serviceIds.length) return { maintenanceWindow: null, errors: [serviceNotFound] };
    if ((await models.MaintenanceWindow.countDocuments()) >= mostPerTenant)
      return { maintenanceWindow: null, errors: [limitReached('maintenance windows', mostPerTenant)] };
    const last = repeatEveryDays ? (repeatsUntil ?? null) : endsAt;
    const expiresAt = last && endOf(last, { days: keptDays });
    const [created] = await models.MaintenanceWindow.create([
      { ...parsed.data, createdBy: viewer.subject, expiresAt },
    ]);
    await requestEvaluation(service);
    tellStatusPage(push);
    return { maintenanceWindow: created?.toObject() ?? null, errors: [] };
  });
};

export const endMaintenanceWindow: MutationResolvers['endMaintenanceWindow'] = (
  _,
  { input },
  { models, service },
) =>
  service.transaction(async ({ push }) => {
    const { MaintenanceWindow } = models;
    const window = await MaintenanceWindow.findOne({ _id: input.id }).lean<MaintenanceWindowRow>();
    if (window === null) return { maintenanceWindow: window, errors: [maintenanceWindowNotFound] };
    const now = new Date();
    if (window.endsAt <= now && !window.repeatEveryDays) return { maintenanceWindow: window, errors: [] };
    const startsAt = window.startsAt < now ? window.startsAt : now;
    const endsAt = window.endsAt < now ? window.endsAt : now;
    const ended = { startsAt, endsAt, repeatEveryDays: null, expiresAt: endOf(now, { days: keptDays }) };
    await MaintenanceWindow.updateOne({ _id: input.id }, { $set: ended });
    await requestEvaluation(service);
    tellStatusPage(push);
    return { maintenanceWindow: { ...window, ...ended }, errors: [] };
  });
