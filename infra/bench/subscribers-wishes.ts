// What the process with the subscribers is asked for, and what it answers.
import { z } from 'zod';
import { changeShape } from './changes.ts';

export const subscribersWishShape = z.discriminatedUnion('wish', [
  z.object({
    wish: z.literal('open'),
    url: z.string(),
    query: z.string(),
    /** The field whose JSON text is an event's mark: a number, or a text without commas and braces. */
    markedBy: z.string(),
    /** One for each subscriber. */
    authorizations: z.array(z.string()).readonly(),
    /** Opened at once. */
    batch: z.number(),
  }),
  /** How many frames carry this mark so far; a problem where they carry errors, too. */
  z.object({ wish: z.literal('count'), mark: z.string() }),
  /** From each mark's time to each of its frames. */
  z.object({ wish: z.literal('latencies'), since: z.array(changeShape).readonly() }),
]);
export type SubscribersWish = z.infer<typeof subscribersWishShape>;

export const countShape = z.object({ count: z.number() });
export const latenciesShape = z.object({
  frames: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  longestMs: z.number(),
});
/** Instead of an answer. */
export const problemShape = z.object({ problem: z.string() });
