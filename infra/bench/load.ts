// What the process that loads one URL is asked for, and what it answers.
import { z } from 'zod';

export const loadShape = z.object({
  url: z.string(),
  connections: z.number(),
  seconds: z.number(),
  body: z.string(),
  /** Connection n carries the authorization of viewer n; a contestant that knows no viewers gets none. */
  authorizations: z.array(z.string()),
  /** Of the right answer: a smaller one is counted as failed. */
  answerBytes: z.number(),
});
export type Load = z.infer<typeof loadShape>;

export const loadResultShape = z.object({
  requests: z.number(),
  failed: z.number(),
  requestsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
});
export type LoadResult = z.infer<typeof loadResultShape>;
