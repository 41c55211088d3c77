// A summary of what node:inspector's profiler wrote.
import { z } from 'zod';
import { root } from '../local/private-platform.ts';

export const profileShape = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
      children: z.array(z.number()).default([]),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
export type Profile = z.infer<typeof profileShape>;
export type CallFrame = Profile['nodes'][number]['callFrame'];

/** Microseconds of each node itself, without what it calls and without idling. */
export function selfTimes({ samples, timeDeltas, nodes }: Profile): Map<number, number> {
  const idle = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  const times = new Map<number, number>();
  samples.forEach((id, index) => {
    if (!idle.has(id)) times.set(id, (times.get(id) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return times;
}

/** The part of the time that was spent in such functions and in what they call. */
export function shareOf(profile: Profile, isCounted: (frame: CallFrame) => boolean): number {
  const times = selfTimes(profile);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const children = new Set(profile.nodes.flatMap((node) => node.children));
  let counted = 0;
  const visit = (id: number, isWithin: boolean): void => {
    const node = nodes.get(id);
    if (node === undefined) return;
    const counts = isWithin || isCounted(node.callFrame);
    if (counts) counted += times.get(id) ?? 0;
    for (const child of node.children) visit(child, counts);
  };
  for (const { id } of profile.nodes) if (!children.has(id)) visit(id, false);
  return counted / [...times.values()].reduce((sum, time) => sum + time, 0);
}

/** The functions with most time of their own, one a line. */
export function profileSummary(profile: Profile, most = 30): string {
  const times = selfTimes(profile);
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  const byFunction = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const name = nameOf(callFrame);
    byFunction.set(name, (byFunction.get(name) ?? 0) + (times.get(id) ?? 0));
  }
  return [...byFunction]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([name, time]) => `  ${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n');
}

function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url.replace(`file://${root}/`, '').replace(/^.*node_modules\//, '');
  return `${name} ${file}:${lineNumber + 1}`;
}
