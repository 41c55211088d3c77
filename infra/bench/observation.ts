// Looks into our gateway's process from outside, by what observed-process.ts listens for in it.
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { type MeasuredProcess, nextMessage } from './measured-process.ts';
import { type Heap, heapShape, type Wish } from './observed-wishes.ts';
import { type Profile, profileShape } from './profile.ts';

/** Its profile while something goes on. */
export async function profileOf(
  process: MeasuredProcess,
  { file, work }: { file: string; work: () => Promise<unknown> },
): Promise<Profile> {
  await ask(process, { wish: 'profile' });
  await work();
  await ask(process, { wish: 'profile ends', file });
  return parsed(profileShape, readFileSync(file, 'utf8'));
}

/** Its memory, after what nobody uses has been collected. */
export async function heapOf(process: MeasuredProcess): Promise<Heap> {
  return heapShape.parse(await ask(process, { wish: 'heap' }));
}

async function ask(process: MeasuredProcess, wish: Wish): Promise<unknown> {
  const answer = nextMessage(process);
  process.child.send(wish);
  return answer;
}

function parsed<Shape extends z.ZodType>(shape: Shape, text: string): z.infer<Shape> {
  return shape.parse(JSON.parse(text));
}
