// Subscribers in a process of their own, as a benchmark sees them.
import { join } from 'node:path';
import type { z } from 'zod';
import { inheritedEnvironment } from '../local/installation.ts';
import { root } from '../local/private-platform.ts';
import { youngGeneration } from '../local/processes.ts';
import type { Change } from './changes.ts';
import { type MeasuredProcess, nextMessage, startProcess } from './measured-process.ts';
import { countShape, latenciesShape, problemShape, type SubscribersWish } from './subscribers-wishes.ts';

export interface Subscription {
  query: string;
  /** The field that says which change an event tells of; see `Change`. */
  markedBy: string;
}

export interface Subscribers {
  /** Opens one for each authorization. */
  open(
    given: Subscription & { url: string; authorizations: readonly string[]; batch: number },
  ): Promise<void>;
  /** Frames so far that carry this mark. @throws where they carry errors beside it. */
  count(mark: string): Promise<number>;
  /** From when each change was made to each frame that tells of it. */
  latencies(since: readonly Change[]): Promise<z.infer<typeof latenciesShape>>;
  stop(): Promise<void>;
}

export function startSubscribers({
  folder,
  env,
}: {
  folder: string;
  env: Record<string, string | undefined>;
}): Subscribers {
  const child = startProcess({
    name: 'subscribers',
    file: process.execPath,
    args: [...youngGeneration, '--import', 'tsx', join(root, 'infra', 'bench', 'subscribers-process.ts')],
    env: { ...inheritedEnvironment(env), NODE_ENV: 'production' },
    cwd: root,
    core: 1,
    folder,
  });
  return {
    open: async (given) => void (await ask(child, { wish: 'open', ...given })),
    count: async (mark) => countShape.parse(await ask(child, { wish: 'count', mark })).count,
    latencies: async (since) => latenciesShape.parse(await ask(child, { wish: 'latencies', since })),
    stop: () => child.stop(),
  };
}

async function ask(child: MeasuredProcess, wish: SubscribersWish): Promise<unknown> {
  const answering = nextMessage(child);
  child.child.send(wish);
  const answer = await answering;
  const { data: failed } = problemShape.safeParse(answer);
  if (failed !== undefined) throw new Error(failed.problem);
  return answer;
}
