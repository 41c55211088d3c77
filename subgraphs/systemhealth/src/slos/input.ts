// What an objective may be given beside its document.
import { z } from 'zod';

const ascending = (ratios: readonly number[]) =>
  ratios.every((ratio, index) => index === 0 || ratio > (ratios[index - 1] ?? 0));

const policy = z
  .array(
    z.object({
      consumedRatio: z.number().gt(0).max(100),
      note: z.string().trim().min(1).max(500),
    }),
  )
  .max(10)
  .refine((steps) => ascending(steps.map(({ consumedRatio }) => consumedRatio)), {
    error: 'must be in the order of consumption, each once',
  });

export const newSlo = z.object({
  document: z.string(),
  policy: policy.nullish().transform((given) => given ?? []),
  hasAlerts: z
    .boolean()
    .nullish()
    .transform((given) => given ?? true),
});

export const sloChange = z.object({
  document: z.string().nullish(),
  policy: policy.nullish(),
});
