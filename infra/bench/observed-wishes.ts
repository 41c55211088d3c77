// What an observed process is asked for, and what it answers.
import { z } from 'zod';

export const wishShape = z.discriminatedUnion('wish', [
  z.object({ wish: z.literal('profile') }),
  z.object({ wish: z.literal('profile ends'), file: z.string() }),
  z.object({ wish: z.literal('heap') }),
]);
export type Wish = z.infer<typeof wishShape>;

export const heapShape = z.object({ usedBytes: z.number(), residentBytes: z.number() });
export type Heap = z.infer<typeof heapShape>;
