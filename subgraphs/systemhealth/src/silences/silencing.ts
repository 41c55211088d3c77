import { endOf } from '@supergraph/chassis/retention/keeping';
import { z } from 'zod';
import { requestEvaluation } from '../alerts/requesting.ts';
import { invalidInput, limitReached, silenceNotFound } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { matchers, periodProblem } from './input.ts';
import type { SilenceRow } from './model.ts';

const mostPerTenant = 500;
/** How long one is kept after its end. */
export const keptDays = 90;

const inputSchema = z
  .object({
    matchers,
    startsAt: z.date().nullish(),
    endsAt: z.date(),
    comment: z.string().trim().min(1).max(1_000),
  })
  .transform(({ startsAt, ...given }) => ({ ...given, startsAt: startsAt ?? new Date() }))
  .superRefine((given, context) => {
    const message = periodProblem(given, new Date());
    if (message !== null) context.addIssue({ code: 'custom', path: ['endsAt'], message });
  });

export const createSilence: MutationResolvers['createSilence'] = (
  _,
  { input },
  { models, service, viewer },
) => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success) return { silence: null, errors: invalidInput(parsed.error) };
  return service.transaction(async () => {
    if ((await models.Silence.countDocuments({ endsAt: { $gt: new Date() } })) >= mostPerTenant)
      return { silence: null, errors: [limitReached('silences', mostPerTenant)] };
    const expiresAt = endOf(parsed.data.endsAt, { days: keptDays });
    const [created] = await models.Silence.create([{ ...parsed.data, createdBy: viewer.subject, expiresAt }]);
    await requestEvaluation(service);
    return { silence: created?.toObject() ?? null, errors: [] };
  });
};

export const endSilence: MutationResolvers['endSilence'] = (_, { input }, { models, service }) =>
  service.transaction(async () => {
    const silence = await models.Silence.findOne({ _id: input.id }).lean<SilenceRow>();
    if (silence === null) return { silence, errors: [silenceNotFound] };
    const now = new Date();
    if (silence.endsAt <= now) return { silence, errors: [] };
    const startsAt = silence.startsAt < now ? silence.startsAt : now;
    const ended = { startsAt, endsAt: now, expiresAt: endOf(now, { days: keptDays }) };
    await models.Silence.updateOne({ _id: input.id }, { $set: ended });
    await requestEvaluation(service);
    return { silence: { ...silence, ...ended }, errors: [] };
  });
