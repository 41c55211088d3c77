// What the processes of one gateway say to each other.
import { z } from 'zod';

/** From the first process to the others. */
export const orderShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stop') }),
  /** Asks for what `answer` brings. */
  z.object({ kind: z.literal('measure'), id: z.number() }),
  /** The metrics of all, as text, for the one that asked. */
  z.object({ kind: z.literal('measured'), id: z.number(), text: z.string() }),
]);
export type Order = z.infer<typeof orderShape>;

/** To the first process. */
export const reportShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('serving') }),
  /** Wants the metrics of all. */
  z.object({ kind: z.literal('metrics'), id: z.number() }),
  /** Its own metrics, as prom-client's JSON. */
  z.object({ kind: z.literal('answer'), id: z.number(), metrics: z.array(z.unknown()) }),
]);
export type Report = z.infer<typeof reportShape>;
