// What the process that asks token endpoints is asked for, and what it answers.
import { z } from 'zod';

export const tokenLoadShape = z.object({
  url: z.string(),
  seconds: z.number(),
  /** One connection for each, as form parameters. */
  forms: z.array(z.record(z.string(), z.string())).min(1),
});
export type TokenLoad = z.infer<typeof tokenLoadShape>;

export const tokenLoadResultShape = z.object({
  requests: z.number(),
  seconds: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  /** What to go on with. */
  forms: tokenLoadShape.shape.forms,
});
export type TokenLoadResult = z.infer<typeof tokenLoadResultShape>;
